"""Who draws a sample. Whoever reads a convention reads the counts of her own organisation, as she reads those of referrals."""

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import WRITABLE
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.rights.sampled.rules import Side


def can_draw(member: Member, known: LoadedConvention, side: Side | None) -> bool:
    """The referents of the caisse that decides: the sample is of its files, and one seed is enough for both sides."""
    mine = known.mine
    signs = mine is not None and mine.signs and known.row.state not in WRITABLE
    return signs and side is Side.CAISSE and member.may(Permission.WRITE_CONVENTIONS)
