"""Why each date is what it is: the facts, then what each clock counted from them, in the order of days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from maillage.conventions.terms.clocks import ClockStart
from maillage.core.calendar import french
from maillage.rights.clocks.course import Course
from maillage.rights.clocks.law import Legal, Rule, Silence
from maillage.rights.clocks.promise import Promise, Promised, Reading

PROMISE_ENDS: Final = "Terme de l’engagement de la convention"
MARK: Final = "Repère, sans engagement"
LAW_ENDS: Final = "Terme du délai de la loi"
"""What a date of a clock is called; every other step is a fact."""

_FROM = {
    ClockStart.RECEPTION: "la réception de la demande",
    ClockStart.COMPLETE_RECEPTION: "la réception d’un dossier complet",
}
_SILENCES = {
    Silence.ACCEPTANCE: "le silence de la caisse vaut alors accord",
    Silence.REJECTION: "le silence de la caisse vaut alors refus",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A fact or a date: its day, what it is, why, and the article that says so."""

    on: date
    what: str
    why: str = ""
    source: str = ""


def steps(course: Course, promise: Promise, owed: Promised, rule: Rule, law: Legal) -> list[Step]:
    """Every fact and every date of a course, in the order of days; of one day, facts come before what follows from them."""
    found = [*_facts(course), *_of_the_promise(course, promise, owed), *_of_the_law(rule, law)]
    return sorted(found, key=lambda step: step.on)


def _facts(course: Course) -> Iterator[Step]:
    yield Step(course.received, "Réception par la caisse", "ce jour ne compte pas", "CPC, art. 641")
    if course.complete:
        same = "dès sa réception" if course.complete_at_reception else "après sa réception"
        yield Step(course.complete, "Dossier complet", same)
    for number, request in enumerate(course.requests, 1):
        again = " une nouvelle fois : cela se justifie" if number > 1 else ", toutes à la fois"
        left = f" ; {request.granted} jours accordés" if request.granted else ""
        kind = "" if request.indispensable else " ; non indispensables, elles ne suspendent rien"
        yield Step(
            request.asked,
            f"Pièces demandées{again}",
            f"{left}{kind}".removeprefix(" ; "),
            "CRPA, art. L114-5",
        )
        if request.answered:
            yield Step(request.answered, "Pièces reçues")
    if course.decided:
        yield Step(course.decided, "Décision de la caisse")


def _of_the_promise(course: Course, promise: Promise, owed: Promised) -> Iterator[Step]:
    source = f"convention, art. {promise.article}" if promise.article else ""
    shown = [(one.reading, one.due) for one in owed.readings]
    if owed.due and not shown:
        shown = [(promise.readings[0], owed.due)]
    for reading, due in shown:
        if due:
            what = PROMISE_ENDS if reading.binds else MARK
            yield Step(due, what, _counted(reading, course), source)


def _counted(reading: Reading, course: Course) -> str:
    start = course.received if reading.start is ClockStart.RECEPTION else course.complete
    since = f"{reading.period.label()} après {_FROM[reading.start]} ({french(start)})" if start else ""
    named = f" ; lecture « {reading.text} »" if reading.text else ""
    return f"{since}, sans report{named}"


def _of_the_law(rule: Rule, law: Legal) -> Iterator[Step]:
    if law.due is None or law.strict is None or law.start is None or rule.within is None:
        return
    why = f"{rule.within.label()} comptés du {french(law.start)}"
    if law.suspended:
        why += f", plus {law.suspended} jours de suspension"
    if law.due != law.strict:
        why += f" : le {french(law.strict)} n’est pas un jour ouvré, reporté"
    if law.silence:
        why += f" ; {_SILENCES[law.silence]}"
    yield Step(law.due, LAW_ENDS, why, law.source)
