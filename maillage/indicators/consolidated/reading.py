"""What a campaign released, as answers to its questions somewhere: the words of each, hidden ones said as such. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from maillage.catalogue.measures import MEASURED, Measure
from maillage.conventions.terms.steering import AnswerKind, Indicator, Part
from maillage.core.numbers import counted, number, percent
from maillage.indicators.consolidated.series import ANSWERED, YES, SeriesKey

HIDDEN: Final = "non publié"
"""For a number that would tell too much of a few people, or from which another would be computed."""
NO_ANSWER: Final = "aucune réponse"
NOT_ADDED: Final = "ne s’additionne pas"
"""For a percentage or a delay given without its two terms."""
Amounts = Mapping[SeriesKey, int | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: `text` in words, `amount` the number behind it where there is one and it is published."""

    question: str
    part: str
    block: str
    label: str
    text: str
    detail: str = ""
    amount: int | None = None
    rule: str = ""
    article: str = ""

    @property
    def is_hidden(self) -> bool:
        """Whether the number is there and not published."""
        return self.text == HIDDEN


def lines(questions: Iterable[Indicator], amounts: Amounts) -> Iterator[Line]:
    """An answer for each question, part and choice, in the order of the text; open questions have none."""
    for one in questions:
        if one.answer is AnswerKind.OPEN:
            continue
        if one.answer is AnswerKind.CHOICE:
            yield from _choices(one, amounts)
            continue
        for part in one.parts or (None,):
            text, detail, amount = _answer(one, part, amounts)
            measure = MEASURED.get((part.measure if part else one.measure) or "")
            yield Line(
                one.key,
                part.key if part else "",
                one.block or "",
                f"{one.label} : {part.label}" if part else one.label,
                text,
                detail,
                amount,
                _rule(one, measure),
                one.article,
            )


def _rule(one: Indicator, measure: Measure | None) -> str:
    told = (f"{one.counting}." if one.counting else "", measure.rule if measure else "")
    return " ".join(part for part in told if part)


def _choices(one: Indicator, amounts: Amounts) -> Iterator[Line]:
    for choice in one.choices:
        found = amounts.get(SeriesKey(one.key, "", choice.key)) or 0
        label = f"{one.label} : {choice.label}"
        text = counted(found, "convention")
        yield Line(one.key, choice.key, one.block or "", label, text, "", found, "", one.article)


def _answer(one: Indicator, part: Part | None, amounts: Amounts) -> tuple[str, str, int | None]:
    place = (one.key, part.key if part else "")
    if one.answer is AnswerKind.YES_NO:
        answered, yes = (amounts.get(SeriesKey(*place, term)) or 0 for term in (ANSWERED, YES))
        if not answered:
            return NO_ANSWER, "", None
        return f"oui : {counted(yes, 'convention')} sur {number(answered)}", "", yes
    if one.answer is AnswerKind.NUMBER:
        return _number(SeriesKey(*place), amounts)
    return _ratio(one.answer, place, amounts)


def _number(key: SeriesKey, amounts: Amounts) -> tuple[str, str, int | None]:
    if key not in amounts:
        return NO_ANSWER, "", None
    amount = amounts[key]
    return (HIDDEN, "", None) if amount is None else (number(amount), "", amount)


def _ratio(kind: AnswerKind, place: tuple[str, str], amounts: Amounts) -> tuple[str, str, int | None]:
    """A share or a mean, only where both its terms are published."""
    count, over = SeriesKey(*place, "count"), SeriesKey(*place, "over")
    if over not in amounts:
        given = amounts.get(SeriesKey(*place, ANSWERED))
        return (NOT_ADDED, counted(given, "réponse"), None) if given else (NO_ANSWER, "", None)
    numerator, denominator = amounts.get(count), amounts[over]
    if numerator is None or denominator is None:
        return HIDDEN, "", None
    if not denominator:
        return NO_ANSWER, "", None
    detail = f"{number(numerator)} sur {number(denominator)}"
    if kind is AnswerKind.DURATION:
        return f"{number(numerator / denominator, 1)} jours", f"{counted(denominator, 'dossier')}", None
    return percent(numerator / denominator), detail, numerator
