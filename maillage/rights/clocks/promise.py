"""The clock of the convention: so many days from a fact, counted strictly; it never rolls (C. civ. 1103: the text as it is)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from maillage.conventions.terms.clocks import Clock, ClockNature, ClockStart
from maillage.conventions.terms.terms import Terms
from maillage.core.calendar import Period, add
from maillage.core.holidays import add_working_days
from maillage.rights.clocks.course import Course

USUAL: Final = "usual_practice"
MEAN: Final = "mean"
_COUNTED: Final = (ClockStart.RECEPTION, ClockStart.COMPLETE_RECEPTION)


class State(StrEnum):
    """Where a promise is on a day. `none`: nothing was promised; `informative`: a mean was given, which binds nobody."""

    NONE = "none"
    INFORMATIVE = "informative"
    RUNNING = "running"
    LATE = "late"
    KEPT = "kept"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to count: its name, its words, from which fact, how long, and whether it is the promise itself."""

    name: str
    text: str
    start: ClockStart
    period: Period
    binds: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """What a convention says of the delay of a right: its article, and each way to count. Empty where it says nothing.

    `whole`: the promise holds for files that were complete when they came, and for these alone (S2 art. 4.1).
    """

    article: str = ""
    label: str = ""
    nature: ClockNature = ClockNature.BINDING
    readings: tuple[Reading, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Dated:
    """A reading on a course: the last day that it leads to; None while the fact that it counts from has not come."""

    reading: Reading
    due: date | None


@dataclass(frozen=True, slots=True)
class Promised:
    """The promise on a course: the earliest of its days binds. `readings` are empty where there is one way to count."""

    due: date | None
    article: str
    state: State
    readings: tuple[Dated, ...] = ()


def promise_of(terms: Terms, right: str, *, urgent: bool = False) -> Promise:
    """What these terms promise for a right, its urgent variant or its ordinary one; once for a text, not for each file."""
    clocks = [one for one in terms.clocks if one.right == right and one.chosen is not False]
    found = next((one for one in clocks if one.urgent is urgent), None)
    return _promise(found) if found else Promise()


def urgent_clock(terms: Terms, right: str) -> Clock | None:
    """What these terms say of urgency for a right; None where they say nothing."""
    found = (one for one in terms.clocks if one.right == right and one.urgent and one.chosen is not False)
    return next(found, None)


def _promise(clock: Clock) -> Promise:
    said = Promise(clock.article, clock.label, clock.nature)
    if not isinstance(clock.promised, Period):
        return said
    if clock.nature is ClockNature.INFORMATIVE:
        mean = Reading(
            MEAN, "délai moyen, pour information", ClockStart.RECEPTION, clock.promised, binds=False
        )
        return Promise(clock.article, clock.label, clock.nature, (mean,))
    variants = [(one.name, one.text, one.clause) for one in clock.variants if one.clause.start in _COUNTED]
    readings = tuple(
        Reading(name, text, clause.start, clause.promised, binds=True)
        for name, text, clause in variants
        if clause.start is not None and isinstance(clause.promised, Period)
    )
    whole = len(readings) == 1 and readings[0].start is ClockStart.COMPLETE_RECEPTION
    if whole:
        usual = f"usage : {clock.promised.label()} comptés du jour où le dossier est complet"
        readings += (Reading(USUAL, usual, ClockStart.COMPLETE_RECEPTION, clock.promised, binds=False),)
    return Promise(clock.article, clock.label, clock.nature, readings, whole)


def promised(promise: Promise, course: Course, *, on: date, departement: str) -> Promised:
    """The promise on a course, as it stands on a day."""
    if promise.whole:
        return _whole(promise, course, on, departement)
    dated = tuple(Dated(one, _counted(one, course, departement)) for one in promise.readings)
    due = min((one.due for one in dated if one.due and one.reading.binds), default=None)
    shown = dated if len(dated) > 1 or promise.nature is ClockNature.INFORMATIVE else ()
    return Promised(due, promise.article, _state(promise, due, course, on), shown)


def _whole(promise: Promise, course: Course, on: date, departement: str) -> Promised:
    """A file that was not complete when it came has no promise: what is usual is shown beside, and binds nobody."""
    bound, usual = promise.readings
    if course.complete_at_reception:
        due = _counted(bound, course, departement)
        return Promised(due, promise.article, _state(promise, due, course, on))
    return Promised(None, promise.article, State.NONE, (Dated(usual, _counted(usual, course, departement)),))


def _counted(reading: Reading, course: Course, departement: str) -> date | None:
    start = course.received if reading.start is ClockStart.RECEPTION else course.complete
    if start is None:
        return None
    if reading.period.working_days:
        return add_working_days(start, reading.period.working_days, departement)
    return add(start, reading.period)


def _state(promise: Promise, due: date | None, course: Course, on: date) -> State:
    if promise.nature is ClockNature.INFORMATIVE:
        return State.INFORMATIVE
    if due is None:
        return State.NONE
    if course.decided is not None and course.decided <= on:
        return State.KEPT if course.decided <= due else State.MISSED
    return State.LATE if on > due else State.RUNNING
