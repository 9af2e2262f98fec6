"""Who keeps what of the directory."""

from uuid import UUID

from maillage.organisations.kinds import BodyKind
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def can_keep_sheet(member: Member, organisation: UUID) -> bool:
    """An organisation's administrator keeps its own sheet, its offers and its mailboxes; nobody else's."""
    return member.may(Permission.MANAGE_ORGANISATION) and member.organisation == organisation


def can_manage_directory(member: Member) -> bool:
    """The directory's manager, at the Cnam, opens, imports and closes organisations. PostgreSQL asks the same again."""
    return member.may(Permission.MANAGE_DIRECTORY) and member.organisation_kind == BodyKind.CNAM


def can_close(member: Member, organisation: UUID) -> bool:
    """The organisation's own administrator, or the directory's manager."""
    return can_keep_sheet(member, organisation) or can_manage_directory(member)
