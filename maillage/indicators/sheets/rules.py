"""What may be answered to a question, and what an answer is worth. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from maillage.catalogue.measures import GUIDES, MEASURED, SMALL
from maillage.conventions.terms.steering import AnswerKind, Indicator
from maillage.core.refusals import Fault
from maillage.exchange.detector import problem
from maillage.indicators.figures import Value

LARGEST: Final = 1_000_000_000
"""No count goes beyond a billion, and no delay beyond `LONGEST_DELAY` days."""
LONGEST_DELAY: Final = 3_660
LONGEST_WORDS: Final = 4_000
LONGEST_COMMENT: Final = 1_000
WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody answers: a `number` (1 for yes, 0 for no; a percentage from 0 to 100; days), `words` (a text, the key of a choice),
    the two terms `count` and `over` of a percentage, a `comment`, and `why` a figure that looks wrong is right."""

    number: Decimal | None = None
    words: str = ""
    count: int | None = None
    over: int | None = None
    comment: str = ""
    why: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered, the comment apart."""
        return self.number is None and self.count is None and self.over is None and not self.words.strip()


def is_few(indicator: Indicator, part: str, said: Said) -> bool:
    """Whether an answer counts from one to ten people: a number, or a term of a percentage, of what is not known to count none."""
    if indicator.answer not in {AnswerKind.NUMBER, AnswerKind.PERCENT}:
        return False
    code = next((one.measure for one in indicator.parts if one.key == part), indicator.measure)
    if code and not MEASURED[code].of_people and code != GUIDES:
        return False
    if said.count is not None and said.over is not None:
        return any(0 < term < SMALL for term in (said.count, abs(said.over - said.count)))
    return indicator.answer is AnswerKind.NUMBER and said.number is not None and 0 < said.number < SMALL


def faults_of(indicator: Indicator, said: Said) -> list[Fault]:
    """What is wrong with an answer, at `value`, `count`, `over`, `comment` or `why`."""
    return [
        *(_of_a_text(said.words, "value", LONGEST_WORDS)),
        *(_of_a_text(said.comment, "comment", LONGEST_COMMENT)),
        *(_of_a_text(said.why, "why", LONGEST_COMMENT)),
        *(() if said.is_empty else _CHECKS[indicator.answer](indicator, said)),
    ]


def _of_a_text(text: str, field: str, longest: int) -> Iterator[Fault]:
    """A text circulates beyond the parties: it names nobody."""
    if len(text) > longest:
        yield Fault(f"Écrivez {longest} caractères au plus.", field)
    if (named := problem(text)) is not None:
        yield Fault(named, field)


def _yes_no(indicator: Indicator, said: Said) -> Iterator[Fault]:
    del indicator
    if said.number not in {0, 1}:
        yield Fault("Répondez par oui ou par non.", "value")


def _number(indicator: Indicator, said: Said) -> Iterator[Fault]:
    del indicator
    if said.number is None or said.number != int(said.number) or not 0 <= said.number <= LARGEST:
        yield Fault("Écrivez un nombre entier, de 0 à 1 000 000 000.", "value")


def _percent(indicator: Indicator, said: Said) -> Iterator[Fault]:
    del indicator
    if said.count is not None or said.over is not None:
        yield from _terms(said)
    elif said.number is None or not 0 <= said.number <= LARGEST:
        yield Fault("Écrivez un pourcentage, de 0 à 100.", "value")
    elif said.number > WHOLE and not said.why.strip():
        yield Fault("Plus de 100 % : corrigez, ou dites pourquoi c’est juste.", "why")


def _terms(said: Said) -> Iterator[Fault]:
    if said.count is None or not 0 <= said.count <= LARGEST:
        yield Fault("Écrivez le numérateur, un nombre entier.", "count")
    if said.over is None or not 0 < said.over <= LARGEST:
        yield Fault("Écrivez le dénominateur, un nombre entier qui n’est pas zéro.", "over")
    elif said.count is not None and said.count > said.over and not said.why.strip():
        yield Fault("Le numérateur dépasse le dénominateur : corrigez, ou dites pourquoi c’est juste.", "why")


def _duration(indicator: Indicator, said: Said) -> Iterator[Fault]:
    del indicator
    if said.number is None or not 0 <= said.number <= LONGEST_DELAY:
        yield Fault("Écrivez un nombre de jours, de 0 à 3 660.", "value")


def _choice(indicator: Indicator, said: Said) -> Iterator[Fault]:
    if said.words not in {one.key for one in indicator.choices}:
        yield Fault("Choisissez une réponse de la liste.", "value")


def _open(indicator: Indicator, said: Said) -> Iterator[Fault]:
    del indicator
    if said.number is not None or said.count is not None or said.over is not None:
        yield Fault("Répondez par un texte.", "value")


_CHECKS: Final = {
    AnswerKind.YES_NO: _yes_no,
    AnswerKind.NUMBER: _number,
    AnswerKind.PERCENT: _percent,
    AnswerKind.DURATION: _duration,
    AnswerKind.CHOICE: _choice,
    AnswerKind.OPEN: _open,
}


def value_of(kind: AnswerKind, said: Said) -> Value | None:
    """What a sound answer is worth, as `figures` compare it; None for a comment alone."""
    if said.is_empty:
        return None
    if kind in {AnswerKind.CHOICE, AnswerKind.OPEN}:
        return said.words.strip()
    if kind is AnswerKind.PERCENT and said.count is not None and said.over:
        return Fraction(said.count, said.over)
    number = Fraction(said.number or 0)
    if kind is AnswerKind.YES_NO:
        return bool(number)
    if kind is AnswerKind.PERCENT:
        return number / WHOLE
    return int(number) if kind is AnswerKind.NUMBER else number
