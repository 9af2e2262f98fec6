"""What the reports of conventions become together: one series for each figure that adds up, one for each answer that is counted. Pure.

A share or a mean is two series, divided where it is shown. A yes, a no or a choice counts conventions, which are nobody's secret.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from maillage.catalogue.measures import MEASURED, Measure, measure
from maillage.conventions.terms.steering import AnswerKind, Indicator
from maillage.indicators.figures import Figure, Place

CONVENTIONS: Final = "conventions"
ANSWERED: Final = "answered"
YES: Final = "yes"
_FAMILIES: Final = (
    ("referrals", ("referrals_", "renunciations")),
    ("care", ("care_", "rights_ended", "eps_done")),
    ("puma", ("puma_",)),
    ("c2s", ("c2s_",)),
    ("ame", ("ame_",)),
    ("files", ("files_", "sample_", "decided_")),
    ("delays", ("acknowledged_", "contacted_")),
)
"""Measures that may be sums or parts of each other: what one hides, the others do not give away."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one convention brings: who holds it (`caisse`), in which `region`, with which `network` of partners, its figures."""

    convention: str
    caisse: str
    region: str
    network: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """A question, the part of its answer, and which number of it: the value itself, `count` and `over` of a ratio, `yes`,
    `answered`, or the key of a choice."""

    question: str
    part: str = ""
    term: str = ""


@dataclass(slots=True)
class Series:
    """One number for each convention. `family`: the series that are protected together; empty for what counts no people."""

    key: SeriesKey
    family: str
    amounts: dict[str, int] = field(default_factory=dict)

    @property
    def is_protected(self) -> bool:
        """Whether it counts what happens to people."""
        return bool(self.family)


def series_of(contributions: Iterable[Contribution]) -> list[Series]:
    """The series of a set of conventions, in the order in which they are first met; open answers are none."""
    found: dict[SeriesKey, Series] = {}
    told: dict[
        int, tuple[Figure, list[tuple[dict[str, int], int]]]
    ] = {}  # what conventions share is read once
    for one in contributions:
        for figure in one.figures:
            known = told.get(id(figure))
            if known is None:
                known = told[id(figure)] = (
                    figure,
                    [
                        (found.setdefault(key, Series(key, family)).amounts, amount)
                        for key, amount, family in _numbers(figure)
                    ],
                )
            for amounts, amount in known[1]:
                amounts[one.convention] = amounts.get(one.convention, 0) + amount
    return list(found.values())


def _numbers(figure: Figure) -> Iterator[tuple[SeriesKey, int, str]]:
    """Each number of a figure: its series, how many, its family."""
    for term, amount, family in _terms(figure):
        yield SeriesKey(*figure.place, term), amount, family


def _terms(figure: Figure) -> Iterator[tuple[str, int, str]]:
    """Each number of a figure: its term, how many, its family."""
    if figure.value is None and figure.over is None:
        return
    family = family_of(figure)
    match figure.answer:
        case AnswerKind.NUMBER if isinstance(figure.value, int):
            yield "", figure.value, family
        case AnswerKind.PERCENT | AnswerKind.DURATION if figure.count is not None and figure.over is not None:
            yield "count", figure.count, family
            yield "over", figure.over, family
        case AnswerKind.YES_NO:
            yield ANSWERED, 1, ""
            yield YES, int(bool(figure.value)), ""
        case AnswerKind.CHOICE:
            yield ANSWERED, 1, ""
            yield str(figure.value), 1, ""
        case AnswerKind.PERCENT | AnswerKind.DURATION:
            yield ANSWERED, 1, ""


def family_of(figure: Figure) -> str:
    """With which series a figure is protected: those of its measure's family; alone where the referents say it; none without people."""
    return _family(figure.measure, figure.place)


def families_of(questions: Iterable[Indicator], year: int) -> frozenset[str]:
    """The families of people of which these questions ask numbers about a civil year."""
    numbers = {AnswerKind.NUMBER, AnswerKind.PERCENT, AnswerKind.DURATION}
    found = set()
    for one in questions:
        for part in (one.parts or (None,)) if one.answer in numbers else ():
            code = part.measure if part else one.measure
            place = one.key, part.key if part else ""
            found.add(_family(measure(code, year) if code else None, place))
    return frozenset(found - {""})


def _family(definition: Measure | None, place: Place) -> str:
    if definition is None:
        return ".".join(place)
    if not definition.of_people:
        return ""
    code = definition.over or definition.code
    return next((name for name, starts in _FAMILIES if code.startswith(starts)), code)


def unprotected_codes() -> frozenset[str]:
    """The measures of people that no family holds: none, and a test says so."""
    known = tuple(start for _, starts in _FAMILIES for start in starts)
    return frozenset(code for code, one in MEASURED.items() if one.of_people and not code.startswith(known))


def totals(series: Iterable[Series]) -> Mapping[SeriesKey, int]:
    """Of each series, the sum over its conventions."""
    return {one.key: sum(one.amounts.values()) for one in series}
