"""Who may do what with a referral. Predicates only; reaching the referral at all is `queries.visible_to`."""

from maillage.cases.models import Case
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def can_send(member: Member) -> bool:
    """Someone whose role sends referrals, for her own organisation."""
    return member.may(Permission.SEND_REFERRALS)


def can_work(member: Member, case: Case) -> bool:
    """Someone of the caisse that received the referral, whose role works referrals; the sender never does."""
    return member.may(Permission.WORK_REFERRALS) and case.caisse_id == member.organisation


def can_speak_for_sender(member: Member, case: Case) -> bool:
    """Someone of the organisation that sent the referral, who sends or works referrals: she answers, and may stop it.

    A caisse is the sender of what it forwarded.
    """
    acts = member.may(Permission.SEND_REFERRALS) or member.may(Permission.WORK_REFERRALS)
    return acts and case.sender_id == member.organisation


def can_restart(member: Member, case: Case) -> bool:
    """Someone of the organisation that sent it, whose role sends referrals: she sends it again elsewhere."""
    return can_send(member) and case.sender_id == member.organisation


def can_write(member: Member, case: Case) -> bool:
    """Whoever works the referral, or speaks for its sender: she writes to the other side."""
    return can_work(member, case) or can_speak_for_sender(member, case)
