"""How long things took in a year, each delay as a distribution with its table."""

from collections.abc import Iterable, Sequence

from maillage.catalogue.measures import DELAYS, Delay
from maillage.conventions.terms.clocks import Clock
from maillage.core.numbers import counted, percent
from maillage.indicators.report import Bilan
from maillage.web.indicators.pictures import Picture
from maillage.web.presentation.numbers import number
from maillage.web.presentation.svg.distribution import DayBand, Distribution, distribution_chart
from maillage.web.presentation.tables import Column, plain_table
from maillage.web.presentation.typography import typeset
from maillage.web.rights.board_picture import promised_days

_PROMISED = "decided"
"""The clocks of a text are those of applications: their days are marked on that delay."""


def delay_pictures(reports: Sequence[Bilan], clocks: Iterable[Clock]) -> list[Picture]:
    """The delays of the newest report of which something was counted, the year before beside in their tables."""
    newest, *older = reports
    marks = promised_days(clocks)
    return [
        _picture(delay, newest, older[0] if older else None, marks if delay.code == _PROMISED else [])
        for delay in DELAYS
        if _total(delay, newest)
    ]


def _total(delay: Delay, report: Bilan) -> int:
    return sum(report.amounts.get(band.code, 0) for band in delay.bands)


def _picture(delay: Delay, report: Bilan, before: Bilan | None, marks: Sequence[tuple[int, str]]) -> Picture:
    name, total = f"delai-{delay.code.replace('_', '-')}", _total(delay, report)
    counts = [(band, report.amounts.get(band.code, 0)) for band in delay.bands]
    title = f"{delay.words}, {report.year.number}"
    bands = [DayBand(typeset(band.words), band.first, band.last, count) for band, count in counts]
    shown = before if before is not None and _total(delay, before) else None
    columns: list[str | Column] = [
        "Tranche",
        Column(str(report.year.number), is_number=True),
        Column("Part", is_number=True),
        *((Column(str(shown.year.number), is_number=True),) if shown else ()),
    ]
    rows = [
        (
            typeset(band.words),
            number(count),
            percent(count / total),
            *((number(shown.amounts.get(band.code, 0)),) if shown else ()),
        )
        for band, count in counts
    ]
    definition = (
        f"{delay.rule} En tout : {counted(total, delay.unit.removesuffix('s'))}, le dénominateur des parts. Les tranches, inégales, "
        "ont la même largeur."
    )
    return Picture(
        name,
        typeset(title),
        distribution_chart(Distribution(f"{name}-dessin", typeset(title), bands, marks)),
        typeset(
            definition + (" Un trait dit où finit chaque délai promis par la convention." if marks else "")
        ),
        plain_table(f"{name}-table", typeset(f"{delay.of}, par tranche de jours"), columns, rows),
    )
