"""What the tables of thresholds refuse, one constraint a test, written by the owner past every other guard."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from maillage.cases.models import AcknowledgementDelay, Case
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals.heeding.models import AlertDays, Crossing
from tests.referrals.test_constraints import case  # noqa: F401 - a fixture

pytestmark = pytest.mark.security
CROSSING: dict[str, object] = {"kind": "late", "step_on": date(2026, 1, 1), "crossed_on": date(2026, 1, 8)}
WRONG: tuple[tuple[str, dict[str, object]], ...] = (
    ("crossing_kind_known", {"kind": "lost"}),
    ("crossing_after_the_step", {"crossed_on": date(2026, 1, 1)}),
    ("crossing_dates_ordered", {"ended_on": date(2026, 1, 1)}),
    ("crossing_once", {}),
)
OUTSIDE: tuple[dict[str, int], ...] = (
    {"late_days": 0, "blocked_days": 9},
    {"late_days": 9, "blocked_days": 366},
)


def crossing(of: Case, **changes: object) -> Model:
    return Crossing(case=of, convention_id=of.convention_id, **CROSSING | changes)


@pytest.mark.parametrize(("constraint", "changes"), WRONG, ids=[name for name, _ in WRONG])
def test_a_crossing_that_makes_no_sense_is_refused(
    case: Case,  # noqa: F811 - the fixture
    constraint: str,
    changes: dict[str, object],
) -> None:
    with transaction.atomic(using="owner"):
        if constraint == "crossing_once":
            crossing(case).save(using="owner", force_insert=True)
        with pytest.raises(IntegrityError, match=f'"{constraint}"'), transaction.atomic(using="owner"):
            crossing(case, **changes).save(using="owner", force_insert=True)
        transaction.set_rollback(True, using="owner")


@pytest.mark.parametrize("days", OUTSIDE)
def test_days_outside_their_bounds_are_refused(case: Case, days: dict[str, int]) -> None:  # noqa: F811 - the fixture
    row = AlertDays(
        convention_id=case.convention_id, organisation_id=case.caisse_id, set_at=now(), set_by=uuid7(), **days
    )
    with (
        pytest.raises(IntegrityError, match='"alertdays_within_bounds"'),
        transaction.atomic(using="owner"),
    ):
        row.save(using="owner", force_insert=True)


def test_every_constraint_of_these_tables_is_tried() -> None:
    named = {one.name for model in (AlertDays, Crossing) for one in model._meta.constraints}
    assert {name for name, _ in WRONG} | {"alertdays_within_bounds"} == named


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("acknowledgementdelay_counts_one_way", {"working_days": 5}),
        ("acknowledgementdelay_counts_one_way", {"days": 0}),
        ("acknowledgementdelay_said_by", {"source": "someone"}),
    ],
)
def test_a_delay_that_makes_no_sense_is_refused(
    case: Case,  # noqa: F811 - the fixture
    constraint: str,
    changes: dict[str, object],
) -> None:
    given: dict[str, object] = {"days": 5, "months": 0, "working_days": 0, "days_off": [], "source": "text"}
    row = AcknowledgementDelay(convention_id=case.convention_id, time_zone="Europe/Paris", **given | changes)
    with pytest.raises(IntegrityError, match=f'"{constraint}"'), transaction.atomic(using="owner"):
        row.save(using="owner", force_insert=True)
