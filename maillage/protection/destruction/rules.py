"""What becomes of each party's data when a convention ends: destroyed, on which day, by which article, or kept. Pure.

Sources: S2 and S4 annexe 1-7 (« Au terme de la prestation de services … détruire toutes les données à caractère personnel »).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from maillage.conventions.terms import Terms
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.protection import Destruction, ProtectionRegime, Retention
from maillage.core.calendar import DAY, Period, add
from maillage.core.french import date_in_words
from maillage.core.holidays import add_working_days
from maillage.core.refusals import Fault
from maillage.protection.destruction.states import State

NOTICE: Final = Period(days=30)
"""Between the end and the destruction where the text gives no delay: time to finish what is open, and to object to an end wrongly noted."""
LONGEST: Final = 300
FARTHEST: Final = 3660
"""Days: ten years."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one party's data, and why."""

    state: State
    article: str = ""
    what: str = ""
    due_on: date | None = None
    why: str = ""
    earliest_on: date | None = None


def fate(terms: Terms, party: str, *, ended_on: date, departement: str) -> Fate:
    """What a text says becomes of a party's data; `ended_on` is the first day no longer in force.

    Keys are destroyed whole, for all that a party holds under a convention: while one clause is blank nothing is destroyed before
    somebody said so, and the latest day counts of all that destroy and of all that keep. A party that no clause names keeps its data
    for its own durations.
    """
    blank = next(
        (one.destruction.asked for one in terms.protection if isinstance(one.destruction, Blank)), ""
    )
    found = [
        _destroyed(one.destruction, one, ended_on, departement)
        for one in terms.protection
        if isinstance(one.destruction, Destruction) and party in one.destruction.by
    ]
    if not found and not blank:
        return Fate(
            State.KEPT, why="Aucune clause ne demande à cette partie de détruire ses données au terme."
        )
    if blank:
        found.append(Fate(State.UNKNOWN, why=blank, due_on=_after(NOTICE, ended_on, departement)))
    latest = max(found, key=lambda one: one.due_on or ended_on)
    for one in terms.protection:
        if isinstance(one.retention, Retention):
            latest = _kept_until(latest, one.retention, ended_on, departement)
    if blank:
        return Fate(State.UNKNOWN, why=blank[:LONGEST], earliest_on=latest.due_on)
    return replace(latest, earliest_on=latest.due_on)


def _destroyed(clause: Destruction, regime: ProtectionRegime, ended_on: date, departement: str) -> Fate:
    delay = clause.notice if isinstance(clause.notice, Period) else NOTICE
    said = (
        "délai du texte"
        if isinstance(clause.notice, Period)
        else "le texte ne donne pas de délai : repère de la plateforme"
    )
    why = f"{clause.when} : {delay.label()} après la fin ({said})."
    what, due_on = f"{clause.what} ({regime.scope})"[:LONGEST], _after(delay, ended_on, departement)
    return Fate(State.PLANNED, clause.article, what, due_on, why[:LONGEST])


def _kept_until(found: Fate, clause: Retention, ended_on: date, departement: str) -> Fate:
    """A fate, later where the text has data kept longer: what a retention counts from is past by the end, at the latest."""
    until = _after(clause.delay, ended_on, departement)
    if found.due_on is not None and until <= found.due_on:
        return found
    why = f"Conservées {clause.delay.label()} depuis « {clause.start} » ({clause.article}), puis détruites. {found.why}"
    return replace(found, due_on=until, why=why[:LONGEST])


def _after(delay: Period, ended_on: date, departement: str) -> date:
    """The day that follows a delay that began on the last day in force."""
    last = ended_on - DAY
    due = add_working_days(last, delay.working_days, departement) if delay.working_days else add(last, delay)
    return due + DAY


def day_faults(due_on: date, *, on: date, earliest_on: date | None) -> list[Fault | None]:
    """What is wrong with a day that somebody sets: gone by, before the notice has run, or too far."""
    return [
        Fault("Ce jour est passé : donnez aujourd’hui ou un jour à venir.", "due_on")
        if due_on < on
        else Fault(
            f"Rien n’est détruit avant le {date_in_words(earliest_on)} : c’est le délai qui suit la fin de la convention.",
            "due_on",
        )
        if earliest_on is not None and due_on < earliest_on
        else None,
        Fault("Donnez un jour dans les dix ans.", "due_on") if (due_on - on).days > FARTHEST else None,
    ]


def reason_problem(reason: str) -> str:
    """What is wrong with the reason of a day that somebody sets; empty when nothing is."""
    if not reason.strip():
        return "Dites d’après quoi : un écrit des parties, une durée de conservation."
    return f"Écrivez {LONGEST} caractères au plus." if len(reason.strip()) > LONGEST else ""
