"""What is asked of a convention about a year: by its own text, and by the campaigns of that year."""

from datetime import date

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.terms.steering import Indicator
from maillage.core.calendar import DAY
from maillage.indicators.campaigns.queries import asked_of, with_campaigns
from maillage.indicators.figures import Year


def asked_in(known: LoadedConvention, year: Year, on: date) -> tuple[Indicator, ...]:
    """The questions of the text as it stood on the last day of the year, or stands today; then those of the campaigns of that year."""
    own = known.readable(min(on, year.until - DAY)).indicators
    return with_campaigns(own, asked_of(known, year))
