"""Who may do what about the record of processing. Predicates: the rule in plain words is the docstring; no request, no clock."""

from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def can_follow(member: Member) -> bool:
    """Whoever watches over the data of her organisation reads its record, keeps a version, prepares its evidence."""
    return member.may(Permission.PROTECT_DATA)
