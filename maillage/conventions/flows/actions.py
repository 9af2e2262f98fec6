"""Publishing the flows in force to where cases are opened."""

import json
from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from psycopg.types.range import TimestamptzRange

from maillage.conventions.flows.rules import authorised, cut_short
from maillage.conventions.terms import Terms

Days = tuple[date, date | None]


def instants(during: Days | None, zone: ZoneInfo) -> TimestamptzRange:
    """First day in force and first day out as instants: days begin at midnight where the caisse is; open without an end."""
    if during is None:
        return TimestamptzRange(empty=True)
    first, out = during
    return TimestamptzRange(
        datetime.combine(first, time(), zone), datetime.combine(out, time(), zone) if out else None
    )


def publish(
    *,
    convention: UUID,
    terms: Terms,
    during: Days | None,
    departures: Iterable[tuple[str, date]],
    zone: ZoneInfo,
) -> int:
    """Open the text's flows for these days and close all others of the convention; the number of flows that changed.

    `departures` are parties that leave alone, with their first day out. `during` is None when no day is certain: the
    flows are then written closed, so that a refusal can still name their article. The database closes in the same way a flow
    of which nobody has said who answers for its data, unless its two parties have accepted in writing (ADR 40).
    """
    leaving = tuple(departures)
    flows = [
        {
            "key": flow.key,
            "sender": flow.sender,
            "recipient": flow.recipient,
            "service": flow.service,
            "article": flow.article[:40],
            "rights": flow.rights,
            "label": flow.label[:120],
            "has_roles": flow.has_roles,
            "during": _written(instants(cut_short(during, leaving, (flow.sender, flow.recipient)), zone)),
        }
        for flow in authorised(terms)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT publish_authorisations(%s, %s::jsonb, %s::tstzrange)",
            [convention, json.dumps(flows), _written(instants(during, zone))],
        )
        return int(cursor.fetchone()[0])


def _written(days: TimestamptzRange) -> str:
    if days.lower is None:
        return "empty"
    return f"[{days.lower.isoformat()},{days.upper.isoformat() if days.upper else ''})"
