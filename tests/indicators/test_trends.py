"""Figures over the years: each beside itself, a break where its definition changes, nothing of people to whoever may not read it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from maillage.catalogue.measures import COUNTED, MEASURED, OF_DELAYS
from maillage.conventions.terms.steering import AnswerKind, Indicator
from maillage.indicators.figures import Answer, Place, Year, beside, figures
from maillage.indicators.report import Bilan
from maillage.indicators.trends import Series, series

ON = date(2026, 3, 1)
SUMS = {"files_days", "sample_days"}


def asked(key: str = "combien", answer: AnswerKind = AnswerKind.NUMBER, **more: object) -> Indicator:
    return Indicator.model_validate({"key": key, "article": "5", "label": key, "answer": answer} | more)


def report(
    year: int,
    amounts: Mapping[str, int],
    questions: Sequence[Indicator] = (),
    said: Mapping[Place, Answer] | None = None,
    *,
    exact: bool = True,
) -> Bilan:
    found = figures(questions, Year(year), amounts, said)
    others = beside(questions, Year(year), amounts)
    return Bilan(UUID(int=1), "Convention", ("A",), Year(year), ON, found, others, amounts, exact)


def only(reports: Sequence[Bilan]) -> Series:
    (found,) = series(reports)
    return found


def test_a_measure_is_drawn_from_the_oldest_year_on_and_nothing_counted_is_zero() -> None:
    found = only([report(2025, {"guides_given": 3}), report(2024, {}), report(2023, {"guides_given": 5})])
    assert found.newest.label == MEASURED["guides_given"].words
    assert [year for year, _ in found.years] == [2023, 2024, 2025]
    assert found.values == (5, 0, 3)


def test_what_has_one_year_only_is_not_drawn() -> None:
    assert series([report(2025, {"guides_given": 3})]) == ()
    assert series([]) == ()


def test_what_was_counted_before_and_no_longer_is_drawn_too() -> None:
    assert only([report(2025, {}), report(2024, {"guides_given": 5})]).values == (5, 0)


def test_a_question_keeps_its_answers_and_a_year_without_one_has_none() -> None:
    question, here = asked(), ("combien", "")
    reports = [
        report(2025, {}, [question], {here: Answer(7)}),
        report(2024, {}, [question]),
        report(2023, {}, [question], {here: Answer(4)}),
        report(2022, {}),
    ]
    assert only(reports).values == (None, 4, None, 7)


def test_a_question_asked_since_this_year_shows_what_was_counted_before() -> None:
    reports = [
        report(2025, {"referrals_misas": 4}, [asked(measure="referrals_misas")]),
        report(2024, {"referrals_misas": 2}),
    ]
    assert only(reports).values == (2, 4)


def test_words_and_yes_or_no_are_no_series() -> None:
    questions = [asked("mene", AnswerKind.YES_NO), asked("dites", AnswerKind.OPEN)]
    said = {("mene", ""): Answer(True), ("dites", ""): Answer("Douze ateliers.")}
    assert series([report(year, {}, questions, said) for year in (2025, 2024)]) == ()


def test_a_share_of_nothing_has_no_point() -> None:
    reports = [
        report(2025, {"prado_presented": 8, "prado_accepted": 2}),
        report(2024, {}),
        report(2023, {"prado_presented": 4, "prado_accepted": 2}),
    ]
    found = next(one for one in series(reports) if one.newest.question == "prado_share")
    assert found.values == (Fraction(1, 2), None, Fraction(1, 4))


def test_another_definition_breaks_the_series_where_it_begins() -> None:
    found = only([report(year, {"guides_given": 3}) for year in (2026, 2025, 2024)])
    newer = replace(MEASURED["guides_given"], version=2, since=2025)
    years = tuple(
        (year, replace(one, measure=newer) if one and year >= 2025 else one) for year, one in found.years
    )
    assert replace(found, years=years).breaks == (2025,)
    assert found.breaks == ()


def test_whoever_may_not_read_what_happens_to_people_reads_none_of_it_over_the_years() -> None:
    question = asked(measure="referrals_misas")
    said = {("combien", ""): Answer(12)}
    reports = [report(2025, {}, [question], said, exact=False), report(2024, {}, exact=False)]
    assert series(reports) == ()


@given(
    st.lists(
        st.dictionaries(st.sampled_from(COUNTED), st.integers(0, 1_000), max_size=8), min_size=2, max_size=5
    )
)
def test_each_year_of_a_series_says_what_its_report_says(counted: list[dict[str, int]]) -> None:
    reports = [report(2026 - rank, amounts) for rank, amounts in enumerate(counted)]
    found = {one.newest.question: one for one in series(reports)}
    for code in {code for amounts in counted for code, amount in amounts.items() if amount}:
        if code in OF_DELAYS | SUMS:
            assert code not in found
        else:
            assert found[code].values == tuple(amounts.get(code, 0) for amounts in reversed(counted))
    for one in found.values():
        assert [year for year, _ in one.years] == sorted(report.year.number for report in reports)
