"""Motives and outcomes of a referral, as the texts list them (S2 annex 2, S4 annex 2). Pure."""

from datetime import date
from typing import Final

from maillage.catalogue.facts import FACTS

NARRATIVE_LONGEST = 2000  # characters: a short account, no file

MOTIVES: Final[dict[str, str]] = dict(FACTS["motives"].choices)

CARE_OUTCOMES: dict[str, str] = {
    "done": "Soins réalisés",
    "not_relevant": "Sans soins : demande non pertinente",
    "refused": "Sans soins : refus de la personne",
    "unreachable": "Sans soins : personne injoignable",
    "none_needed": "Aucun soin n’était en cause",
}

RIGHTS_OUTCOMES: dict[str, str] = {
    "opened": "Droits ouverts",
    "refused": "Droits refusés",
    "none": "Aucun droit n’était en cause",
}


def contact_problem(day: date, *, sent_on: date, on: date) -> str:
    """Why the person cannot have been contacted that day, seen from the caisse's day; empty when she can.

    « dès réception » (S2 annex 2) counts from the sending, so a contact never precedes it.
    """
    if day > on:
        return "Cette date est dans l’avenir : notez le contact une fois qu’il a eu lieu."
    if day < sent_on:
        return "Cette date précède l’envoi de l’orientation : vérifiez le jour et l’année."
    return ""
