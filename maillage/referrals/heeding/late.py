"""From when a referral is late, as its convention says: what stands beside a participation or a convention, made a threshold again."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from maillage.cases.models import AcknowledgementDelay
from maillage.core.calendar import Period
from maillage.referrals.heeding.rules import DEFAULT_SINCE, DEFAULTS, Kind, Source, Threshold

USUAL: Final = Threshold(Kind.LATE, Period(days=DEFAULTS[Kind.LATE]), Source.DEFAULT, since=DEFAULT_SINCE)
"""Where a convention has nothing of its own, or nothing yet."""
_FIELDS: Final = ("months", "days", "working_days", "source", "article", "since")


def delay_under(convention: str) -> ArraySubquery:
    """The delay of the convention that a column names, in a list of one or none."""
    delays = AcknowledgementDelay.objects.filter(convention_id=OuterRef(convention))
    return ArraySubquery(delays.values(row=JSONObject(**{name: name for name in _FIELDS})))


def late_threshold(found: Sequence[dict[str, Any]]) -> Threshold:
    """What `delay_under` found, as the rules say it."""
    if not found:
        return USUAL
    (row,) = found
    return Threshold(
        Kind.LATE,
        Period(row["months"], row["days"], row["working_days"]),
        Source(row["source"]),
        article=row["article"],
        since=date.fromisoformat(row["since"]) if row["since"] else None,
    )
