"""Who names referents."""

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def can_name(member: Member, convention: LoadedConvention) -> bool:
    """A party's own referent role names and changes the referents of its organisation, whatever the convention's state."""
    mine = convention.mine
    return member.may(Permission.WRITE_CONVENTIONS) and mine is not None and mine.signs
