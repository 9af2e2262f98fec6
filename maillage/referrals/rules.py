"""Motives, outcomes (S2 annex 2, S4 annex 2) and reasons of a referral, and what may be said of it. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from maillage.catalogue.facts import FACTS

NARRATIVE_LONGEST = 2000  # characters: a short account, no file

MOTIVES: Final[dict[str, str]] = dict(FACTS["motives"].choices)

CARE_OUTCOMES: dict[str, str] = {
    "done": "Soins réalisés",
    "not_relevant": "Sans soins : demande non pertinente",
    "refused": "Sans soins : refus de la personne",
    "unreachable": "Sans soins : personne injoignable",
    "other": "Sans soins : autre raison",
    "none_needed": "Aucun soin n’était en cause",
}

RIGHTS_OUTCOMES: dict[str, str] = {
    "opened": "Droits ouverts",
    "under_way": "Droits en cours d’ouverture",
    "accompanied": "Accompagnée dans ses démarches de droits",
    "refused": "Droits refusés",
    "none": "Aucun droit n’était en cause",
}

WAYS: Final[dict[str, str]] = {
    "call": "Par téléphone",
    "sms": "Par SMS",
    "letter": "Par courrier",
    "visit": "En la rencontrant",
    "other": "Autrement",
}
"""How the caisse tried to reach the person."""

REFUSAL_REASONS: Final[dict[str, str]] = {
    "not_eligible": "La personne ne remplit pas les conditions du service",
    "already_followed": "La personne est déjà accompagnée pour cette demande",
    "other_service": "La demande relève d’un autre service",
    "incomplete": "La demande ne dit pas assez pour agir, malgré nos questions",
    "other": "Autre raison, à préciser",
}
PAUSE_REASONS: Final[dict[str, str]] = {
    "person_asks": "À la demande de la personne",
    "unreachable": "La personne ne répond pas pour l’instant",
    "awaiting_papers": "En attente de pièces",
    "awaiting_decision": "En attente d’une décision",
    "unavailable": "La personne n’est pas disponible pour l’instant",
    "other": "Autre raison",
}
WITHDRAWAL_REASONS: Final[dict[str, str]] = {
    "person_refuses": "La personne ne veut plus de cet accompagnement",
    "no_longer_needed": "La personne n’en a plus besoin",
    "moved": "La personne a quitté le territoire de la caisse",
    "deceased": "La personne est décédée",
    "other": "Autre raison",
}
CONSENT_WITHDRAWN: Final = "consent_withdrawn"
"""The reason of a stop that either side notes, and that the record of the withdrawal alone brings about."""
CANCEL_REASONS: Final[dict[str, str]] = {
    "wrong_person": "Ce n’était pas la bonne personne",
    "duplicate": "Cette demande existait déjà",
    "wrong_service": "Ce n’était pas le bon service",
    "other": "Autre erreur",
}
REDIRECT_REASONS: Final[dict[str, str]] = {
    "better_suited": "Cet autre service répond mieux à la demande",
    "out_of_scope": "Le service demandé ne traite pas ce genre de demande",
    "comes_first": "Cette autre démarche doit venir d’abord",
    "other": "Autre raison, à préciser",
}
END_REASONS: Final[Mapping[str, Mapping[str, str]]] = {
    "refused": REFUSAL_REASONS,
    "redirected": REDIRECT_REASONS,
    "withdrawn": {**WITHDRAWAL_REASONS, CONSENT_WITHDRAWN: "La personne a retiré son accord"},
    "cancelled": CANCEL_REASONS,
}
"""For each state that ends a referral without an outcome, the reasons of that end."""

WORDS_LONGEST: Final = 1000
"""Characters of a question, of an answer, or of what is said with a refusal: one matter, no file."""
ROUTE_KEY: Final = r"^(flows|services)\.[a-z][a-z0-9_]{0,79}$"
"""How a way of a text is named: a flow or a service, and nothing that could say anything of a person."""
LONGEST_PAUSE: Final = timedelta(days=366)


def reason_problem(reason: str, reasons: Mapping[str, str]) -> str:
    """What is wrong with a coded reason; empty when it is one of the list."""
    return "" if reason in reasons else "Choisissez une raison dans la liste."


def words_problem(words: str, *, needed: bool = True) -> str:
    """What is wrong with a text that goes to the other side; empty when it says something, or may be left out."""
    if needed and not words.strip():
        return "Écrivez quelques mots."
    if len(words) > WORDS_LONGEST:
        return f"Écrivez {WORDS_LONGEST} caractères au plus."
    return ""


def look_again_problem(day: date, *, on: date) -> str:
    """Why a paused referral cannot be looked at again that day, seen from the caisse's; empty when it can.

    A pause without an end is a case that nobody closes: a year at most, then it is looked at.
    """
    if day <= on:
        return "Choisissez un jour à venir."
    if day > on + LONGEST_PAUSE:
        return "Choisissez un jour dans l’année qui vient : une pause se revoit."
    return ""


def contact_problem(day: date, *, sent_on: date, on: date) -> str:
    """Why the person cannot have been contacted that day, seen from the caisse's day; empty when she can.

    « dès réception » (S2 annex 2) counts from the sending, so a contact never precedes it.
    """
    if day > on:
        return "Cette date est dans l’avenir : notez le contact une fois qu’il a eu lieu."
    if day < sent_on:
        return "Cette date précède l’envoi de l’orientation : vérifiez le jour et l’année."
    return ""
