"""The figures of a convention over a year: each question of its text with its answer, and what else Maillage counted. Pure.

A figure is made here and nowhere else: the page, the committee's pack, the exports and the consolidation show the same ones.
"""

from collections.abc import Iterable, Iterator, Mapping
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
    return tuple(one for one in questions(asked, year, amounts, answers) if not one.is_pointless)


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
    said = answers or {}
    found: list[Figure] = []
    for indicator in asked:
        if indicator.optional and indicator.chosen is False:
            continue
        pointless = _is_pointless(indicator, (one for one in found if not one.is_pointless))
        answered = _answered(indicator, year, amounts, said, exact=exact)
        found += (replace(one, is_pointless=True) for one in answered) if pointless else answered
    return tuple(found)


def _is_pointless(indicator: Indicator, before: Iterable[Figure]) -> bool:
    """Whether the answer to the question on which it hangs is known, and is another one; an open answer hangs on nothing."""
    if indicator.condition is None:
        return False
    known = [one.value for one in before if one.question == indicator.condition.indicator]
    return not known or (known[0] is not None and known[0] != indicator.condition.equals)


def _answered(
    indicator: Indicator, year: Year, amounts: Amounts, said: Mapping[Place, Answer], *, exact: bool
) -> Iterator[Figure]:
    for part in indicator.parts or (None,):
        code = part.measure if part else indicator.measure
        definition = measure(code, year.number) if code else None
        is_told = exact or _is_told(definition, indicator.answer, amounts)
        counted, count, over = (
            _counted(definition, indicator.answer, amounts) if is_told else (None, None, None)
        )
        answer = said.get((indicator.key, part.key if part else ""), Answer(None))
        if answer.value is not None:
            count, over = answer.count, answer.over
        yield Figure(
            question=indicator.key,
            part=part.key if part else "",
            block=indicator.block or "",
            label=_label(indicator, part),
            answer=indicator.answer,
            value=counted if answer.value is None else answer.value,
            counted=counted,
            measure=definition,
            count=count,
            over=over,
            rule=_rule(indicator.counting or "", definition.rule if definition else ""),
            article=indicator.article,
            comment=" ".join(one for one in (answer.comment, answer.why) if one),
            choices=tuple((one.key, one.label) for one in indicator.choices),
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
