"""Who may do what about a breach. Predicates: the rule in plain words is the docstring; no request, no clock."""

from maillage.organisations.member import Member
from maillage.protection.breaches.models import Breach
from maillage.protection.breaches.states import State
from maillage.protection.policies import can_follow


def can_read(member: Member, breach: Breach) -> bool:
    """Whoever follows breaches, and whoever reported this one."""
    return can_follow(member) or breach.recorded_by == member.user


def can_update(breach: Breach) -> bool:
    """How far it reaches is told in the file where it is decided, until that is closed."""
    return breach.state != State.CLOSED and breach.joined_to_id is None
