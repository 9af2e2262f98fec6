"""What a text says becomes of each party's data at the end, and on which day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.conventions.terms.blanks import Blank, BlankReason
from maillage.conventions.terms.protection import Destruction, ProtectionRegime, Retention
from maillage.core.calendar import DAY, Period, add
from maillage.protection.destruction.rules import NOTICE, day_faults, fate, reason_problem
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


def regime(key: str, destruction: Period | Blank | None, retention: Period | None) -> ProtectionRegime:
    """One of the hospital's scopes: destroyed after a delay, or left blank, or not spoken of; kept for a while, or not."""
    (former,) = s2().protection
    return former.model_copy(
        update={
            "key": key,
            "destruction": Destruction(
                article="1", by=("hospital",), what="Tout", when="Au terme", notice=destruction
            )
            if isinstance(destruction, Period)
            else destruction,
            "retention": Retention(article="2", delay=retention, start="dernier contact")
            if retention
            else None,
        }
    )


PERIODS = st.builds(Period, days=st.integers(1, 900)) | st.builds(Period, months=st.integers(1, 60))
BLANK = Blank(blank="destruction", why=BlankReason.SILENT, asked="Qui détruit, et quand ?")


@given(
    st.lists(st.tuples(PERIODS | st.none() | st.just(BLANK), PERIODS | st.none()), min_size=1, max_size=4),
    st.dates(date(2020, 1, 1), date(2045, 12, 31)),
)
def test_one_blank_clause_stops_all_and_the_latest_day_counts(
    clauses: list[tuple[Period | Blank | None, Period | None]], ended: date
) -> None:
    """Keys go whole: what one scope says cannot wait for another."""
    text = s2().model_copy(
        update={"protection": tuple(regime(f"r{n}", *one) for n, one in enumerate(clauses))}
    )
    found = fate(text, "hospital", ended_on=ended, departement="42")
    delays = [one for one, _ in clauses if isinstance(one, Period)]
    kept = [one for _, one in clauses if one is not None]
    if BLANK in [one for one, _ in clauses]:
        assert (found.state, found.due_on, found.why) == (State.UNKNOWN, None, BLANK.asked)
        delays.append(NOTICE)
    elif not delays:
        assert (found.state, found.due_on, found.earliest_on) == (State.KEPT, None, None)
        return
    else:
        assert found.state is State.PLANNED
        assert found.due_on == found.earliest_on
    assert found.earliest_on == max(add(ended - DAY, one) + DAY for one in (*delays, *kept))


@given(st.dates(date(2020, 1, 1), date(2045, 12, 31)), st.integers(-400, 400), st.integers(-400, 400))
def test_nobody_sets_a_day_that_is_gone_by_nor_before_the_notice_has_run(
    on: date, earliest: int, due: int
) -> None:
    earliest_on, due_on = on + timedelta(days=earliest), on + timedelta(days=due)
    found = [one for one in day_faults(due_on, on=on, earliest_on=earliest_on) if one]
    assert (found == []) is (due_on >= max(on, earliest_on))
    assert {one.field for one in found} <= {"due_on"}


@pytest.mark.parametrize(
    ("reason", "fine"), [("", False), (" ", False), ("x" * 301, False), ("Avenant 2.", True)]
)
def test_a_day_that_somebody_sets_has_a_reason(reason: str, fine: bool) -> None:
    assert (reason_problem(reason) == "") is fine
