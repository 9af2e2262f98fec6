"""Who may do what about an authorisation. Predicates: the rule in plain words is the docstring; no request, no clock."""

from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def can_follow(member: Member) -> bool:
    """Whoever watches over the data of her organisation asks, answers and withdraws: its data protection officer, its administrators."""
    return member.may(Permission.PROTECT_DATA)
