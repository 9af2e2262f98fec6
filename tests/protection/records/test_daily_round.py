"""Each night a version is kept for each organisation whose record changed, and for no other."""

from datetime import datetime
from uuid import UUID

import pytest

from maillage.core.clock import now
from maillage.organisations.models import Organisation
from maillage.protection.records import keeping
from maillage.protection.records.keeping import keep_all
from maillage.protection.records.models import RecordVersion
from maillage.protection.records.queries import record_of, visible_to
from maillage.protection.records.rules import Record
from tests.conventions.people import worker_process
from tests.referrals.world import member
from tests.rights.world import sign

CAISSE_DPO = "dpo@cpam.example.org"


@pytest.fixture
def committed(fresh_database: object) -> UUID:
    return sign().id


def versions() -> list[RecordVersion]:
    with member(CAISSE_DPO) as dpo:
        return list(visible_to(dpo))


def test_the_round_keeps_one_for_each_body_then_only_what_changed(
    committed: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with worker_process():
        assert keep_all(now()) > 2
        assert keep_all(now()) == 0
    (first,) = versions()
    assert str(committed) in first.content
    assert first.recorded_by == UUID(int=0)
    with member(CAISSE_DPO) as dpo:
        mine = dpo.organisation
        Organisation.objects.filter(pk=mine).update(phone="04 00 00 00 00")
    failing: list[UUID] = []

    def one_fails(organisation: UUID, at: datetime) -> Record:
        if not failing:
            failing.append(organisation)
            raise ValueError("broken")
        return record_of(organisation, at)

    monkeypatch.setattr(keeping, "record_of", one_fails)
    with worker_process():
        kept = keep_all(now())
    assert failing
    assert kept == (failing != [mine])
