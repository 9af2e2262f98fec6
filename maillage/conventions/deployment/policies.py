"""Who may say why a caisse has no local convention under a framework."""

from maillage.conventions.deployment.rules import KINDS
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def is_concerned(member: Member) -> bool:
    """Whoever works at a caisse that signs local conventions reads where it stands with the frameworks above it."""
    return member.organisation_kind in KINDS


def can_note(member: Member) -> bool:
    """A referent of such a caisse notes why it has none."""
    return is_concerned(member) and member.may(Permission.WRITE_CONVENTIONS)
