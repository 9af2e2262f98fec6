"""The civil years of a convention."""

from datetime import date

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.indicators.figures import Year


def years_of(known: LoadedConvention, on: date) -> tuple[Year, ...]:
    """The civil years in which the convention was in force, up to a day, the newest first."""
    first = known.row.starts_on or on
    last = min(on, known.row.ends_on or on) if known.row.state == "ended" else on
    return tuple(Year(number) for number in range(last.year, first.year - 1, -1))
