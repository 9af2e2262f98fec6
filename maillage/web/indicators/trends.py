"""What a convention counted over the years, drawn measure by measure."""

from collections.abc import Sequence

from maillage.indicators.figures import Figure
from maillage.indicators.report import Bilan, valued
from maillage.indicators.trends import Series, series
from maillage.indicators.wording import source_words, terms_words, value_words
from maillage.web.indicators.pictures import Picture
from maillage.web.presentation.svg.trend import Trend, YearValue, trend_chart
from maillage.web.presentation.tables import Column, plain_table
from maillage.web.presentation.typography import typeset

CHANGED = "compté autrement"
_NOT_OVER = "en cours"


def trend_pictures(reports: Sequence[Bilan]) -> list[Picture]:
    """A drawing for each figure with several years, in the order of the report; `reports` from the newest on."""
    running = {one.year.number for one in reports if not one.is_over}
    return [_picture(number, one, running) for number, one in enumerate(series(reports), 1)]


def _picture(number: int, one: Series, running: set[int]) -> Picture:
    name, title = f"evolution-{number}", typeset(one.newest.label)
    values = [
        YearValue(year, None if value is None else float(value), _words(figure, year in running))
        for (year, figure), value in zip(one.years, one.values, strict=True)
    ]
    drawn = Trend(name, title, values, [(year, CHANGED) for year in one.breaks])
    rows = [
        (
            f"{year}, {_NOT_OVER}" if year in running else str(year),
            typeset(valued(figure)) if figure else "–",
            *((typeset(terms_words(figure)) if figure else "",) if _is_divided(one) else ()),
            typeset(source_words(figure)) if figure else "–",
        )
        for year, figure in one.years
    ]
    columns = [
        "Année",
        Column("Valeur", is_number=True),
        *(("Numérateur et dénominateur",) if _is_divided(one) else ()),
        "D’où vient le chiffre",
    ]
    return Picture(
        name,
        title,
        trend_chart(drawn),
        _definition(one.newest),
        plain_table(f"{name}-table", title, columns, rows, stacks=True),
    )


def _words(figure: Figure | None, is_running: bool) -> str:
    if figure is None:
        return "–"
    said = typeset(value_words(figure))
    return f"{said}, {_NOT_OVER}" if is_running and figure.value is not None else said


def _is_divided(one: Series) -> bool:
    return any(figure is not None and terms_words(figure) for _, figure in one.years)


def _definition(figure: Figure) -> str:
    """Its unit, its denominator and its rule of counting."""
    unit = f"Unité : {figure.unit}." if figure.unit else ""
    over = (
        f"Dénominateur : {figure.over_words[:1].lower()}{figure.over_words[1:]}." if figure.over_words else ""
    )
    return typeset(" ".join(part for part in (unit, over, figure.rule) if part))
