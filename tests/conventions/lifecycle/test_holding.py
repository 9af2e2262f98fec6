"""A committee that met is a fact of its convention: recorded by a party, once, of a committee of the text."""

from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.conventions.lifecycle.holding import committee_days, record_committee
from maillage.conventions.lifecycle.models import Event
from maillage.conventions.lifecycle.queries import load
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from tests.conventions.people import CCAS, CPAM, WORKER, instant, member, seen

pytestmark = pytest.mark.django_db
AT = instant("2025-10-21")
DAY = AT.date()


def record(
    convention: UUID,
    *,
    by: str = CPAM,
    committee: str = "copil",
    day: date = DAY,
    token: UUID | None = None,
) -> Event:
    with member(by, AT) as actor:
        return record_committee(
            convention=seen(actor, convention), committee=committee, day=day, note="COPIL", by=actor, at=AT,
            fact_id=token or uuid7(),
        )  # fmt: skip


def test_each_day_on_which_it_met_is_read_by_the_others(signed_s3: UUID) -> None:
    token = uuid7()
    assert record(signed_s3, token=token) == record(signed_s3, token=token)
    record(signed_s3, day=date(2025, 6, 2))
    with member(CCAS, AT) as actor:
        assert committee_days(load(seen(actor, signed_s3))) == {"copil": (date(2025, 6, 2), AT.date())}


@pytest.mark.parametrize(
    ("changes", "field"), [({"committee": "rien"}, "committee"), ({"day": date(2026, 1, 1)}, "day")]
)
def test_what_is_wrong_is_said_at_its_field(signed_s3: UUID, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        record(signed_s3, **changes)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_only_a_party_s_referent_records_it(signed_s3: UUID) -> None:
    with pytest.raises(PermissionDenied):
        record(signed_s3, by=WORKER)
