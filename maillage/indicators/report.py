"""The yearly report (« bilan ») of a convention as a value, and what each form of it holds: lines of a table, JSON, a sheet. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from maillage.catalogue.measures import OF_DELAYS
from maillage.core.calendar import french
from maillage.core.french import typeset
from maillage.core.numbers import counted
from maillage.documents.composition import (
    Heading,
    Paragraph,
    Sheet,
    SheetBlock,
    SheetPart,
    Style,
    Table,
    text,
)
from maillage.indicators.figures import Amounts, Figure, Value, Year
from maillage.indicators.wording import source_words, terms_words, value_words

COLUMNS: Final = (
    "Bloc", "Indicateur", "Valeur", "Unité", "Numérateur", "Dénominateur", "D’où vient le chiffre", "Règle de comptage", "Article",
    "Définition", "Commentaire",
)  # fmt: skip
BESIDE: Final = "Autres chiffres comptés par Maillage"
"""The block of what the text does not ask."""
DELAYS: Final = "Délais, par tranche de jours"
"""The block of how long things took."""
_WIDTHS: Final = (5, 2, 4)


@dataclass(frozen=True, slots=True)
class Bilan:
    """The figures of one convention over one civil year, as they were on `made_on`.

    `figures` answer the questions of the text, `others` are what Maillage counted besides. `exact`: whoever asks reads what happens
    to people; a party that may not (S0 art. 5) has the other figures only, and says so. `amounts`: all that was counted.
    `questions`: the figures, with those of the questions that another answer makes pointless.
    """

    convention: UUID
    title: str
    parties: tuple[str, ...]
    year: Year
    made_on: date
    figures: tuple[Figure, ...]
    others: tuple[Figure, ...]
    amounts: Amounts = field(default_factory=dict)
    exact: bool = True
    validated_on: date | None = None
    questions: tuple[Figure, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether the year has ended: before, its figures still move."""
        return self.made_on >= self.year.until

    @property
    def period_words(self) -> str:
        """Which days were counted, and whether they are over."""
        if self.validated_on is not None:
            return f"Année {self.year.number}, chiffres validés le {french(self.validated_on)}."
        if self.is_over:
            return f"Année {self.year.number}, du 1er janvier au 31 décembre. Chiffres pas encore validés."
        return f"Année {self.year.number}, en cours : chiffres au {french(self.made_on)}."

    def asked_blocks(self) -> list[tuple[str, tuple[Figure, ...]]]:
        """The figures that the text asks, under its headings, in its order."""
        return _under_headings(self.figures)

    def question_blocks(self) -> list[tuple[str, tuple[Figure, ...]]]:
        """All its questions, likewise."""
        return _under_headings(self.questions)

    def blocks(self) -> Iterator[tuple[str, tuple[Figure, ...]]]:
        """The same, then the others, how long things took apart."""
        yield from self.asked_blocks()
        delays = tuple(one for one in self.others if one.question in OF_DELAYS)
        others = tuple(one for one in self.others if one.question not in OF_DELAYS)
        if others:
            yield BESIDE, others
        if delays:
            yield DELAYS, delays


def _under_headings(figures: Iterable[Figure]) -> list[tuple[str, tuple[Figure, ...]]]:
    found: dict[str, list[Figure]] = {}
    for one in figures:
        found.setdefault(one.block, []).append(one)
    return [(block, tuple(held)) for block, held in found.items()]


def lines(bilan: Bilan) -> Iterator[tuple[str, ...]]:
    """One line for each figure, under `COLUMNS`, in the order of the page."""
    for block, figures in bilan.blocks():
        for one in figures:
            yield (
                block,
                one.label,
                value_words(one),
                one.unit,
                "" if one.count is None else str(one.count),
                "" if one.over is None else str(one.over),
                source_words(one),
                one.rule,
                one.article,
                one.measure.name if one.measure else "",
                one.comment,
            )


def as_data(bilan: Bilan) -> dict[str, Any]:
    """Plain data, for JSON: numbers as numbers (a share from 0 to 1, a mean in days), null where nobody answered."""
    return {
        "convention": str(bilan.convention),
        "title": bilan.title,
        "parties": list(bilan.parties),
        "year": bilan.year.number,
        "since": bilan.year.since.isoformat(),
        "until": bilan.year.until.isoformat(),
        "made_on": bilan.made_on.isoformat(),
        "validated_on": bilan.validated_on.isoformat() if bilan.validated_on else None,
        "figures": [_figure(one) for one in bilan.figures],
        "others": [_figure(one) for one in bilan.others],
    }


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "indicator": one.question,
        "part": one.part or None,
        "block": one.block or None,
        "label": one.label,
        "answer": one.answer.value,
        "value": _plain(one.value),
        "counted": _plain(one.counted),
        "numerator": one.count,
        "denominator": one.over,
        "unit": one.unit or None,
        "definition": one.measure.name if one.measure else None,
        "rule": one.rule or None,
        "article": one.article or None,
        "comment": one.comment or None,
        "text": value_words(one),
    }


def _plain(value: Value | None) -> int | float | bool | str | None:
    return float(value) if isinstance(value, Fraction) else value


def sheet(bilan: Bilan) -> Sheet:
    """The report to print: a table for each block of the text, the rules of counting under it."""
    return Sheet(
        title=f"Bilan {bilan.year.number}",
        kind_label="Convention de partenariat",
        reference=typeset(bilan.title),
        parts=(
            SheetPart(typeset(bilan.title), tuple(_head(bilan))),
            *(_part(block, figures) for block, figures in bilan.blocks()),
        ),
    )


def _head(bilan: Bilan) -> Iterator[SheetBlock]:
    yield Paragraph(text(typeset(f"Entre {', '.join(bilan.parties)}.")))
    yield Paragraph(text(typeset(bilan.period_words)))
    if not bilan.exact:
        yield Paragraph(text(typeset(NOT_EXACT)))


NOT_EXACT: Final = (
    "Votre organisme ne reçoit aucune donnée nominative sous cette convention : ce qui arrive aux personnes n’est lu ici que dans les "
    "chiffres publiés."
)


def _part(block: str, figures: tuple[Figure, ...]) -> SheetPart:
    rows = tuple(
        (
            text(typeset(one.label)),
            (*text(typeset(valued(one)), Style.STRONG), *text(typeset(_beneath(one)), Style.SMALL)),
            text(typeset(source_words(one)), Style.SMALL),
        )
        for one in figures
    )
    title = typeset(block or "Indicateurs de la convention")
    rules = tuple(dict.fromkeys(one.rule for one in figures if one.rule))
    table = Table(title, ("Indicateur", "Valeur", "D’où vient le chiffre"), rows, _WIDTHS)
    said = [Heading("Règles de comptage"), *(Paragraph(text(typeset(rule), Style.SMALL)) for rule in rules)]
    return SheetPart(title, (table, *(said if rules else ())))


def valued(one: Figure) -> str:
    """Its value with its unit: « 12 orientations »."""
    if isinstance(one.value, bool) or not isinstance(one.value, int) or not one.unit:
        return value_words(one)
    return counted(one.value, one.unit.removesuffix("s"))


def _beneath(one: Figure) -> str:
    terms = terms_words(one)
    return f"\n{terms}" if terms else ""
