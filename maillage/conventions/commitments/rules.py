"""When a commitment is owed, and where it stands from what shows that it was kept. Pure.

A text gives a rhythm and seldom a day. Without one, a yearly commitment is owed once in each year of execution, counted from the day
the convention takes effect; a text that names months or days (« février ou mars ») is followed, in each civil year.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, islice
from typing import Final, Protocol

from maillage.conventions.lifecycle.rhythm import spans
from maillage.conventions.terms.base import Labelled
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.commitments import Cadence, Commitment, Rhythm
from maillage.core.calendar import DAY, Period, add

SOON: Final = Period(days=30)
"""How long before its last day a commitment is shown to whoever owes it."""
_LENGTHS: Final = {
    Rhythm.WEEKLY: Period(days=7),
    Rhythm.MONTHLY: Period(months=1),
    Rhythm.QUARTERLY: Period(months=3),
    Rhythm.HALF_YEARLY: Period(months=6),
    Rhythm.YEARLY: Period(months=12),
}


class Standing(Labelled):
    """Where a commitment stands on a day, with the words shown; stored nowhere."""

    LATE = "late", "en retard"
    SOON = "soon", "à faire bientôt"
    OWED = "owed", "à faire"
    KEPT = "kept", "tenu"
    CONTINUOUS = "continuous", "en continu"
    ON_DEMAND = "on_demand", "à chaque fois"
    TO_AGREE = "to_agree", "rythme à convenir"
    TO_COME = "to_come", "à venir"


PRESSING: Final = frozenset({Standing.LATE, Standing.SOON})
"""What is told to whoever owes it."""


class Source(Labelled):
    """Where a proof comes from: a member who noted it, or what Maillage knows by itself."""

    HAND = "hand", "noté à la main"
    SESSION = "session", "séance de formation tenue"
    SUPPORT = "support", "support publié dans la bibliothèque"
    REFERRALS = "referrals", "orientations comptées par Maillage"


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many referrals of these days, both included, were answered in time, and over how many."""

    since: date
    until: date
    counted: int
    over: int


class Owed(Protocol):
    """What comes back as its text says: a commitment, the meeting of a committee."""

    @property
    def cadence(self) -> Cadence | None:
        """Its rhythm, with the days or months that the text gives."""
        ...


@dataclass(frozen=True, slots=True)
class Running:
    """From which day a convention is in force; until which, that day excluded, where one is known."""

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a commitment is owed: from `first` to `due`, both included; `due` is None where the text gives no day."""

    first: date
    due: date | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What shows that a commitment was kept: on which day, and for which occurrence (its first day) where somebody said so."""

    day: date
    occurrence: date | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """A commitment on a day: its occurrences so far, `kept` and `missing`; of these, `late`, whose last day went by; the day to watch."""

    standing: Standing
    kept: tuple[Occurrence, ...] = ()
    missing: tuple[Occurrence, ...] = ()
    late: tuple[Occurrence, ...] = ()
    due: date | None = None


def shown_by_support(clause: Commitment, kind: str, services: Iterable[str]) -> bool:
    """Whether the text says that publishing such a support shows the commitment: its kind, and a service of those that it names."""
    named = clause.support_services
    return kind in clause.support_kinds and (not named or not set(named).isdisjoint(services))


def occurrences(cadence: Cadence | None, running: Running, on: date) -> tuple[Occurrence, ...]:
    """Each time that a commitment was owed, up to the one that runs on a day; none for what no rhythm dates."""
    if cadence is None or isinstance(cadence.rhythm, Blank) or on < running.since:
        return ()
    named = bool(cadence.days or cadence.months)
    if cadence.rhythm is Rhythm.ONCE:
        found = (
            islice(_in_civil_years(cadence, running), 1) if named else iter([Occurrence(running.since, None)])
        )
    elif cadence.rhythm in _LENGTHS:
        found = _in_civil_years(cadence, running) if named else _in_turn(_LENGTHS[cadence.rhythm], running)
    else:
        return ()
    return tuple(_until(found, running, on))


def follow(commitment: Owed, running: Running | None, shown: Iterable[Shown], on: date) -> Followed:
    """Where a commitment stands on a day, from what shows that it was kept; `running` is None before the convention is in force."""
    cadence = commitment.cadence
    if running is None or on < running.since:
        return Followed(Standing.TO_COME)
    if cadence is not None and isinstance(cadence.rhythm, Blank):
        return Followed(Standing.TO_AGREE)
    proofs = tuple(shown)
    owed = occurrences(cadence, running, on)
    if not owed:
        return Followed(_undated(cadence, proofs))
    kept = tuple(one for one in owed if _is_kept(one, proofs))
    missing = tuple(one for one in owed if one not in kept)
    late = tuple(one for one in missing if one.due is not None and one.due < on)
    due = missing[0].due if missing else None
    return Followed(_standing(missing, late, on), kept, missing, late, due)


def _undated(cadence: Cadence | None, proofs: Sequence[Shown]) -> Standing:
    """Of a commitment without a rhythm: once, as soon as something shows it."""
    if cadence is None:
        return Standing.KEPT if proofs else Standing.OWED
    return Standing.CONTINUOUS if cadence.rhythm is Rhythm.CONTINUOUS else Standing.ON_DEMAND


def _standing(missing: Sequence[Occurrence], late: Sequence[Occurrence], on: date) -> Standing:
    if late:
        return Standing.LATE
    if not missing:
        return Standing.KEPT
    due = missing[0].due
    return Standing.SOON if due is not None and due <= add(on, SOON) else Standing.OWED


def _is_kept(one: Occurrence, proofs: Sequence[Shown]) -> bool:
    return any(
        proof.occurrence == one.first
        if proof.occurrence is not None
        else one.first <= proof.day and (one.due is None or proof.day <= one.due)
        for proof in proofs
    )


def _in_turn(length: Period, running: Running) -> Iterator[Occurrence]:
    """One span after another from the day the convention takes effect; each is counted from that day, so that months keep its number."""
    number = 0
    while True:
        first = add(running.since, Period().plus(length, number)) if number else running.since
        number += 1
        yield Occurrence(first, add(running.since, Period().plus(length, number)) - DAY)


def _in_civil_years(cadence: Cadence, running: Running) -> Iterator[Occurrence]:
    for year in count(running.since.year - 1):
        for span in sorted(spans(cadence, year), key=lambda one: one.first):
            if span.last >= running.since:
                yield Occurrence(max(span.first, running.since), span.last)


def _until(found: Iterator[Occurrence], running: Running, on: date) -> Iterator[Occurrence]:
    for one in found:
        if one.first > on or (running.until is not None and one.first >= running.until):
            return
        yield one
