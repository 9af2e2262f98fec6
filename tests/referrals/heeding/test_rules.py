"""From how many days something is late or blocked, and on whose word."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.clocks import Clock
from maillage.core.calendar import Period
from maillage.referrals.heeding.rules import (
    DEFAULT_SINCE,
    DEFAULTS,
    Agreed,
    Kind,
    Source,
    days_problem,
    oldest_step,
    reached_on,
    threshold,
)

AGREED = Agreed(10, 45, date(2026, 12, 1))


def text(*clocks: Clock) -> Terms:
    return library.load("ccas_montbrison_2024").model_copy(update={"clocks": clocks})


def clock(**more: object) -> Clock:
    given = {
        "key": "accuse",
        "article": "4",
        "right": "acknowledgement",
        "label": "Accusé",
        "start": "reception",
    }
    return Clock.model_validate(given | more)


def test_the_text_comes_before_the_referents_and_they_before_the_mark_of_the_platform() -> None:
    said = text(clock(promised="15d", thresholds=["5wd", "10wd"]))
    found = threshold(Kind.LATE, said, AGREED)
    assert (found.period, found.source, found.article) == (Period(working_days=5), Source.TEXT, "4")
    assert threshold(Kind.LATE, text(clock(promised="15d")), AGREED).period == Period(days=15)
    found = threshold(Kind.BLOCKED, said, AGREED)
    assert (found.period, found.source, found.since) == (Period(days=45), Source.REFERENTS, AGREED.since)
    found = threshold(Kind.BLOCKED, said, None)
    assert (found.period, found.source, found.since) == (
        Period(days=DEFAULTS[Kind.BLOCKED]), Source.DEFAULT, DEFAULT_SINCE,
    )  # fmt: skip


def test_a_blank_an_urgent_clock_and_hours_say_nothing() -> None:
    blank = Blank.model_validate({"blank": "seuil", "asked": "Seuil", "why": "template", "expects": "delay"})
    for silent in (
        clock(promised=blank),
        clock(promised="48h"),
        clock(promised="2d", urgent=True),
        clock(promised="2d", right="c2s"),
    ):
        assert threshold(Kind.LATE, text(silent), AGREED).source is Source.REFERENTS


def test_none_of_the_five_texts_gives_a_number() -> None:
    for name in ("ccas_montbrison_2024", "hopital_pass_modele", "croix_rouge_cadre_2021"):
        assert {threshold(kind, library.load(name), None).source for kind in Kind} == {Source.DEFAULT}


@settings(max_examples=30)
@given(
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    st.one_of(
        st.builds(Period, days=st.integers(1, 60)),
        st.builds(Period, working_days=st.integers(1, 30)),
        st.builds(Period, months=st.integers(1, 3)),
    ),
)
def test_the_oldest_step_is_the_last_one_that_is_too_old(on: date, period: Period) -> None:
    oldest = oldest_step(on, period, "42")
    assert reached_on(oldest, period, "42") <= on < reached_on(oldest + timedelta(days=1), period, "42")
    assert oldest < on


def test_a_number_of_days_has_bounds() -> None:
    assert [bool(days_problem(days)) for days in (0, 1, 365, 366)] == [True, False, False, True]
