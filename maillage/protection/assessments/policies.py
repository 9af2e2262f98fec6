"""Who may do what about an impact assessment. Predicates: the rule in plain words is the docstring; no request, no clock."""

from maillage.organisations.member import Member
from maillage.protection.assessments.models import Assessment, AssessmentContribution
from maillage.protection.assessments.states import State
from maillage.protection.policies import can_follow


def can_write(member: Member, row: Assessment) -> bool:
    """Whoever watches over the data of the organisation that leads writes in it while it is a draft."""
    return can_follow(member) and row.organisation_id == member.organisation and row.state == State.DRAFT


def can_answer(member: Member, row: AssessmentContribution) -> bool:
    """Whoever watches over the data of the organisation that is asked; of the leader where the one asked has nobody here."""
    noted = row.leader_id == member.organisation and not row.is_here
    return can_follow(member) and waits(row) and (row.organisation_id == member.organisation or noted)


def can_withdraw(member: Member, row: AssessmentContribution) -> bool:
    """The leader waits no longer for an answer; the opinion of its own delegate it cannot do without."""
    own = row.organisation_id == row.leader_id
    return can_follow(member) and waits(row) and row.leader_id == member.organisation and not own


def waits(row: AssessmentContribution) -> bool:
    """Neither answered nor given up."""
    return row.answered_at is None and row.withdrawn_at is None
