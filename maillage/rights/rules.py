"""Reasons, days and periods of an application: what is accepted, with a French message for what is not. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from maillage.core.calendar import french

HANDED_TO: Final[dict[str, str]] = {
    "hospital": "À l’hôpital",
    "association": "À une association habilitée",
    "caisse": "À l’accueil de la caisse",
}
"""To whom a file is handed over in person (CASF L252-1 and D252-2)."""

REFUSAL_REASONS: Final[dict[str, str]] = {
    "resources": "Les ressources dépassent le plafond",
    "residence": "La condition de résidence ou de présence en France n’est pas remplie",
    "identity": "L’identité n’est pas établie",
    "pieces": "Les pièces demandées ne sont pas arrivées",
    "covered": "La personne a déjà ce droit, ou un autre qui passe avant",
    "other": "Autre raison, à préciser",
}
WITHDRAWAL_REASONS: Final[dict[str, str]] = {
    "person_asks": "La personne ne veut plus de cette demande",
    "covered": "La personne a obtenu ce droit autrement",
    "moved": "La personne a quitté le territoire de la caisse",
    "deceased": "La personne est décédée",
    "other": "Autre raison",
}
CANCEL_REASONS: Final[dict[str, str]] = {
    "wrong_person": "Ce n’était pas la bonne personne",
    "duplicate": "Cette demande existait déjà",
    "wrong_right": "Ce n’était pas le bon droit",
    "other": "Autre erreur",
}
END_REASONS: Final[Mapping[str, Mapping[str, str]]] = {
    "refused": REFUSAL_REASONS,
    "withdrawn": WITHDRAWAL_REASONS,
    "cancelled": CANCEL_REASONS,
}
"""For each state that ends an application without opening a right, the reasons of that end."""

AGAIN_REASONS: Final[dict[str, str]] = {
    "appeared": "Une pièce reçue fait apparaître qu’une autre manque",
    "unreadable": "Une pièce reçue est illisible, incomplète ou périmée",
    "changed": "La situation de la personne a changé",
    "overlooked": "Elle aurait dû être demandée la première fois",
}
"""Why pieces are asked a second time: all are asked at once, and a second round is justified and counted (row E3)."""

NOTIFIED_BY: Final[dict[str, str]] = {
    "letter": "Par courrier",
    "hand": "En main propre",
    "e_mail": "Par un message électronique sans contenu",
    "sms": "Par un SMS sans contenu",
}
"""How the person was told that it was decided; the last two say where to read it, and nothing else."""

WORDS_LONGEST: Final = 1000
"""Characters of what goes with a request for pieces or a decision."""
FURTHEST_BACK: Final = timedelta(days=366)
"""A right does not begin, and a file was not handed over, more than a year before: somebody mistyped the year."""
LONGEST_RIGHT: Final = timedelta(days=366 * 5)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """That a file was handed over in person: the day, and to whom (a key of `HANDED_TO`)."""

    on: date
    to: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A right that is opened: which one, from which day to which, and since when it covers care that was given already."""

    right: str
    since: date
    until: date | None = None
    covers_since: date | None = None


def handed_over_problems(handed: HandedOver, *, on: date) -> dict[str, str]:
    """What is wrong with a handing over, by field, seen from the day of whoever notes it."""
    found = {}
    if handed.to not in HANDED_TO:
        found["handed_to"] = "Dites à qui le dossier fut remis."
    if handed.on > on:
        found["handed_on"] = "Cette date est dans l’avenir : notez la remise une fois qu’elle a eu lieu."
    elif handed.on < on - FURTHEST_BACK:
        found["handed_on"] = "Cette date a plus d’un an : vérifiez l’année."
    return found


def received_problem(received: date, *, sent: date, on: date) -> str:
    """Why a file cannot have been received that day, seen from the caisse's; empty when it can."""
    if received < sent:
        return f"Cette date précède l’envoi du dossier, le {french(sent)}."
    return _not_ahead(received, on)


def after_problem(day: date, *, previous: date, what: str, on: date) -> str:
    """Why a step cannot have been taken that day: it follows `what`, of the day `previous`, and is no day to come."""
    if day < previous:
        return f"Cette date précède {what}, le {french(previous)}."
    return _not_ahead(day, on)


def _not_ahead(day: date, on: date) -> str:
    return "Cette date est dans l’avenir." if day > on else ""


def granted_days_problem(days: int | None, *, longest: int) -> str:
    """What is wrong with the days left to send pieces; None leaves none in particular."""
    if days is None or 0 < days <= longest:
        return ""
    return f"Laissez de 1 à {longest} jours, ou aucun délai."


def opened_problems(opened: Opened, *, rights: Mapping[str, str], decided: date) -> dict[str, str]:
    """What is wrong with a right that is opened, by field; `rights` are those to which the application may lead."""
    found = {}
    if opened.right not in rights:
        found["right"] = "Choisissez le droit ouvert."
    if opened.since < decided - FURTHEST_BACK or opened.since > decided + FURTHEST_BACK:
        found["since"] = "Cette date est à plus d’un an de la décision : vérifiez l’année."
    if opened.until is not None and opened.until < opened.since:
        found["until"] = "La fin du droit ne précède pas son début."
    elif opened.until is not None and opened.until > opened.since + LONGEST_RIGHT:
        found["until"] = "Cette date est à plus de cinq ans du début : vérifiez l’année."
    if opened.covers_since is not None and opened.covers_since > opened.since:
        found["covers_since"] = "Les soins sont couverts au plus tard depuis le début du droit."
    elif opened.covers_since is not None and opened.covers_since < opened.since - FURTHEST_BACK:
        found["covers_since"] = "Cette date a plus d’un an de moins que le début du droit : vérifiez l’année."
    return found
