"""The person takes back her agreement, or chooses otherwise what returns to her sender: whoever hears it, on either side, notes it,
and it counts at once."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.audit.actions import record
from maillage.beneficiaries.agreement import Choice, choice_problems
from maillage.beneficiaries.models import Consent, ProgressChoice
from maillage.cases.following import begin_following
from maillage.cases.rules import Reason
from maillage.core.refusals import Fault, check
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
    receives = _follow(referral, by, at)
    record(
        verb="revoke", object_type="referral", object_ref=case.id, by=by.user, organisation=by.organisation
    )
    if receives:
        tell("referral_revoked", case=case.id, to=case.sender_id, urgent=referral.urgent)
    else:
        tell("referral_withdrawn", case=case.id, to=case.caisse_id, urgent=referral.urgent)


@transaction.atomic
def choose_progress(*, referral: Referral, choice: Choice, by: Member, at: datetime) -> bool:
    """Note what she now lets return to the sender, also once the case is over; False when that is what counts already.

    A narrower choice hides from the sender all but that the request was received and when it is over, and takes back what was
    about to be told to it; what it read before stays in the journal as read. A wider one opens. Both sides are told, without a
    word of it. Raises Refused at `progress`, `how` or `said_on`, TransitionRefused where nothing was ever asked of her.
    """
    case, zone = referral.case, ZoneInfo(by.time_zone)
    if not can_write(by, case):
        raise PermissionDenied(
            "Seuls les deux organismes de cette orientation notent ce que la personne choisit."
        )
    sent_on, on = referral.sent_at.astimezone(zone).date(), at.astimezone(zone).date()
    check([Fault(text, name) for name, text in choice_problems(choice, sent_on=sent_on, on=on).items()])
    agreed = Consent.objects.select_for_update().filter(case_id=case.id).first()
    if agreed is None:
        raise TransitionRefused
    if agreed.progress == choice.progress:
        return False
    # What counted before, its date, its author and its side are the database's; the trigger `obeyed` does the rest.
    row = ProgressChoice.objects.create(
        case_id=case.id,
        former=agreed.progress,
        progress=choice.progress,
        how=choice.how,
        said_on=choice.said_on,
        said_to="recipient" if case.caisse_id == by.organisation else "sender",
        noted_at=at,
        noted_by=by.user,
    )
    _follow(referral, by, at)
    record(
        verb="choose_progress",
        object_type="referral",
        object_ref=case.id,
        by=by.user,
        organisation=by.organisation,
        fields=("progress",),
    )
    for side in (case.sender_id, case.caisse_id):
        tell("referral_choice", case=case.id, to=side, urgent=False, about=f"{row.id}:{side}")
    return True


def _follow(referral: Referral, by: Member, at: datetime) -> bool:
    """Whoever heard her follows the case; whether she is of the side that received it."""
    receives = referral.case.caisse_id == by.organisation
    begin_following(case=referral.case_id, reason=Reason.WORKED if receives else Reason.SENT, by=by, at=at)
    return receives
