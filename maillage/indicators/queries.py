"""The report of a convention over a year, as a party of it reads it."""

from collections.abc import Mapping, Sequence
from datetime import date

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.indicators.asking import asked_by_year
from maillage.indicators.counting import all_read_exactly, amounts_by_year, reads_exactly
from maillage.indicators.figures import Amounts, Year, beside, questions, told
from maillage.indicators.report import Bilan
from maillage.indicators.sheets.queries import Filled, sheets_of


def bilan(known: LoadedConvention, year: Year, on: date, *, for_all: bool = False) -> Bilan:
    """The report on a day, of a convention to which the acting organisation is a party: what its referents said, else what was counted.

    Once the sheet is validated, what was counted is what had been that day. `for_all`: as the party reads it that reads least, for a
    file that is read by all of them.
    """
    (found,) = bilans(known, (year,), on, for_all=for_all)
    return found


def bilans(
    known: LoadedConvention,
    years: Sequence[Year],
    on: date,
    sheets: Mapping[Year, Filled] | None = None,
    *,
    for_all: bool = False,
) -> tuple[Bilan, ...]:
    """The same of several years, in their order and in as many questions as of one. `sheets`: theirs, where they were read already."""
    filled = sheets or sheets_of(known.id, years)
    exact = all_read_exactly(known.id) if for_all else reads_exactly(known.id)
    counted = _counted(known, filled, on, exact=exact)
    asked = asked_by_year(known, years, on)
    found = []
    for year in years:
        sheet, answers = filled[year], filled[year].answers(asked[year], few=exact or not for_all)
        asking = questions(asked[year], year, counted[year], answers, exact=exact)
        found.append(
            Bilan(
                convention=known.id,
                title=known.row.title,
                parties=tuple(party.name for party in known.signatories),
                year=year,
                made_on=on,
                figures=tuple(one for one in asking if not one.is_pointless),
                others=beside(asked[year], year, counted[year]),
                amounts=counted[year],
                exact=exact,
                validated_on=sheet.row.validated_at.date() if sheet.row and sheet.row.validated_at else None,
                questions=asking,
            )
        )
    return tuple(found)


def _counted(
    known: LoadedConvention, sheets: Mapping[Year, Filled], on: date, *, exact: bool
) -> Mapping[Year, Amounts]:
    """What is counted of each year, or had been when its sheet was validated; without `exact`, what is told to all."""
    if not exact:
        found = amounts_by_year(known.id, sheets)
        return {year: told(amounts, year, on) for year, amounts in found.items()}
    kept = {year: one.amounts for year, one in sheets.items() if one.amounts is not None}
    return kept | amounts_by_year(known.id, [year for year in sheets if year not in kept])
