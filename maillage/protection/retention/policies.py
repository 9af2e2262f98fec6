"""Who may do what about durations. Predicates: the rule in plain words is the docstring; no request, no clock."""

from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def can_state(member: Member) -> bool:
    """Whoever watches over the data of her organisation says how long it keeps the files of closed cases."""
    return member.may(Permission.PROTECT_DATA)
