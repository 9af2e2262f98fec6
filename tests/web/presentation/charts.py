"""Plainly synthetic charts, for the style page and the tests of what all drawings share."""

from maillage.web.presentation.svg.bars import Bar, Bars, bar_chart
from maillage.web.presentation.svg.distribution import DayBand, Distribution, distribution_chart
from maillage.web.presentation.svg.fills import Fill
from maillage.web.presentation.svg.france import Area, FranceMap, france_map
from maillage.web.presentation.svg.trend import Trend, YearValue, trend_chart


def bars() -> str:
    return bar_chart(
        Bars(
            "services",
            "Orientations par service",
            [
                Bar("Mission accompagnement santé", 812, "812, dont 640 avec soins", 172),
                Bar("Service social de l’Assurance Maladie", 210, "210, dont 120 avec soins", 90),
                Bar("Examen de prévention en santé", 0, "aucune"),
            ],
            parts=("Soins réalisés", "Soins non réalisés"),
        )
    )


def distribution() -> str:
    return distribution_chart(
        Distribution(
            "delais",
            "Délais de décision",
            [
                DayBand("0 à 10 jours", 0, 10, 120),
                DayBand("11 à 31 jours", 11, 31, 480),
                DayBand("32 à 60 jours", 32, 60, 64),
                DayBand("61 jours et plus", 61, None, 0),
            ],
            [(31, "31 jours promis")],
        )
    )


def trend() -> str:
    return trend_chart(
        Trend(
            "annees",
            "Personnes formées, par année",
            [
                YearValue(2021, 40, "40"),
                YearValue(2022, 55, "55"),
                YearValue(2023, None, "non compté"),
                YearValue(2024, 71, "71"),
                YearValue(2025, 130, "130"),
            ],
            [(2025, "Personnes distinctes jusque-là, participations depuis")],
        )
    )


def france() -> str:
    return france_map(
        FranceMap(
            "departements",
            "Conventions locales par département",
            [
                Area("42", Fill.FULL, "2 conventions signées"),
                Area("75", Fill.FULL, "1 convention signée"),
                Area("2A", Fill.HATCHED, "démarches en cours"),
                Area("93", Fill.DOTTED, "aucune convention"),
                Area("974", Fill.CROSSED, "rien de noté"),
            ],
            [
                (Fill.FULL, "Convention signée"),
                (Fill.CROSSED, "Rien de noté"),
                (Fill.HATCHED, "Démarches en cours"),
                (Fill.DOTTED, "Aucune convention"),
            ],
            others="aucune caisse dans l’annuaire",
        )
    )
