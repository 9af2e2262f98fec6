"""Who may do what about a destruction. Predicates: the rule in plain words is the docstring; no request, no clock."""

from maillage.organisations.member import Member
from maillage.protection.destruction.models import Destruction
from maillage.protection.destruction.states import State
from maillage.protection.policies import can_follow


def can_set(member: Member, row: Destruction, *, is_absent: bool = False) -> bool:
    """Whoever watches over these data sets the day that the text leaves open, or moves one that has not come.

    Where their organisation `is_absent` (nobody there watches over its data), whoever does so for another party of the convention.
    """
    return (
        can_follow(member)
        and (is_absent or row.organisation_id == member.organisation)
        and row.state in (State.UNKNOWN, State.PLANNED)
    )


def can_countersign(member: Member, row: Destruction) -> bool:
    """Whoever watches over these data countersigns the certificate of their destruction, once."""
    return (
        can_follow(member)
        and row.organisation_id == member.organisation
        and row.state == State.DONE
        and row.countersigned_at is None
    )
