"""Who accepts that a flow starts although nobody has said who answers for its data. Predicates; no request, no clock."""

from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.conventions.data_roles.rules import Here
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import BINDING
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission, Role


def can_speak(member: Member, known: LoadedConvention, here: Here) -> bool:
    """A signing party's data protection officer; its administrator where it has no officer here."""
    mine = known.mine
    return (
        mine is not None
        and mine.signs
        and mine.organisation == member.organisation
        and known.row.state in BINDING
        and member.may(Permission.PROTECT_DATA)
        and (Role.DPO in member.roles or mine.key not in here.officers)
    )


def can_accept_for(member: Member, known: LoadedConvention, party: str, here: Here) -> bool:
    """For one's own party; for another one that has nobody here to accept, from its document."""
    if not can_speak(member, known, here) or known.mine is None:
        return False
    return party == known.mine.key or (known.party(party) is not None and party not in here.anybody)


def can_withdraw(member: Member, known: LoadedConvention, given: FlowAcceptance, here: Here) -> bool:
    """The party that it binds withdraws it, or the one that recorded it."""
    return (
        can_speak(member, known, here)
        and given.withdrawn_at is None
        and member.organisation in (given.organisation_id, given.recorded_for_id)
    )
