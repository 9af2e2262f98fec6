"""Who may do what with a secondment and its appointments. Predicates only; reaching them at all is `queries` and `agenda`."""

from maillage.cases.models import Case
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.secondments.models import Secondment


def can_set_up(member: Member) -> bool:
    """Someone of the caisse who keeps conventions alive: she lends an agent where a convention provides for it."""
    return member.may(Permission.WRITE_CONVENTIONS)


def can_arrange(member: Member, secondment: Secondment) -> bool:
    """The same, for a secondment of her own caisse: permanences, another agent, the end. The host never does."""
    return can_set_up(member) and secondment.caisse_id == member.organisation


def can_book(member: Member, secondment: Secondment) -> bool:
    """Someone of the host whose role sends people: the partner fills the agenda (S4 art. 9), the caisse never does."""
    return member.may(Permission.SEND_REFERRALS) and secondment.host_id == member.organisation


def can_work(member: Member, case: Case) -> bool:
    """Someone of the caisse whose role receives people: she notes what came of an appointment."""
    return member.may(Permission.WORK_REFERRALS) and case.caisse_id == member.organisation


def can_change(member: Member, case: Case) -> bool:
    """Either side moves or cancels, the other is told."""
    sends = member.may(Permission.SEND_REFERRALS) and case.sender_id == member.organisation
    return sends or can_work(member, case)
