"""Each time that a commitment is owed, and where it stands: every rhythm, months and days that a text names, what shows it kept."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.commitments.rules import (
    Followed,
    Occurrence,
    Running,
    Shown,
    Standing,
    follow,
    occurrences,
)
from maillage.conventions.terms.blanks import Blank, BlankReason
from maillage.conventions.terms.commitments import Cadence, Commitment, CommitmentKind, Rhythm
from maillage.core.calendar import DAY

IN_FORCE = Running(date(2024, 11, 14))
PERIODIC = (Rhythm.WEEKLY, Rhythm.MONTHLY, Rhythm.QUARTERLY, Rhythm.HALF_YEARLY, Rhythm.YEARLY)
UNDATED = (Rhythm.CONTINUOUS, Rhythm.ON_OPPORTUNITY)
DAYS = st.dates(date(2024, 1, 1), date(2031, 12, 31))


def owed(cadence: Cadence | None) -> Commitment:
    return Commitment(
        key="sessions",
        article="3",
        debtors=("cpam",),
        what="Tenir une session",
        kind=CommitmentKind.TRAINING,
        cadence=cadence,
    )


def standing(cadence: Cadence | None, on: date, *shown: Shown) -> Followed:
    return follow(owed(cadence), IN_FORCE, shown, on)


YEARLY = Cadence(rhythm=Rhythm.YEARLY)
WINTER = Cadence(rhythm=Rhythm.YEARLY, months=(2, 3))


def test_a_year_of_execution_begins_the_day_the_convention_takes_effect() -> None:
    assert occurrences(YEARLY, IN_FORCE, date(2026, 1, 1)) == (
        Occurrence(date(2024, 11, 14), date(2025, 11, 13)),
        Occurrence(date(2025, 11, 14), date(2026, 11, 13)),
    )


def test_months_keep_the_number_of_their_first_day() -> None:
    """From the 31st: the 28th of February, then the 31st of March."""
    monthly = Cadence(rhythm=Rhythm.MONTHLY)
    found = occurrences(monthly, Running(date(2025, 1, 31)), date(2025, 3, 31))
    assert [one.first for one in found] == [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)]


def test_months_that_the_text_names_come_each_civil_year() -> None:
    assert occurrences(WINTER, IN_FORCE, date(2026, 2, 1)) == (
        Occurrence(date(2025, 2, 1), date(2025, 3, 31)),
        Occurrence(date(2026, 2, 1), date(2026, 3, 31)),
    )


def test_what_began_before_the_convention_is_owed_from_its_first_day() -> None:
    autumn = Cadence(rhythm=Rhythm.YEARLY, months=(11, 12))
    assert occurrences(autumn, IN_FORCE, date(2024, 11, 20)) == (
        Occurrence(date(2024, 11, 14), date(2024, 12, 31)),
    )


def test_what_is_owed_once_in_a_month_that_the_text_names_is_owed_once() -> None:
    once = Cadence(rhythm=Rhythm.ONCE, months=(2, 3))
    assert occurrences(once, IN_FORCE, date(2030, 1, 1)) == (Occurrence(date(2025, 2, 1), date(2025, 3, 31)),)


@pytest.mark.parametrize("rhythm", UNDATED)
def test_months_beside_a_rhythm_without_days_date_nothing(rhythm: Rhythm) -> None:
    assert occurrences(Cadence(rhythm=rhythm, months=(2,)), IN_FORCE, date(2030, 1, 1)) == ()


def test_nothing_more_is_owed_once_the_convention_is_over() -> None:
    ended = Running(IN_FORCE.since, date(2025, 11, 14))
    assert len(occurrences(YEARLY, ended, date(2030, 1, 1))) == 1


@given(st.sampled_from(PERIODIC), DAYS, DAYS)
def test_spans_follow_each_other_and_the_last_holds_the_day(rhythm: Rhythm, since: date, on: date) -> None:
    found = occurrences(Cadence(rhythm=rhythm), Running(since), on)
    if on < since:
        assert found == ()
        return
    assert found[0].first == since
    assert all(one.due is not None for one in found)
    assert found[-1].first <= on <= (found[-1].due or on)
    for before, after in pairwise(found):
        assert before.due == after.first - DAY


@given(st.sampled_from(UNDATED), DAYS)
def test_what_no_rhythm_dates_is_never_late(rhythm: Rhythm, on: date) -> None:
    assert standing(Cadence(rhythm=rhythm), on).standing in {
        Standing.TO_COME,
        Standing.CONTINUOUS,
        Standing.ON_DEMAND,
    }


@given(DAYS, st.lists(DAYS, max_size=6))
def test_an_occurrence_is_kept_or_missing_and_late_only_when_its_last_day_went_by(
    on: date, days: list[date]
) -> None:
    found = standing(YEARLY, on, *map(Shown, days))
    every = occurrences(YEARLY, IN_FORCE, on)
    assert sorted((*found.kept, *found.missing), key=lambda one: one.first) == list(every)
    assert all(any(one.first <= day <= (one.due or day) for day in days) for one in found.kept)
    assert all(one in found.missing and (one.due or on) < on for one in found.late)
    assert (found.standing is Standing.LATE) == bool(found.late)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2024, 11, 13), Standing.TO_COME),
        (date(2024, 11, 14), Standing.OWED),
        (date(2025, 10, 14), Standing.SOON),
        (date(2025, 10, 13), Standing.OWED),
        (date(2025, 11, 13), Standing.SOON),
        (date(2025, 11, 14), Standing.LATE),
    ],
)
def test_a_yearly_commitment_that_nothing_shows(on: date, expected: Standing) -> None:
    assert standing(YEARLY, on).standing is expected


def test_what_shows_it_on_a_day_of_the_year_keeps_that_year_alone() -> None:
    assert standing(YEARLY, date(2025, 11, 13), Shown(date(2025, 6, 1))).standing is Standing.KEPT
    found = standing(YEARLY, date(2025, 12, 1), Shown(date(2025, 6, 1)))
    assert (found.standing, found.due) == (Standing.OWED, date(2026, 11, 13))


def test_what_came_after_the_last_day_keeps_the_year_that_it_names() -> None:
    late = Shown(date(2025, 12, 20), occurrence=date(2024, 11, 14))
    found = standing(YEARLY, date(2025, 12, 21), late)
    assert (found.standing, found.late) == (Standing.OWED, ())


def test_once_is_owed_until_something_shows_it() -> None:
    once = Cadence(rhythm=Rhythm.ONCE)
    assert standing(once, date(2030, 1, 1)).standing is Standing.OWED
    assert standing(once, date(2030, 1, 1), Shown(date(2029, 1, 1))).standing is Standing.KEPT
    assert standing(None, date(2030, 1, 1)).standing is Standing.OWED
    assert standing(None, date(2030, 1, 1), Shown(date(2029, 1, 1))).standing is Standing.KEPT


def test_a_rhythm_left_blank_is_to_agree() -> None:
    blank = Blank(blank="rythme", asked="Rythme des sessions", why=BlankReason.SILENT)
    assert standing(Cadence(rhythm=blank), date(2030, 1, 1)).standing is Standing.TO_AGREE


def test_a_convention_not_in_force_owes_nothing() -> None:
    assert follow(owed(YEARLY), None, (), date(2030, 1, 1)).standing is Standing.TO_COME


@pytest.mark.parametrize("text", library.names())
def test_every_commitment_of_the_texts_stands_somewhere(text: str) -> None:
    """From the first day to ten years on: no state is out of reach of the texts, and none fails."""
    for commitment in library.load(text).commitments:
        for days in range(0, 3650, 91):
            on = IN_FORCE.since + timedelta(days=days)
            assert follow(commitment, IN_FORCE, (), on).standing.label
