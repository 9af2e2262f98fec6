"""What is asked of a convention about a year: by its own text, and by the campaigns of that year."""

from collections.abc import Iterable, Mapping
from datetime import date

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.terms.steering import Indicator
from maillage.core.calendar import DAY
from maillage.indicators.campaigns.queries import asked_of, with_campaigns
from maillage.indicators.figures import Year


def asked_in(known: LoadedConvention, year: Year, on: date) -> tuple[Indicator, ...]:
    """The questions of the text as it stood on the last day of the year, or stands today; then those of the campaigns of that year."""
    return asked_by_year(known, (year,), on)[year]


def asked_by_year(
    known: LoadedConvention, years: Iterable[Year], on: date
) -> Mapping[Year, tuple[Indicator, ...]]:
    """The same of several years, in one question."""
    wanted = tuple(years)
    campaigns = asked_of(known, wanted)
    return {
        year: with_campaigns(
            known.readable(min(on, year.until - DAY)).indicators,
            [one for one in campaigns if one.year == year.number],
        )
        for year in wanted
    }
