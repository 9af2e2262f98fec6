"""Choosing one's e-mails. What protects an account leaves whatever she chose."""

from datetime import datetime

from django.db import transaction

from maillage.audit.actions import record
from maillage.notifications.mailing import Choice, keep_choice, mailed
from maillage.organisations.member import Member


@transaction.atomic
def choose_emails(*, choice: Choice, by: Member, at: datetime) -> bool:
    """Keep what she wants from now on, wherever she works; False when it was so already."""
    if mailed(by.user).choice == choice:
        return False
    keep_choice(user=by.user, choice=choice, at=at)
    record(
        verb="account.choose_emails",
        object_type="user",
        object_ref=by.user,
        by=by.user,
        organisation=by.organisation,
        fields=("choice",),
    )
    return True
