"""The rules of dates in French, and how each delay is counted."""

from typing import Final

from maillage.conventions.lifecycle.facts import EXIT_LABELS
from maillage.conventions.lifecycle.letters import COUNTED_FROM_LABELS
from maillage.conventions.terms.duration import (
    AnniversaryDenunciation,
    Denunciation,
    ExitClause,
    FormalNotice,
)
from maillage.core.calendar import Period

FORWARDS: Final = (
    "Jours du calendrier : le jour de départ ne compte pas ; un mois finit au même quantième, sinon au dernier jour "
    "du mois (code de procédure civile, art. 641). Pas de report au jour ouvré."
)
BACKWARDS: Final = "Jours du calendrier, à rebours : le même quantième, sinon le dernier jour du mois. Jamais de report au jour ouvré."
WORKING_DAYS: Final = "Jours ouvrés : du lundi au vendredi, jours fériés du département {departement} exclus."
STATED: Final = "Date écrite dans un document : aucun calcul."
TERMS: Final = (
    "Jours du calendrier, de date à date : le premier jour compte, le dernier est la veille du même quantième, à 24 h. "
    "Pas de report au jour ouvré."
)
SAME_DAY: Final = "Le même jour et le même mois, une année après l'autre. Pas de report au jour ouvré."


def exit_rule(clause: ExitClause, departement: str) -> tuple[str, str]:
    """The rule of an exit in French, and how its delay is counted."""
    delay: object = None
    calendar = FORWARDS
    if isinstance(clause, AnniversaryDenunciation):
        delay, calendar = clause.before, BACKWARDS
        what = "l'anniversaire" if clause.before_what == "anniversary" else "le terme"
        how = "dans la période de" if clause.limit == "window" else "au plus tard"
        rule = f"{how} {_length(delay)} avant {what}"
    elif isinstance(clause, Denunciation):
        delay = clause.notice
        rule = f"à tout moment, avec un préavis de {_length(delay)} compté de {_from(clause.counted_from)}"
    elif isinstance(clause, FormalNotice):
        delay = clause.cure
        rule = f"les autres parties le peuvent {_length(delay)} après {_from(clause.counted_from)}, sans mise en conformité"
    else:
        rule, calendar = "par décision, pour un motif que le texte prévoit", STATED
    if isinstance(delay, Period) and delay.working_days:
        calendar = WORKING_DAYS.format(departement=departement)
    return f"{rule}.", calendar


def _length(delay: object) -> str:
    return delay.label() if isinstance(delay, Period) else "un délai non précisé"


def _from(counted_from: str) -> str:
    return COUNTED_FROM_LABELS.get(counted_from, "une date non précisée")


def exit_label(clause: ExitClause) -> str:
    """« Dénonciation », « Résiliation immédiate »: what a way out is called at the head of its rule."""
    kind = "denunciation" if isinstance(clause, Denunciation | AnniversaryDenunciation) else clause.kind  # type: ignore[attr-defined]  # every exit has one
    return EXIT_LABELS[kind].capitalize()
