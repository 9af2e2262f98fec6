"""Who may do what with an application. Predicates only; reaching it at all is `queries.visible_to`."""

from maillage.cases.models import Case
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def can_file(member: Member) -> bool:
    """Someone whose role sends people to the caisse: she prepares files and sends them."""
    return member.may(Permission.SEND_REFERRALS)


def can_examine(member: Member, case: Case) -> bool:
    """Someone of the caisse that received it, whose role works what partners send; the partner never does."""
    return member.may(Permission.WORK_REFERRALS) and case.caisse_id == member.organisation


def can_speak_for_filer(member: Member, case: Case) -> bool:
    """Someone of the organisation that filed it, whose role sends: she completes it, withdraws it or cancels it."""
    return can_file(member) and case.sender_id == member.organisation


def can_add(member: Member, case: Case) -> bool:
    """Either side adds pieces: the partner what it was asked for, the caisse what came to it otherwise."""
    return can_examine(member, case) or can_speak_for_filer(member, case)
