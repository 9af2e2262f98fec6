"""The two clocks of an application: judged per second of CPU, over applications drawn as the oracle's are."""

from datetime import date, timedelta
from random import Random

from benchmarks.measure import Line, rate
from maillage.conventions import library
from maillage.rights.clocks.course import Request, course
from maillage.rights.clocks.law import legal, rule_for
from maillage.rights.clocks.promise import promise_of, promised

RIGHTS = (("c2s", False), ("ame", False), ("ame", True))


def lines() -> list[Line]:
    """The promise of S2 and the law, from the facts of each application to its dates."""
    terms = library.load("hopital_pass_modele")
    promises = [(right, promise_of(terms, right, urgent=urgent)) for right, urgent in RIGHTS]
    random, first = Random("clocks"), date(2020, 1, 1)  # noqa: S311 - the same applications each time
    facts = []
    for number in range(3000):
        received = first + timedelta(days=number)
        asked = received + timedelta(days=random.randrange(30))
        requests = (Request(asked, 15, asked + timedelta(days=random.randrange(20))),) * (number % 2)
        facts.append((received, requests))

    def judge() -> None:
        for number, (received, requests) in enumerate(facts):
            right, promise = promises[number % len(promises)]
            known = course(received=received, requests=requests)
            promised(promise, known, on=received, departement="42")
            legal(rule_for(right, received), known, departement="42")

    found = rate(judge, of=len(facts))
    return [
        Line(
            "délais d’une demande de droits, par seconde",
            found,
            20_000.0,
            "above",
            "C2S, AME et AME urgente de S2",
        )
    ]
