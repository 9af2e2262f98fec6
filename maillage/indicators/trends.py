"""The figures of a convention over the years: each measure beside itself, and where its definition changes. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from maillage.catalogue.measures import MEASURED, OF_DELAYS
from maillage.indicators.figures import Figure, Place, of_measure
from maillage.indicators.report import Bilan

MOST_YEARS: Final = 5


@dataclass(frozen=True, slots=True)
class Series:
    """One figure over the years, the oldest first, as the newest report words it; None for a year that did not ask it."""

    newest: Figure
    years: tuple[tuple[int, Figure | None], ...]

    @property
    def values(self) -> tuple[int | Fraction | None, ...]:
        """What there is to draw; None for a year without it."""
        return tuple(_number(one) for _, one in self.years)

    @property
    def breaks(self) -> tuple[int, ...]:
        """The years from which it is counted by another definition than before."""
        known = [(year, one.measure) for year, one in self.years if one is not None]
        return tuple(
            year
            for (_, before), (year, after) in pairwise(known)
            if before is not None and after is not None and before.name != after.name
        )


def series(reports: Sequence[Bilan]) -> tuple[Series, ...]:
    """What the newest report counts or asks, over its years: `reports` from the newest on.

    Left out: what has a number in one year only, or in none but zero; the bands of delays, which are drawn as a distribution.
    """
    if not reports:
        return ()
    newest, *_ = reports
    places = [_places(one) for one in reports]
    found = (
        Series(
            figure,
            tuple(
                (report.year.number, _in(report, known, figure))
                for report, known in zip(reversed(reports), reversed(places), strict=True)
            ),
        )
        for figure in (*newest.figures, *_others(reports))
    )
    return tuple(one for one in found if _is_drawn(one))


def earlier(reports: Sequence[Bilan], figure: Figure) -> tuple[tuple[int, Figure], ...]:
    """What the years before said of a figure of the newest report, the last one first; the years that say nothing are left out."""
    found = ((one.year.number, _in(one, _places(one), figure)) for one in reports[1:])
    return tuple((year, one) for year, one in found if one is not None and one.value is not None)


def _is_drawn(one: Series) -> bool:
    known = [value for value in one.values if value is not None]
    return len(known) > 1 and any(known)


def _places(report: Bilan) -> Mapping[Place, Figure]:
    return {one.place: one for one in report.figures}


def _others(reports: Sequence[Bilan]) -> Iterator[Figure]:
    """What one of the reports counts beside its text, and the newest text does not ask, in the order of the measures."""
    newest, *_ = reports
    asked = {one.measure.code for one in newest.figures if one.measure is not None}
    counted = {one.question for report in reports for one in report.others} - asked - OF_DELAYS
    yield from (of_measure(code, newest.year, newest.amounts) for code in MEASURED if code in counted)


def _in(report: Bilan, known: Mapping[Place, Figure], figure: Figure) -> Figure | None:
    """The same figure in one year: its answer there, else what was counted; nothing of people to whoever may not read it exactly."""
    if (found := known.get(figure.place)) is not None:
        return found
    if figure.measure is None or (figure.measure.of_people and not report.exact):
        return None
    return of_measure(figure.measure.code, report.year, report.amounts)


def _number(figure: Figure | None) -> int | Fraction | None:
    value = figure.value if figure is not None else None
    return None if value is None or isinstance(value, bool | str) else value
