"""What was released, in words: numbers, shares of two published terms, counts of conventions; hidden ones are said so."""

import pytest

from maillage.conventions.terms.steering import AnswerKind, Indicator, Part
from maillage.core.french import NBSP
from maillage.indicators.consolidated.reading import HIDDEN, NO_ANSWER, NOT_ADDED, Line, lines
from maillage.indicators.consolidated.series import ANSWERED, YES, SeriesKey


def asked(answer: AnswerKind, **more: object) -> Indicator:
    return Indicator.model_validate({"key": "q", "article": "4", "label": "Combien", "answer": answer} | more)


def only(indicator: Indicator, amounts: dict[SeriesKey, int | None]) -> Line:
    (found,) = lines([indicator], amounts)
    return found


def key(term: str = "") -> SeriesKey:
    return SeriesKey("q", "", term)


@pytest.mark.parametrize(
    ("kind", "amounts", "text", "detail"),
    [
        (AnswerKind.NUMBER, {key(): 12}, "12", ""),
        (AnswerKind.NUMBER, {key(): 0}, "0", ""),
        (AnswerKind.NUMBER, {key(): None}, HIDDEN, ""),
        (AnswerKind.NUMBER, {}, NO_ANSWER, ""),
        (AnswerKind.PERCENT, {key("count"): 3, key("over"): 8}, f"37,5{NBSP}%", "3 sur 8"),
        (AnswerKind.PERCENT, {key("count"): None, key("over"): 8}, HIDDEN, ""),
        (AnswerKind.PERCENT, {key("count"): 3, key("over"): None}, HIDDEN, ""),
        (AnswerKind.PERCENT, {key("count"): 0, key("over"): 0}, NO_ANSWER, ""),
        (AnswerKind.PERCENT, {key(ANSWERED): 4}, NOT_ADDED, f"4{NBSP}réponses"),
        (AnswerKind.DURATION, {key("count"): 243, key("over"): 10}, "24,3 jours", f"10{NBSP}dossiers"),
        (AnswerKind.YES_NO, {key(ANSWERED): 3, key(YES): 2}, f"oui : 2{NBSP}conventions sur 3", ""),
        (AnswerKind.YES_NO, {}, NO_ANSWER, ""),
    ],
)
def test_each_kind_of_answer_has_its_words(
    kind: AnswerKind, amounts: dict[SeriesKey, int | None], text: str, detail: str
) -> None:
    found = only(asked(kind), amounts)
    assert (found.text, found.detail) == (text, detail)
    assert found.is_hidden == (text == HIDDEN)


def test_a_choice_counts_the_conventions_of_each_answer() -> None:
    choices = [{"key": "absence", "label": "Absence"}, {"key": "refus", "label": "Refus"}]
    found = list(lines([asked(AnswerKind.CHOICE, choices=choices)], {key("refus"): 2}))
    assert [(one.label, one.amount) for one in found] == [("Combien : Absence", 0), ("Combien : Refus", 2)]


def test_open_questions_have_no_line_and_parts_have_one_each() -> None:
    parts = (Part(key="a", label="A"), Part(key="b", label="B"))
    assert list(lines([asked(AnswerKind.OPEN)], {})) == []
    assert [one.part for one in lines([asked(AnswerKind.NUMBER, parts=parts)], {})] == ["a", "b"]
