"""What reports become together: sums, terms of ratios, counts of answers; and which are protected together."""

from fractions import Fraction

from maillage.conventions import library
from maillage.conventions.terms.steering import AnswerKind
from maillage.indicators.consolidated.series import (
    ANSWERED,
    YES,
    Contribution,
    SeriesKey,
    families_of,
    family_of,
    series_of,
    totals,
    unprotected_codes,
)
from maillage.indicators.figures import Answer, Figure, Year, figures

YEAR = Year(2025)
QUESTIONS = library.load("croix_rouge_cadre_2021").indicators


def contribution(convention: str, said: dict[tuple[str, str], Answer] | None = None, **amounts: int) -> Contribution:  # fmt: skip
    return Contribution(
        convention, f"caisse-{convention}", "84", "ccas", figures(QUESTIONS, YEAR, amounts, said)
    )


def test_a_series_is_the_sum_of_its_parts_in_its_conventions() -> None:
    found = totals(
        series_of(
            [
                contribution("a", care_ended=8, care_done=5, care_not_done=3, eps_done=0),
                contribution("b", care_ended=12, care_done=10, care_not_done=2, eps_done=4),
            ]
        )
    )
    assert found[SeriesKey("accompagnements_soins")] == 20
    assert found[SeriesKey("issues_soins", "succes", "count")] == 15
    assert found[SeriesKey("issues_soins", "succes", "over")] == 20
    assert found[SeriesKey("examens_prevention", term=YES)] == 1
    assert found[SeriesKey("examens_prevention", term=ANSWERED)] == 2
    assert found[SeriesKey("examens_prevention_nombre")] == 4


def test_a_choice_counts_conventions_and_an_open_answer_is_no_series() -> None:
    said = {
        ("convention_signee", ""): Answer(False),
        ("convention_absence", ""): Answer("absence_reponse"),
        ("alerte_points", ""): Answer("Peu de places."),
    }
    found = totals(series_of([contribution("a", said), contribution("b", said), contribution("c")]))
    assert found[SeriesKey("convention_absence", term="absence_reponse")] == 2
    assert not [key for key in found if key.question == "alerte_points"]


def test_a_percentage_without_its_terms_is_only_counted_as_answered() -> None:
    figure = Figure("part", "", "", "Part", AnswerKind.PERCENT, Fraction(1, 2))
    found = totals(series_of([Contribution("a", "c", "84", "ccas", (figure,))]))
    assert found == {SeriesKey("part", "", ANSWERED): 1}


def test_what_nobody_answered_is_nothing() -> None:
    figure = Figure("combien", "", "", "Combien", AnswerKind.NUMBER, None)
    assert series_of([Contribution("a", "c", "84", "ccas", (figure,))]) == []


def test_each_measure_of_people_belongs_to_a_family() -> None:
    assert unprotected_codes() == frozenset()


def test_a_part_and_its_whole_are_protected_together_and_a_declared_number_alone() -> None:
    by_place = {one.place: family_of(one) for one in figures(QUESTIONS, YEAR, {"referrals_care": 1})}
    assert by_place["accompagnements_soins", ""] == by_place["issues_soins", "echec"] == "care"
    assert by_place["accompagnements_c2s", "accord"] == by_place["accompagnements_c2sp", "refus"] == "c2s"
    assert by_place["seances_dediees", ""] == ""  # sessions are nobody's secret
    declared = Figure("usagers", "", "", "Usagers", AnswerKind.NUMBER, 4)
    assert family_of(declared) == "usagers."


def test_the_families_of_questions_are_those_of_their_figures() -> None:
    found = figures(
        QUESTIONS,
        YEAR,
        {"referrals_care": 1, "sessions_dedicated": 1, "referrals_workshops": 2, "eps_done": 1},
    )
    numbers = {AnswerKind.NUMBER, AnswerKind.PERCENT, AnswerKind.DURATION}
    asked = {family_of(one) for one in found if one.answer in numbers} - {""}
    assert {"care", "puma", "c2s", "ame", "referrals"} <= asked <= families_of(QUESTIONS, YEAR.number)
    assert "inclusion_initiatives_usagers." in families_of(QUESTIONS, YEAR.number)
    assert (
        families_of([one for one in QUESTIONS if one.answer is AnswerKind.YES_NO], YEAR.number) == frozenset()
    )
