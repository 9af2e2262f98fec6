"""Lifecycle facts from parsed Terms: conventions judged per second of CPU, over the five texts of the library."""

import time
from datetime import date

from benchmarks.measure import Line
from maillage.conventions import library
from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.rules import facts

ROUNDS = 400
SIGNED, ON = date(2023, 3, 1), date(2023, 6, 1)


def lines() -> list[Line]:
    """The mix of the five texts, each signed by all its parties."""
    texts = [library.load(name) for name in library.names()]
    signed = [
        (terms, [Event(EventKind.SIGNED, SIGNED, party=party.key) for party in terms.parties])
        for terms in texts
    ]
    for terms, events in signed:
        facts(terms, events, ON)
    began = time.process_time()
    for _ in range(ROUNDS):
        for terms, events in signed:
            facts(terms, events, ON)
    taken = time.process_time() - began
    rate = ROUNDS * len(signed) / taken
    return [Line("dates d’une convention, par seconde", rate, 5000.0, "above", "mélange des cinq textes")]
