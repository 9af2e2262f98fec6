"""Who sets the thresholds of a convention."""

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import WRITABLE
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def can_set(member: Member, known: LoadedConvention) -> bool:
    """The referents of each party, once all have signed; a body that was only informed never does."""
    mine = known.mine
    signs = mine is not None and mine.signs
    return signs and member.may(Permission.WRITE_CONVENTIONS) and known.row.state not in WRITABLE
