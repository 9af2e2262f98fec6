"""Who calls on the referents of another party, and who answers."""

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.solicitations.models import Solicitation
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


def can_ask(member: Member, convention: LoadedConvention) -> bool:
    """A party's own referent role asks, since the texts say « le référent pourra solliciter » (S3 art. 4)."""
    mine = convention.mine
    return member.may(Permission.WRITE_CONVENTIONS) and mine is not None and mine.signs


def can_answer(member: Member, solicitation: Solicitation) -> bool:
    """The referent role of the party called on; for a case, whoever works referrals there, and follows that one."""
    needed = Permission.WORK_REFERRALS if solicitation.case_id else Permission.WRITE_CONVENTIONS
    return member.may(needed) and solicitation.called_id == member.organisation


def can_withdraw(member: Member, solicitation: Solicitation) -> bool:
    """Whoever asks such questions for the organisation that asked this one: she who asked may be away."""
    needed = Permission.READ_REFERRALS if solicitation.case_id else Permission.WRITE_CONVENTIONS
    return member.may(needed) and solicitation.caller_id == member.organisation


def can_ask_progress(member: Member) -> bool:
    """Whoever reads referrals, of a case that she follows."""
    return member.may(Permission.READ_REFERRALS)
