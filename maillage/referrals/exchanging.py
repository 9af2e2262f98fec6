"""Writing about a referral to the other side: the message itself is the room « exchange »'s, what follows of it is here."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.cases.following import begin_following
from maillage.cases.rules import Reason
from maillage.exchange import actions as exchange
from maillage.exchange.actions import Writing
from maillage.organisations.member import Member
from maillage.referrals.acted_on import locked
from maillage.referrals.models import Referral
from maillage.referrals.notifications import tell
from maillage.referrals.policies import can_write


@transaction.atomic
def write(*, referral: Referral, writing: Writing, by: Member, at: datetime) -> bool:
    """Write to the other side until the referral ends; whoever writes follows it. False when this form was sent before.

    The other side is told once, and again only after somebody there has read. Raises PermissionDenied, Refused at `text` or `file`.
    """
    if not can_write(by, referral.case):
        raise PermissionDenied("Votre rôle ne permet pas d’écrire sur ce dossier.")
    case = referral.case
    locked(referral)
    if not exchange.write(case=case.id, writing=writing, by=by, at=at):
        return False
    sent = case.sender_id == by.organisation
    begin_following(case=case.id, reason=Reason.SENT if sent else Reason.WORKED, by=by, at=at)
    other = case.caisse_id if sent else case.sender_id
    tell(
        "referral_message", case=case.id, to=other, urgent=referral.urgent, about=exchange.last_read(case.id)
    )
    return True
