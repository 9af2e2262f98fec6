"""Who watches over the data of an organisation: asked in every sub-room. A predicate; no request, no clock."""

from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def can_follow(member: Member) -> bool:
    """Whoever watches over the data of her organisation: its data protection officer, its administrators."""
    return member.may(Permission.PROTECT_DATA)
