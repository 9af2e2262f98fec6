"""The figures of a convention over a year: each question of its text with its answer, and what else Maillage counted. Pure.

A figure is made here and nowhere else: the page, the committee's pack, the exports and the consolidation show the same ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final

from maillage.catalogue.measures import DAYS, GUIDES, MEASURED, PERCENT, SMALL, Measure, measure
from maillage.conventions.terms.steering import AnswerKind, Condition, Indicator, Part

Value = int | Fraction | bool | str
"""A number, a share from 0 to 1 or a number of days, yes or no, the key of a choice or a text."""
Amounts = Mapping[str, int]
"""What was counted, by the code of its measure; what is absent was not there to count: zero."""
Place = tuple[str, str]
"""The key of a question, and that of the part of its answer, empty where it has none."""
_SUMS: Final = frozenset({"files_days", "sample_days"})
"""Counts that only serve a mean."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the referents of the parties said to a question: the two terms of a share where they gave them, their comment, and why a
    figure that looks wrong is right."""

    value: Value | None
    comment: str = ""
    count: int | None = None
    over: int | None = None
    why: str = ""


_NO_ANSWER: Final = Answer(None)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a report. `value` is None where nobody answered yet, or where nothing is there to divide.

    `counted` is what Maillage counted for it, also where the referents said otherwise; `count` and `over` are the two terms of a
    share or of a mean. `choices` are the words of the answers of a choice. `condition`: the answer to another question without which
    this one is pointless. `is_told`: whether the reader may read what was counted or said for it, however small.
    """

    question: str
    part: str
    block: str
    label: str
    answer: AnswerKind
    value: Value | None
    counted: Value | None = None
    measure: Measure | None = None
    count: int | None = None
    over: int | None = None
    rule: str = ""
    article: str = ""
    comment: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    condition: Condition | None = None
    is_pointless: bool = False
    is_told: bool = True

    @property
    def place(self) -> Place:
        """Where it stands in the text."""
        return self.question, self.part

    @property
    def unit(self) -> str:
        """What one of them is; empty for what is no quantity, or a number whose question says what it counts."""
        if self.measure is not None and self.answer is not AnswerKind.YES_NO:
            return self.measure.unit
        return {AnswerKind.PERCENT: PERCENT, AnswerKind.DURATION: DAYS}.get(self.answer, "")

    @property
    def over_words(self) -> str:
        """What the denominator is; empty where the text does not say."""
        return MEASURED[self.measure.over].words if self.measure is not None and self.measure.over else ""

    @property
    def is_said_otherwise(self) -> bool:
        """Whether the referents gave another figure than what was counted."""
        return self.counted is not None and self.value != self.counted


@dataclass(frozen=True, slots=True)
class Year:
    """A civil year, in the days of the convention; `until` is the first day after it."""

    number: int

    @property
    def since(self) -> date:
        """Its first day."""
        return date(self.number, 1, 1)

    @property
    def until(self) -> date:
        """The first day after it."""
        return date(self.number + 1, 1, 1)


def figures(
    asked: Iterable[Indicator],
    year: Year,
    amounts: Amounts,
    answers: Mapping[Place, Answer] | None = None,
) -> tuple[Figure, ...]:
    """Each question of a text with its answer: what its referents said, else what Maillage counted.

    A question that another answer makes pointless is left out; so is an option that the parties dropped.
    """
    return Questionnaire(asked, year).figures(amounts, answers)


def questions(
    asked: Iterable[Indicator],
    year: Year,
    amounts: Amounts,
    answers: Mapping[Place, Answer] | None = None,
    *,
    exact: bool = True,
) -> tuple[Figure, ...]:
    """The same, with those that another answer makes pointless: whoever fills the sheet may still change that answer.

    Not `exact`: for whoever reads of people only what is told to all (`told`); what is not is no zero, and says so.
    """
    return Questionnaire(asked, year, exact=exact).questions(amounts, answers)


@dataclass(frozen=True, slots=True)
class _Question:
    """A question, or one part of it, made ready. `count` and `over`: the codes of what is counted for it, empty for none.

    `hangs_on`: where the question of its condition stands, -1 where it is not asked; None without condition. `made`: each figure
    that was made of it, by all that it depends on.
    """

    indicator: Indicator
    part: Part | None
    place: Place
    definition: Measure | None
    count: str
    over: str
    hangs_on: int | None
    made: dict[tuple[bool, int | None, int | None, Answer | None], Figure]

    def is_pointless(self, before: Sequence[Figure]) -> bool:
        """Whether the answer to the question on which it hangs is known, and is another one; an open answer hangs on nothing."""
        if self.hangs_on is None or self.indicator.condition is None:
            return False
        if self.hangs_on < 0 or before[self.hangs_on].is_pointless:
            return True
        known = before[self.hangs_on].value
        return known is not None and known != self.indicator.condition.equals


