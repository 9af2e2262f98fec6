"""What is open ends in her name, by the very acts of whoever works it: each has its own outcome, and tells the other side as it does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from maillage.beneficiaries.models import Consent
from maillage.cases.freezing import is_frozen
from maillage.cases.models import Participation
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.organisations.roles import Role
from maillage.referrals import consenting, working
from maillage.referrals.models import Referral
from maillage.rights import deciding
from maillage.rights.models import Application
from maillage.secondments.actions import cancel
from maillage.secondments.models import Appointment


def end_for_her(part: Participation, *, by: Member, at: datetime) -> bool:
    """End one open case from one's own side because she objects; False where that side has no way of its own to.

    A restriction is lifted first. What she objected to ends whatever the role of who grants it: it is she who stops. Whoever grants
    it reads nothing more by it: she follows none of these cases.
    """
    ends = _ENDS.get(part.kind)
    if ends is None or is_frozen(part.case_id):
        return False
    sends = part.case.sender_id == by.organisation
    role = Role.PARTNER_WORKER if sends else Role.CAISSE_ADVISER
    acting = replace(by, roles=by.roles | {role}, in_her_name=True)
    try:
        return ends(part, sends, acting, at)
    except TransitionRefused:
        return False


def _referral(part: Participation, sends: bool, by: Member, at: datetime) -> bool:
    """The sender withdraws it; the caisse notes that she no longer agrees, where it was ever asked of her."""
    referral = Referral.objects.select_related("case").get(case_id=part.case_id)
    if sends:
        working.withdraw(referral=referral, reason="person_refuses", by=by, at=at)
        return True
    if not Consent.objects.filter(case_id=part.case_id, withdrawn_at=None).exists():
        return False
    consenting.revoke(referral=referral, by=by, at=at)
    return True


def _application(part: Participation, sends: bool, by: Member, at: datetime) -> bool:
    """Whoever filed it withdraws it; the caisse decides it, with the ways to contest that decision, and never ends it otherwise."""
    if not sends:
        return False
    application = Application.objects.select_related("case").get(case_id=part.case_id)
    deciding.withdraw(application=application, reason="person_asks", by=by, at=at)
    return True


def _appointment(part: Participation, sends: bool, by: Member, at: datetime) -> bool:  # noqa: ARG001 - either side cancels
    """Cancelled at her demand; one whose hour is past is noted by the caisse as held or missed."""
    appointment = Appointment.objects.select_related("case").get(case_id=part.case_id)
    if appointment.starts_at <= at:
        return False
    cancel(appointment=appointment, whose="person", by=by, at=at)
    return True


_ENDS: Final[dict[str, Callable[[Participation, bool, Member, datetime], bool]]] = {
    "referral": _referral,
    "application": _application,
    "appointment": _appointment,
}
