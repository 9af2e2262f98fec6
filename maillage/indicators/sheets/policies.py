"""Who may do what with a yearly sheet."""

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import can_record
from maillage.organisations.member import Member


def can_answer(member: Member, known: LoadedConvention) -> bool:
    """A referent of any party of a signed convention answers its questions."""
    return can_record(member, known)


def can_check(member: Member, known: LoadedConvention) -> bool:
    """A referent of the organisation that holds the convention (it drew the text up) checks, gives back and validates."""
    return can_record(member, known) and holds(member, known)


def holds(member: Member, known: LoadedConvention) -> bool:
    """Whether the member's organisation holds the convention."""
    return known.row.drafted_by_id == member.organisation
