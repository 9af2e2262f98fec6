"""What the caisse writes for itself about a referral: its assessment of rights and needs, and its plan of actions (D8). Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

HEADINGS: Final[dict[str, str]] = {
    "rights": "Les droits",
    "needs": "Les besoins",
    "obstacles": "Ce qui bloque",
}
"""The headings of an assessment (« bilan des droits et des besoins »)."""
HEADING_LONGEST: Final = 2000
"""Characters under one heading."""

ACTION_KINDS: Final[dict[str, str]] = {
    "appointment": "Prendre un rendez-vous",
    "form_help": "Aider à remplir un dossier",
    "money": "Demander une aide financière",
    "transport": "Organiser un transport",
    "workshop": "Proposer un atelier",
    "collective": "Proposer une action collective",
    "individual": "Accompagner individuellement",
    "other": "Autre action",
}
GIVEN_UP: Final[dict[str, str]] = {
    "person_refuses": "La personne n’en veut pas",
    "unreachable": "La personne est injoignable",
    "no_longer_needed": "Ce n’est plus utile",
    "not_possible": "Ce n’est pas possible",
    "other": "Autre raison",
}
"""Why an action of the plan was given up."""
ENDINGS: Final[dict[str, str]] = {
    "done": "Faite",
    **{reason: f"Abandonnée : {words[0].lower()}{words[1:]}" for reason, words in GIVEN_UP.items()},
}
"""How an action ends, in one answer."""
OVERTAKEN: Final[dict[str, str]] = {
    "withdrawn": "Annulée : la demande est arrêtée",
    "cancelled": "Annulée : la demande était envoyée par erreur",
    "refused": "Annulée : l’orientation est refusée",
    "redirected": "Annulée : l’orientation est redirigée",
    "expired": "Annulée : l’orientation a expiré",
}
"""How its case ended, of an action that was planned still: the database cancels it with the case."""
STATES: Final[dict[str, str]] = {
    "planned": "Prévue",
    "done": "Faite",
    "given_up": "Abandonnée",
    "cancelled": "Annulée",
}
ACTION_LONGEST: Final = 500
"""Characters said of an action."""
FARTHEST: Final = timedelta(days=366)


def assessment_problems(texts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with an assessment, by heading; one heading at least says something."""
    found = {
        heading: f"Écrivez {HEADING_LONGEST} caractères au plus."
        for heading in HEADINGS
        if len(texts.get(heading, "")) > HEADING_LONGEST
    }
    if not any(texts.get(heading, "").strip() for heading in HEADINGS):
        found["rights"] = "Écrivez quelques mots sous l’une des rubriques."
    return found


def action_problems(kind: str, due_on: date, words: str, *, on: date) -> dict[str, str]:
    """What is wrong with an action to plan, by field, seen from the caisse's day."""
    found = {}
    if kind not in ACTION_KINDS:
        found["kind"] = "Choisissez une action de la liste."
    if due_on < on:
        found["due_on"] = "Choisissez aujourd’hui, ou un jour à venir."
    elif due_on > on + FARTHEST:
        found["due_on"] = "Choisissez un jour dans l’année qui vient."
    if len(words) > ACTION_LONGEST:
        found["words"] = f"Écrivez {ACTION_LONGEST} caractères au plus."
    return found


def state_and_reason(ending: str) -> tuple[str, str]:
    """The two columns of an ending. Raises KeyError for one of no list."""
    if ending not in ENDINGS:
        raise KeyError(ending)
    return ("done", "") if ending == "done" else ("given_up", ending)