class Questionnaire:
    """The questions of a text about a year, to be answered under one convention or many.

    The same counts and the same answer are the same figure: it is made once, wherever it comes again.
    """

    def __init__(self, asked: Iterable[Indicator], year: Year, *, exact: bool = True) -> None:
        self._exact = exact
        self._questions: list[_Question] = []
        for indicator in asked:
            if indicator.optional and indicator.chosen is False:
                continue
            hangs_on = self._first(indicator.condition.indicator) if indicator.condition else None
            self._questions += [
                _question(indicator, part, year, hangs_on) for part in indicator.parts or (None,)
            ]

    def _first(self, question: str) -> int:
        places = (at for at, one in enumerate(self._questions) if one.indicator.key == question)
        return next(places, -1)

    def figures(self, amounts: Amounts, answers: Mapping[Place, Answer] | None = None) -> tuple[Figure, ...]:
        """Each question with its answer, without those that another answer makes pointless."""
        return tuple(one for one in self.questions(amounts, answers) if not one.is_pointless)

    def questions(
        self, amounts: Amounts, answers: Mapping[Place, Answer] | None = None
    ) -> tuple[Figure, ...]:
        """The same, with them."""
        said = answers or {}
        found: list[Figure] = []
        for one in self._questions:
            is_pointless = one.hangs_on is not None and one.is_pointless(found)
            answer = said.get(one.place) if said else None
            known = is_pointless, amounts.get(one.count), amounts.get(one.over), answer
            figure = one.made.get(known)
            if figure is None:
                figure = _figure(one, amounts, answer or _NO_ANSWER, exact=self._exact)
                figure = one.made[known] = replace(figure, is_pointless=is_pointless)
            found.append(figure)
        return tuple(found)


def _question(indicator: Indicator, part: Part | None, year: Year, hangs_on: int | None) -> _Question:
    code = part.measure if part else indicator.measure
    definition = measure(code, year.number) if code else None
    count = (definition.count or definition.code) if definition else ""
    place = indicator.key, part.key if part else ""
    return _Question(
        indicator, part, place, definition, count, definition.over if definition else "", hangs_on, {}
    )


def _figure(one: _Question, amounts: Amounts, answer: Answer, *, exact: bool) -> Figure:
    indicator, definition = one.indicator, one.definition
    is_told = exact or _is_told(definition, indicator.answer, amounts)
    counted, count, over = _counted(definition, indicator.answer, amounts) if is_told else (None, None, None)
    if answer.value is not None:
        count, over = answer.count, answer.over
    question, part = one.place
    return Figure(
        question=question,
        part=part,
        block=indicator.block or "",
        label=_label(indicator, one.part),
        answer=indicator.answer,
        value=counted if answer.value is None else answer.value,
        counted=counted,
        measure=definition,
        count=count,
        over=over,
        rule=_rule(indicator.counting or "", definition.rule if definition else ""),
        article=indicator.article,
        comment=" ".join(text for text in (answer.comment, answer.why) if text),
        choices=tuple((choice.key, choice.label) for choice in indicator.choices),
        condition=indicator.condition,
        is_told=is_told,
    )


def _is_told(definition: Measure | None, answer: AnswerKind, amounts: Amounts) -> bool:
    """Whether this is told to whoever reads of people nothing exactly; of what Maillage does not count, only what counts nobody."""
    if definition is None:
        return answer not in {AnswerKind.NUMBER, AnswerKind.PERCENT}
    return not definition.of_people and (definition.code != GUIDES or GUIDES in amounts)


def told(amounts: Amounts, year: Year, on: date) -> Amounts:
    """What all parties may read of these counts: nothing of people, but the guides of a year that is over, from eleven on."""
    return {
        code: amount
        for code, amount in amounts.items()
        if not MEASURED[code].of_people and (code != GUIDES or (amount >= SMALL and year.until <= on))
    }


def _label(indicator: Indicator, part: Part | None) -> str:
    return f"{indicator.label} : {part.label}" if part else indicator.label


@lru_cache(maxsize=512)
def _rule(of_text: str, of_measure: str) -> str:
    """The rule of counting that the text gives, then that of the measure."""
    return " ".join(one if one.endswith(".") else f"{one}." for one in (of_text, of_measure) if one)


def _counted(
    definition: Measure | None, answer: AnswerKind, amounts: Amounts
) -> tuple[Value | None, int | None, int | None]:
    """What was counted, with the two terms of a share or of a mean; None over nothing."""
    if definition is None:
        return None, None, None
    if definition.is_ratio:
        count, over = amounts.get(definition.count, 0), amounts.get(definition.over, 0)
        return (Fraction(count, over) if over else None), count, over
    amount = amounts.get(definition.code, 0)
    return (amount > 0 if answer is AnswerKind.YES_NO else amount), None, None


def beside(asked: Iterable[Indicator], year: Year, amounts: Amounts) -> tuple[Figure, ...]:
    """What Maillage counted besides what the text asks: whatever is not zero, in the order of the measures."""
    named = {code for indicator in asked for code in indicator.measures} | _SUMS
    shown = (of_measure(code, year, amounts) for code in MEASURED if code not in named)
    return tuple(one for one in shown if one.value)


def of_measure(code: str, year: Year, amounts: Amounts) -> Figure:
    """The figure of one measure, as it is counted in a year; zero where nothing was there to count."""
    definition = measure(code, year.number)
    answer = {PERCENT: AnswerKind.PERCENT, DAYS: AnswerKind.DURATION}.get(definition.unit, AnswerKind.NUMBER)
    value, count, over = _counted(definition, answer, amounts)
    return Figure(
        question=code,
        part="",
        block="",
        label=definition.words,
        answer=answer,
        value=value,
        counted=value,
        measure=definition,
        count=count,
        over=over,
        rule=definition.rule,
    )
