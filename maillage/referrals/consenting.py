"""The person takes back her agreement: whoever hears it, on either side, notes it, and the case stops at once."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.audit.actions import record
from maillage.beneficiaries.models import Consent
from maillage.cases.following import begin_following
from maillage.cases.rules import Reason
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.referrals.models import Referral
from maillage.referrals.notifications import tell
from maillage.referrals.policies import can_write
from maillage.referrals.states import ENDS


@transaction.atomic
def revoke(*, referral: Referral, by: Member, at: datetime) -> None:
    """Note that she no longer agrees: the database stops and closes the referral with that record. The other side is told.

    Raises TransitionRefused when it was noted already or the referral has ended, or when nothing was ever asked of her: what
    was sent before agreements were kept is stopped by its sender, or refused or closed by the caisse.
    """
    case = referral.case
    if not can_write(by, case):
        raise PermissionDenied("Seuls les deux organismes de cette orientation peuvent l’arrêter.")
    if referral.state in ENDS or referral.closed_at is not None:
        raise TransitionRefused
    # Its date, its author and its side are the database's; the trigger `obeyed` moves the referral.
    noted = Consent.objects.filter(case_id=case.id, withdrawn_at=None)
    if not noted.update(withdrawn_at=at, withdrawn_by=by.user, withdrawn_to=""):
        raise TransitionRefused
    receives = case.caisse_id == by.organisation
    begin_following(case=case.id, reason=Reason.WORKED if receives else Reason.SENT, by=by, at=at)
    record(
        verb="revoke", object_type="referral", object_ref=case.id, by=by.user, organisation=by.organisation
    )
    if receives:
        tell("referral_revoked", case=case.id, to=case.sender_id, urgent=referral.urgent)
    else:
        tell("referral_withdrawn", case=case.id, to=case.caisse_id, urgent=referral.urgent)
