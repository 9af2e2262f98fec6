"""What is said to those who watch over the journal: that there is something to look at, never what."""

from uuid import UUID

from maillage.cases.rules import alert_reference
from maillage.notifications.actions import Draft, post

KINDS: dict[str, str] = {"journal_alert": "Un signalement du journal est à examiner"}


def tell_watchers(alert: UUID, *, organisation: UUID) -> None:
    """One message, once, to the organisation's own box, for its administrators and its data protection officer."""
    post(
        [
            Draft(
                once=f"journal_alert:{alert}",
                recipient=organisation,
                kind="journal_alert",
                reference=alert_reference(alert),
                path="/journal/signalements/",
            )
        ]
    )
