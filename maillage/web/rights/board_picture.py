"""The delays of the board as a picture: the bands of its table, all rights together, and each last day that the text promises."""

from collections.abc import Iterable

from maillage.conventions.terms import Blank
from maillage.conventions.terms.clocks import Clock, ClockNature
from maillage.core.calendar import Period
from maillage.rights.board.queries import Board
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.svg.distribution import DayBand, Distribution, distribution_chart
from maillage.web.presentation.typography import typeset
from maillage.web.rights.board_tables import band_label

TITLE = "Délais des dossiers décidés, tous droits ensemble"
DEFINITION = (
    "Nombre de dossiers par tranche de jours, de la réception à la décision. Les tranches, inégales, ont la même largeur ; "
    "un trait dit où finit chaque délai promis aujourd’hui par la convention."
)


def delays_picture(found: Board, clocks: Iterable[Clock]) -> str:
    """The drawing; nothing where nothing was decided."""
    if not found.whole.count:
        return ""
    bands = [DayBand(band_label(band), band.first, band.last, band.count) for band in found.whole.bands]
    return distribution_chart(Distribution("delais-dessin", TITLE, bands, promised_days(clocks)))


def promised_days(clocks: Iterable[Clock]) -> list[tuple[int, str]]:
    """The binding delays that a text gives in plain days, each with its words; several of one length share a mark."""
    found: dict[int, list[str]] = {}
    for clock in clocks:
        promised = clock.promised
        if clock.nature is not ClockNature.BINDING or promised is None or isinstance(promised, Blank):
            continue
        if promised == Period(days=promised.days):
            found.setdefault(promised.days, []).append(clock.label)
    return [
        (days, typeset(f"{counted(days, 'jour')} : {', '.join(labels)}"))
        for days, labels in sorted(found.items())
    ]
