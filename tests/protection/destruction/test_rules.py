"""What a text says becomes of each party's data at the end, and on which day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.core.calendar import DAY, Period
from maillage.protection.destruction.rules import NOTICE, fate, reason_problem
from maillage.protection.destruction.states import State

ENDED = date(2026, 1, 31)


def s2(notice: Period | None = None) -> Terms:
    text = library.load("hopital_pass_modele")
    regimes = tuple(
        one.model_copy(update={"destruction": one.destruction.model_copy(update={"notice": notice})})  # type: ignore[union-attr]
        for one in text.protection
    )
    return text.model_copy(update={"protection": regimes})


def test_a_hospital_destroys_and_its_caisse_keeps() -> None:
    found = fate(s2(), "hospital", ended_on=ENDED, departement="42")
    assert (found.state, found.article, found.due_on) == (State.PLANNED, "annexe 1-7", date(2026, 3, 2))
    assert "repère de la plateforme" in found.why
    assert fate(s2(), "cpam", ended_on=ENDED, departement="42").state is State.KEPT


def test_the_delay_of_the_text_counts_where_it_gives_one() -> None:
    for notice, expected in (
        (Period(months=1), date(2026, 3, 1)),
        (Period(days=15), date(2026, 2, 15)),
        (Period(working_days=5), date(2026, 2, 7)),
    ):
        found = fate(s2(notice), "hospital", ended_on=ENDED, departement="42")
        assert found.due_on == expected
        assert "délai du texte" in found.why


def test_a_clause_left_blank_destroys_nothing_by_itself() -> None:
    found = fate(library.load("ccas_montbrison_2024"), "ccas", ended_on=ENDED, departement="42")
    assert (found.state, found.due_on) == (State.UNKNOWN, None)
    assert "détections" in found.why


@given(st.dates(date(2020, 1, 1), date(2045, 12, 31)))
def test_nothing_is_destroyed_before_the_notice_has_run(ended: date) -> None:
    found = fate(s2(), "hospital", ended_on=ended, departement="42")
    assert found.due_on is not None
    assert (found.due_on - ended).days == NOTICE.days
    assert found.due_on > ended - DAY


@pytest.mark.parametrize(
    ("reason", "fine"), [("", False), (" ", False), ("x" * 301, False), ("Avenant 2.", True)]
)
def test_a_day_that_somebody_sets_has_a_reason(reason: str, fine: bool) -> None:
    assert (reason_problem(reason) == "") is fine
