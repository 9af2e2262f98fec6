"""Lifecycle facts from parsed Terms: conventions judged per second of CPU, over the five texts of the library."""

from datetime import date

from benchmarks.measure import Line, rate
from maillage.conventions import library
from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.rules import facts

TIMES = 50
SIGNED, ON = date(2023, 3, 1), date(2023, 6, 1)


def lines() -> list[Line]:
    """The mix of the five texts, each signed by all its parties."""
    texts = [library.load(name) for name in library.names()]
    signed = [
        (terms, [Event(EventKind.SIGNED, SIGNED, party=party.key) for party in terms.parties])
        for terms in texts
    ]

    def judge() -> None:
        for _ in range(TIMES):
            for terms, events in signed:
                facts(terms, events, ON)

    found = rate(judge, of=TIMES * len(signed))
    return [Line("dates d’une convention, par seconde", found, 5000.0, "above", "mélange des cinq textes")]
