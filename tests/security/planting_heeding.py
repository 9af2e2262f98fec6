"""The thresholds of each world's convention, a case beyond one, and a count of what was answered in time."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from maillage.cases.models import AcknowledgementDelay
from maillage.conventions.commitments.models import EvidenceCount
from maillage.core.identifiers import uuid7
from maillage.referrals.heeding.models import AlertDays, Crossing

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_heeding(found: "Plant", world: "World", save: Callable[..., Any]) -> None:
    """Thresholds are the two parties' to read and each one's own to add; a crossing is written by the daily round alone,
    what lists are late by through a function."""
    from tests.security.planting import AT, ON

    days = AlertDays(
        convention_id=world.ids["convention"], organisation_id=world.holder, late_days=5, blocked_days=20, set_at=AT,
        set_by=uuid7(),
    )  # fmt: skip
    save(found, days, world.both, writers=frozenset({world.holder}))
    delay = AcknowledgementDelay(
        convention_id=world.ids["convention"], months=0, days=5, working_days=0, days_off=[], time_zone="Europe/Paris",
        source="referents", since=ON,
    )  # fmt: skip
    save(found, delay, world.both, adders=frozenset())
    crossing = Crossing(
        case_id=world.ids["case"], convention_id=world.ids["convention"], kind="late", step_on=ON,
        crossed_on=ON + timedelta(days=7),
    )  # fmt: skip
    save(found, crossing, world.both, adders=frozenset())
    count = EvidenceCount(
        evidence_id=world.ids["evidence"],
        convention_id=world.ids["convention"],
        since=ON,
        until=ON,
        counted=1,
        over=2,
    )
    save(found, count, world.both, writers=frozenset({world.holder}))
