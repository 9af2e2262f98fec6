"""Estimating a year-end provision from how past payments developed: chain-ladder, and its error. Pure; exact until the last root.

Row i of a triangle is what was paid, summed, for the care of one year, at the end of that year, of the next, and so on; the last
row has its first cell only. Factors, variances and errors are those of T. Mack, « Distribution-free calculation of the standard
error of chain ladder reserve estimates », ASTIN Bulletin 23 (1993) 213-225: theorems 2 and 3, the last variance by its page 219.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from math import isqrt
from typing import Final

from maillage.conventions.terms.base import Labelled
from maillage.core.french import euros

FEWEST: Final = 3
"""Years without which nothing is estimated."""
FEWEST_FOR_ERROR: Final = 4
"""Years without which no error is told: the variance of the last step is read in the two before it."""
MOST: Final = 20
FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2199
LARGEST: Final = 10**15
Cells = Sequence[Sequence[int | None]]


class Component(Labelled):
    """What a provision is made for (S1 sheet 14)."""

    GRANT = "grant", "dotation globale"
    PACKAGE = "package", "forfait"
    DAY_PRICE = "day_price", "prix de journée"


@dataclass(frozen=True, slots=True)
class Triangle:
    """Payments summed, in cents: `rows[i]` for the care of the year `first + i`."""

    first: int
    rows: tuple[tuple[int, ...], ...]

    @property
    def last(self) -> int:
        """The year that is closed."""
        return self.first + len(self.rows) - 1


@dataclass(frozen=True, slots=True)
class Origin:
    """One year of care: what is paid so far, what it would cost in the end, what is left to pay, and the error of that, in cents."""

    year: int
    paid: int
    ultimate: int
    reserve: int
    error: int | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The provision (`reserve`) and its standard error, in cents; each year's; by how much payments grow from one year end to the next."""

    factors: tuple[Fraction, ...]
    origins: tuple[Origin, ...]
    reserve: int
    error: int | None


def summed(rows: Cells) -> tuple[tuple[int | None, ...], ...]:
    """Payments of each year end, summed along each row; a cell that misses leaves those after it unknown."""
    return tuple(
        tuple(accumulate(row, lambda total, one: None if total is None or one is None else total + one))
        for row in rows
    )


def faults(first: int, rows: Cells) -> list[str]:
    """What keeps these cells from being a triangle, in French, in their order."""
    size = len(rows)
    if not FEWEST <= size <= MOST:
        return [f"Donnez de {FEWEST} à {MOST} années : {size} ici."]
    if not FIRST_YEAR <= first <= LAST_YEAR - size:
        return [f"Écrivez des années de {FIRST_YEAR} à {LAST_YEAR}."]
    found = []
    for place, row in enumerate(rows):
        year, wanted = first + place, size - place
        if any(cell is not None for cell in row[wanted:]):
            found.append(
                f"Année {year} : {wanted} montants au plus, un par fin d’année jusqu’à {first + size - 1}."
            )
        for step in range(wanted):
            cell = row[step] if step < len(row) else None
            if cell is None:
                found.append(f"Année {year}, fin {year + step} : il manque un montant.")
            elif cell < 0:
                found.append(
                    f"Année {year}, fin {year + step} : un cumul payé n’est pas négatif ({euros(cell)})."
                )
            elif cell == 0:
                found.append(
                    f"Année {year}, fin {year + step} : un cumul nul ne se développe pas ; retirez cette année."
                )
            elif cell > LARGEST:
                found.append(f"Année {year}, fin {year + step} : ce montant est trop grand, vérifiez-le.")
    return found


def remarks(triangle: Triangle) -> list[str]:
    """What is possible and worth a look, in French: sums that fall from one year end to the next."""
    return [
        f"Année {triangle.first + place} : le cumul baisse entre fin {triangle.first + place + step} "
        f"({euros(before)}) et fin {triangle.first + place + step + 1} ({euros(after)}) ; est-ce une récupération ?"
        for place, row in enumerate(triangle.rows)
        for step, (before, after) in enumerate(pairwise(row))
        if after < before
    ]


def estimate(triangle: Triangle) -> Estimate:
    """The provision of a triangle without faults."""
    rows, size = triangle.rows, len(triangle.rows)
    weights = [Fraction(sum(row[step] for row in rows[: size - 1 - step])) for step in range(size - 1)]
    factors = [
        sum(row[step + 1] for row in rows[: size - 1 - step]) / weights[step] for step in range(size - 1)
    ]
    variances = _variances(rows, factors) if size >= FEWEST_FOR_ERROR else None
    ratios = [v / f**2 for v, f in zip(variances, factors, strict=True)] if variances is not None else None
    ultimates = [_ultimate(row, factors) for row in rows]
    origins, total = [], Fraction(0)
    for place, row in enumerate(rows):
        own = ultimates[place]
        squared = None
        if ratios is not None:
            squared = own**2 * _own_part(row, factors, ratios, weights)
            later = sum(ultimates[place + 1 :], Fraction(0))
            total += squared + 2 * own * later * sum(
                (ratios[step] / weights[step] for step in range(len(row) - 1, size - 1)), Fraction(0)
            )
        error = None if squared is None else root(squared)
        year = triangle.first + place
        origins.append(Origin(year, row[-1], round(own), round(own - row[-1]), error))
    reserve = round(sum((own - row[-1] for own, row in zip(ultimates, rows, strict=True)), Fraction(0)))
    return Estimate(tuple(factors), tuple(origins), reserve, None if ratios is None else root(total))


def root(squared: Fraction) -> int:
    """The square root, to the nearest whole; exact however large."""
    return (isqrt(4 * squared.numerator // squared.denominator) + 1) // 2


def _ultimate(row: Sequence[int], factors: Sequence[Fraction]) -> Fraction:
    found = Fraction(row[-1])
    for factor in factors[len(row) - 1 :]:
        found *= factor
    return found


def _variances(rows: Sequence[Sequence[int]], factors: Sequence[Fraction]) -> list[Fraction]:
    """Mack's estimators; that of the last step, of which one ratio is known, by the smallest of what the two before it suggest."""
    size = len(rows)
    found = []
    for step in range(size - 2):
        known = rows[: size - 1 - step]
        spread = sum(
            (row[step] * (Fraction(row[step + 1], row[step]) - factors[step]) ** 2 for row in known),
            Fraction(0),
        )
        found.append(spread / (size - 2 - step))
    before, last = found[-2], found[-1]
    found.append(min(last**2 / before, before, last) if before else Fraction(0))
    return found


def _own_part(
    row: Sequence[int], factors: Sequence[Fraction], ratios: Sequence[Fraction], weights: Sequence[Fraction]
) -> Fraction:
    part, reached = Fraction(0), Fraction(row[-1])
    for step in range(len(row) - 1, len(factors)):
        part += ratios[step] * (1 / reached + 1 / weights[step])
        reached *= factors[step]
    return part


def gap(estimated: Estimate, actual: int) -> tuple[int, Fraction | None]:
    """What was paid more (or less, negative) than estimated, and how many standard errors that is; None without an error."""
    difference = actual - estimated.reserve
    return difference, Fraction(difference, estimated.error) if estimated.error else None
