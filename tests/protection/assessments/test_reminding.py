"""The review of an assessment is told once to whoever leads it, two months before, without a word of what it says."""

import pytest

from maillage.core.calendar import DAY, Period, subtract
from maillage.core.clock import now
from maillage.notifications.models import Message
from maillage.protection.assessments.models import Assessment
from maillage.protection.assessments.reminding import remind
from maillage.protection.assessments.rules import latest_review
from tests.conventions.people import member, worker_process
from tests.days import today
from tests.protection.assessments.files import CARSAT_ADMIN, CPAM_ADMIN, opened, validated, whole
from tests.protection.breaches.files import signed_croix_rouge

BEGAN = now() - 90 * DAY


@pytest.fixture
def row(fresh_database: object) -> Assessment:
    return validated(whole(signed_croix_rouge(BEGAN, BEGAN + DAY)))


def told(row: Assessment, by: str = CPAM_ADMIN) -> list[Message]:
    with member(by, now()):
        return list(Message.objects.filter(kind="assessment_review", path__contains=str(row.pk)))


def reminded(days: int) -> None:
    """The daily round, so many days before the review."""
    with worker_process():
        remind(now() + (latest_review(today()) - today()) - days * DAY)


def test_the_leader_is_told_once_two_months_before(row: Assessment) -> None:
    review_on = latest_review(today())
    near = (review_on - subtract(review_on, Period(months=2))).days
    for days, expected in ((near + 1, 0), (near, 1), (near - 1, 1), (0, 1), (-40, 1)):
        reminded(days)
        assert len(told(row)) == expected, days
    assert told(row, CARSAT_ADMIN) == []
    (message,) = told(row)
    assert message.path == f"/protection/analyses/{row.pk}/"
    assert row.scope not in f"{message.reference} {message.path}"


def test_one_whose_next_version_is_open_is_not_told(row: Assessment) -> None:
    opened(row.convention_id)
    reminded(0)
    assert told(row) == []
