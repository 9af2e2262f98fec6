"""What becomes of each party's data when a convention ends: destroyed, on which day, by which article, or kept. Pure.

Sources: S2 and S4 annexe 1-7 (« Au terme de la prestation de services … détruire toutes les données à caractère personnel »).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from maillage.conventions.terms import Terms
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.protection import Destruction, ProtectionRegime
from maillage.core.calendar import DAY, Period, add
from maillage.core.holidays import add_working_days
from maillage.protection.destruction.states import State

NOTICE: Final = Period(days=30)
"""Between the end and the destruction where the text gives no delay: time to finish what is open, and to object to an end wrongly noted."""
LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one party's data, and why."""

    state: State
    article: str = ""
    what: str = ""
    due_on: date | None = None
    why: str = ""


def fate(terms: Terms, party: str, *, ended_on: date, departement: str) -> Fate:
    """What a text says becomes of a party's data; `ended_on` is the first day no longer in force.

    Keys are destroyed whole, for all that a party holds under a convention: the latest day counts where several regimes name it.
    A party that no clause names keeps its data for its own durations; where a clause that covers it is blank, nothing is destroyed
    before somebody said so.
    """
    found: list[Fate] = []
    blank = ""
    for regime in terms.protection:
        if isinstance(regime.destruction, Blank):
            blank = blank or regime.destruction.asked
        elif isinstance(regime.destruction, Destruction) and party in regime.destruction.by:
            found.append(_destroyed(regime.destruction, regime, ended_on, departement))
    if found:
        return max(found, key=lambda one: one.due_on or ended_on)
    if blank:
        return Fate(State.UNKNOWN, why=blank)
    return Fate(State.KEPT, why="Aucune clause ne demande à cette partie de détruire ses données au terme.")


def _destroyed(clause: Destruction, regime: ProtectionRegime, ended_on: date, departement: str) -> Fate:
    delay = clause.notice if isinstance(clause.notice, Period) else NOTICE
    last = ended_on - DAY
    due = add_working_days(last, delay.working_days, departement) if delay.working_days else add(last, delay)
    said = (
        "délai du texte"
        if isinstance(clause.notice, Period)
        else "le texte ne donne pas de délai : repère de la plateforme"
    )
    why = f"{clause.when} : {delay.label()} après la fin ({said})."
    return Fate(
        State.PLANNED, clause.article, f"{clause.what} ({regime.scope})"[:LONGEST], due + DAY, why[:LONGEST]
    )


def reason_problem(reason: str) -> str:
    """What is wrong with the reason of a day that somebody sets; empty when nothing is."""
    if not reason.strip():
        return "Dites d’après quoi : un écrit des parties, une durée de conservation."
    return f"Écrivez {LONGEST} caractères au plus." if len(reason.strip()) > LONGEST else ""
