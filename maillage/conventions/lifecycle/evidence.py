"""What a renewal is recorded with: who was warned and when, opposition or not, evaluation shared or missing (row A9)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from maillage.conventions.lifecycle.events import EventKind
from maillage.conventions.lifecycle.loaded import LoadedConvention


def warnings_sent(convention: UUID) -> dict[str, list[tuple[UUID, str]]]:
    """For each coming day (« 2025-11-14 »), the bodies warned and the threshold of each warning, in days, as written."""
    found: dict[str, list[tuple[UUID, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT recipient_id, fact FROM convention_warnings(%s)", [convention])
        for recipient, fact in cursor.fetchall():
            then, _, threshold = str(fact).partition(":")
            found.setdefault(then, []).append((recipient, threshold))
    return found


def renewal_evidence(known: LoadedConvention, day: date) -> dict[str, Any]:
    """The evidence of a renewal on `day`, as the event keeps it: party keys, thresholds, days of oppositions.

    A party warned at several boxes was warned once of each threshold.
    """
    keys = {party.organisation: party.key for party in known.signatories}
    warned: dict[str, list[int]] = {}
    for recipient, threshold in warnings_sent(known.id).get(day.isoformat(), []):
        if recipient in keys:
            warned.setdefault(keys[recipient], []).append(int(threshold))
    opposed = [
        event.on.isoformat()
        for event in known.events
        if event.kind is EventKind.RENEWAL_OPPOSED and event.on <= day
    ]
    shared = [
        event.on.isoformat()
        for event in known.events
        if event.kind is EventKind.EVALUATION_SHARED and event.on <= day
    ]
    return {
        "warned": {key: sorted(set(thresholds), reverse=True) for key, thresholds in sorted(warned.items())},
        "oppositions": opposed,
        "evaluation": shared[-1] if shared else None,
    }
