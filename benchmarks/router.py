"""The router: situations answered per second of CPU, for the richest of the five texts, every route and its conditions built."""

from datetime import date

from benchmarks.measure import Line, rate
from maillage.conventions import library
from maillage.conventions.terms.criteria import Value
from maillage.referrals.routing.router import routing_of
from maillage.referrals.routing.situation import Situation, situation_of

TIMES = 100
ON = date(2024, 12, 1)


def lines() -> list[Line]:
    """Each text in turn, situations that know more and more; the slowest text is the figure."""
    rates = {name: _rate(name) for name in library.names()}
    slowest = min(rates, key=lambda name: rates[name])
    return [Line("routeur, situations par seconde", rates[slowest], 10_000.0, "above", slowest)]


def _rate(name: str) -> float:
    ready, situations = routing_of(library.load(name)), _situations()

    def answer() -> None:
        for _ in range(TIMES):
            for situation in situations:
                ready.routes(situation)

    return rate(answer, of=TIMES * len(situations))


def _situations() -> list[Situation]:
    known: dict[str, Value] = {
        "birth_date": date(1990, 5, 1),
        "received_here": True,
        "scheme": "general",
        "motives": frozenset({"cost"}),
        "precarious": True,
        "social_needs": frozenset({"isolated"}),
        "agrees": True,
        "first_level_given": True,
    }
    steps = list(known.items())
    return [situation_of(dict(steps[:length]), on=ON) for length in range(len(steps) + 1)]
