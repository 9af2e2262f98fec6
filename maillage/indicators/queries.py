"""The report of a convention over a year, as a party of it reads it."""

from collections.abc import Mapping, Sequence
from datetime import date

from maillage.cases.models import Authorisation
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.terms.steering import Indicator
from maillage.indicators.asking import asked_by_year
from maillage.indicators.counting import amounts_by_year
from maillage.indicators.figures import Amounts, Year, beside, questions
from maillage.indicators.report import Bilan
from maillage.indicators.sheets.queries import Filled, sheets_of


def bilan(known: LoadedConvention, year: Year, on: date) -> Bilan:
    """The report on a day, of a convention to which the acting organisation is a party: what its referents said, else what was counted.

    Once the sheet is validated, what was counted is what had been that day.
    """
    (found,) = bilans(known, (year,), on)
    return found


def bilans(
    known: LoadedConvention,
    years: Sequence[Year],
    on: date,
    sheets: Mapping[Year, Filled] | None = None,
) -> tuple[Bilan, ...]:
    """The same of several years, in their order and in as many questions as of one. `sheets`: theirs, where they were read already."""
    filled = sheets or sheets_of(known.id, years)
    exact = _reads_people(known)
    frozen = {year: one.amounts for year, one in filled.items() if exact and one.amounts is not None}
    counted = frozen | amounts_by_year(known.id, [year for year in years if year not in frozen])
    asked = asked_by_year(known, years, on)
    return tuple(
        _bilan(known, year, on, sheet=filled[year], asked=asked[year], counted=counted[year], exact=exact)
        for year in years
    )


def _bilan(
    known: LoadedConvention,
    year: Year,
    on: date,
    *,
    sheet: Filled,
    asked: Sequence[Indicator],
    counted: Amounts,
    exact: bool,
) -> Bilan:
    found = questions(asked, year, counted, sheet.answers(asked))
    return Bilan(
        convention=known.id,
        title=known.row.title,
        parties=tuple(party.name for party in known.signatories),
        year=year,
        made_on=on,
        figures=tuple(one for one in found if not one.is_pointless),
        others=beside(asked, year, counted),
        amounts=counted,
        exact=exact,
        validated_on=sheet.row.validated_at.date() if sheet.row and sheet.row.validated_at else None,
        questions=found,
    )


def _reads_people(known: LoadedConvention) -> bool:
    """Whether the acting organisation sends or receives cases under the convention; each reads its own authorisations only."""
    return Authorisation.objects.filter(convention_id=known.id).exists()
