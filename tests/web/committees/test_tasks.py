"""What committees put on « À faire », for whom and for when."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.core.clock import now
from maillage.web.committees import tasks
from maillage.web.committees.tasks import due
from tests.conventions.people import CARSAT, CCAS, CPAM, WORKER, member
from tests.steering.committees.meetings import (
    AFTER,
    AT,
    HELD,
    STARTS,
    convened,
    decided,
    held,
    planned,
    validated,
    written,
)
from tests.steering.local_actions.test_actions import analysed, described

pytestmark = pytest.mark.django_db


def titles(address: str, on: date) -> list[str]:
    with member(address, now()) as someone:
        return [one.title.replace("\u00a0", " ").partition(" : ")[0] for one in due(someone, on)]


def test_the_yearly_meeting_is_asked_for_until_one_is_planned(signed_s3: UUID) -> None:
    assert titles(CPAM, date(2025, 10, 1)) == []
    assert titles(CPAM, date(2025, 10, 20)) == ["Prévoir une réunion, Comité de pilotage"]
    assert titles(WORKER, date(2025, 10, 20)) == []
    planned(signed_s3, planned_on=date(2025, 12, 20))
    assert titles(CPAM, date(2025, 10, 20)) == []


def test_a_meeting_is_convened_then_noted_then_written_then_validated(signed_s3: UUID) -> None:
    row = planned(signed_s3)
    assert "Convoquer la réunion, Comité de pilotage" in titles(CCAS, AT.date())
    row = convened(signed_s3)
    assert "Noter la réunion, Comité de pilotage" in titles(CCAS, STARTS.date() + timedelta(days=1))
    row = held(signed_s3)
    assert "Écrire le compte rendu, Comité de pilotage" in titles(CARSAT, HELD.date())
    written(row.pk)
    assert "Valider le compte rendu, Comité de pilotage" in titles(CARSAT, HELD.date())
    validated(row.pk, CARSAT)
    assert "Valider le compte rendu, Comité de pilotage" not in titles(CARSAT, HELD.date())
    assert "Valider le compte rendu, Comité de pilotage" in titles(CCAS, HELD.date())


def test_a_decision_is_told_to_who_has_charge_of_it_thirty_days_before(signed_s3: UUID) -> None:
    last = AFTER.date() + timedelta(days=90)
    decided(held(signed_s3).pk, owner="ccas", due_on=last)
    said = "Faire ce qui est décidé"
    assert said not in titles(CCAS, last - timedelta(days=31))
    assert said in titles(CCAS, last - timedelta(days=30))
    assert said not in titles(CPAM, last)


def test_a_final_bilan_is_asked_for_before_a_fixed_term(
    signed_s3: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def soon(_known: LoadedConvention, on: date, _meetings: object) -> date:
        return on + timedelta(days=100)

    monkeypatch.setattr(tasks, "final_due", soon)
    assert "Tenir le bilan final" in titles(CPAM, AT.date())
    planned(signed_s3, kind="final")
    assert "Tenir le bilan final" not in titles(CPAM, AT.date())


def test_local_actions_are_to_analyse_after_the_first_year(signed_s3: UUID) -> None:
    row = described(signed_s3)
    assert "Analyser les actions locales" not in titles(CPAM, date(2025, 11, 13))
    assert "Analyser les actions locales" in titles(CPAM, date(2025, 11, 14))
    analysed(row.pk)
    assert "Analyser les actions locales" not in titles(CPAM, date(2025, 11, 14))
