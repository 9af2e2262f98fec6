"""Who may do what in a committee. Predicates: the rule in plain words is the docstring; no request, no clock."""

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import can_record
from maillage.conventions.terms.steering import Committee
from maillage.organisations.member import Member
from maillage.steering.committees.models import Decision, Meeting


def can_read(known: LoadedConvention) -> bool:
    """The parties of the convention read its committees; a body that was only informed does not."""
    return known.mine is not None and known.mine.signs


def can_steer(member: Member, known: LoadedConvention) -> bool:
    """A party's referent plans, writes and decides, once all have signed."""
    return can_record(member, known)


def can_convene(member: Member, known: LoadedConvention, clause: Committee | None) -> bool:
    """Whoever the text charges with it convenes; any party's referent where it charges nobody."""
    mine = known.mine.key if known.mine else ""
    return can_steer(member, known) and (
        clause is None or not clause.convened_by or mine in clause.convened_by
    )


def can_validate(member: Member, known: LoadedConvention, meeting: Meeting) -> bool:
    """A referent of a member party of the committee validates for it."""
    mine = known.mine.key if known.mine else ""
    return can_steer(member, known) and mine in meeting.members


def can_finish(member: Member, known: LoadedConvention, decision: Decision) -> bool:
    """The party that has charge of a decision says that it is done."""
    return can_steer(member, known) and known.mine is not None and known.mine.key == decision.owner_key
