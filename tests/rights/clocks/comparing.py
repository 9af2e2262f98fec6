"""An application on both sides: what the clocks say of it, what the oracle says of it, and where they differ."""

from datetime import date, timedelta

from maillage.conventions import library
from maillage.rights.clocks.course import Course, Request, course
from maillage.rights.clocks.law import legal, rule_for
from maillage.rights.clocks.promise import Promise, promise_of, promised
from tests.rights.clocks import oracle
from tests.rights.clocks.drawing import Drawn

S2 = library.load("hopital_pass_modele")
PROMISES: dict[str, Promise] = {
    "c2s": promise_of(S2, "c2s"),
    "ame": promise_of(S2, "ame"),
    "urgent": promise_of(S2, "ame", urgent=True),
}
DAYS = {"c2s": 31, "ame": 30, "urgent": 10}
Dates = dict[str, date | None]


def course_of(drawn: Drawn) -> Course:
    """The same application as the clocks read it."""
    complete = drawn.received + timedelta(days=drawn.later) if drawn.later is not None else None
    requests = tuple(Request(one.on, one.granted, one.came) for one in drawn.asked)
    return course(received=drawn.received, complete=complete, requests=requests)


def counted(drawn: Drawn) -> Dates:
    """Each date of the clocks: the three promises of S2, and the law of C2S and AME."""
    of, at = course_of(drawn), drawn.departement
    found: Dates = {
        kind: promised(promise, of, on=drawn.received, departement=at).due
        for kind, promise in PROMISES.items()
    }
    for right in ("c2s", "ame"):
        found[f"law of {right}"] = legal(rule_for(right, of.received), of, departement=at).due
    return found


def expected(drawn: Drawn) -> Dates:
    """Each date of the oracle."""
    whole: date | None = drawn.received
    if drawn.later is not None:
        whole = oracle.days_later(drawn.received, drawn.later)
    elif drawn.asked:
        days = [one.came for one in drawn.asked]
        whole = None if None in days else max(day for day in days if day)
    found: Dates = {
        kind: oracle.days_later(drawn.received, DAYS[kind]) if whole == drawn.received else None
        for kind in ("c2s", "ame")
    }
    # From reception or from completeness, which never comes first: the earlier is from reception.
    found["urgent"] = oracle.days_later(drawn.received, DAYS["urgent"])
    found["law of c2s"] = oracle.working(oracle.months_later(whole, 2), drawn.departement) if whole else None
    last = oracle.refused_by_silence(drawn.received, drawn.asked, months=2)
    found["law of ame"] = oracle.working(last, drawn.departement) if last else None
    return found


def differences(drawn: Drawn) -> list[str]:
    """Where the two sides do not say the same of an application."""
    mine, theirs = counted(drawn), expected(drawn)
    return [
        f"{drawn}: {name} is {mine[name]}, the oracle says {theirs[name]}"
        for name in theirs
        if mine[name] != theirs[name]
    ]
