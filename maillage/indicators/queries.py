"""The report of a convention over a year, as a party of it reads it."""

from datetime import date

from maillage.cases.models import Authorisation
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.indicators.asking import asked_in
from maillage.indicators.counting import amounts
from maillage.indicators.figures import Year, beside, figures
from maillage.indicators.report import Bilan
from maillage.indicators.sheets.queries import Filled, sheet_of


def bilan(known: LoadedConvention, year: Year, on: date, filled: Filled | None = None) -> Bilan:
    """The report on a day, of a convention to which the acting organisation is a party: what its referents said, else what was counted.

    Once the sheet is validated, what was counted is what had been that day. `filled`: the sheet, where it was read already.
    """
    sheet = filled or sheet_of(known.id, year)
    exact = _reads_people(known)
    frozen = sheet.amounts if exact else None
    counted = amounts(known.id, year) if frozen is None else frozen
    asked = asked_in(known, year, on)
    return Bilan(
        convention=known.id,
        title=known.row.title,
        parties=tuple(party.name for party in known.signatories),
        year=year,
        made_on=on,
        figures=figures(asked, year, counted, sheet.answers(asked)),
        others=beside(asked, year, counted),
        amounts=counted,
        exact=exact,
        validated_on=sheet.row.validated_at.date() if sheet.row and sheet.row.validated_at else None,
    )


def _reads_people(known: LoadedConvention) -> bool:
    """Whether the acting organisation sends or receives cases under the convention; each reads its own authorisations only."""
    return Authorisation.objects.filter(convention_id=known.id).exists()
