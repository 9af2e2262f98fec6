"""The words of each act on a case: its label, its button, what follows from it, said before it is done."""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.urls import reverse

from maillage.web.presentation.components import Confirmation

TOLD: Final = "L’organisme qui l’a adressée est prévenu"
BUTTONS: Final = {
    "acknowledge": "Accuser réception",
    "accept": "Accompagner la personne",
    "resume": "Reprendre l’accompagnement",
}


@dataclass(frozen=True, slots=True)
class _Words:
    label: str
    button: str
    consequences: tuple[str, ...] = ()
    is_danger: bool = False


WORDS: Final = {
    "contact": _Words("Noter un essai de contact", "Noter l’essai"),
    "ask": _Words(
        "Poser une question",
        "Envoyer la question",
        ("L’organisme qui a orienté est prévenu et répond ici même.", "Rien ne vous empêche d’avancer."),
    ),
    "pause": _Words(
        "Mettre en pause",
        "Mettre en pause",
        (f"{TOLD} et voit pourquoi.", "Le dossier revient dans « À faire » le jour dit."),
    ),
    "refuse": _Words(
        "Refuser",
        "Refuser l’orientation",
        (
            f"{TOLD}, avec la raison et vos mots.",
            "L’orientation quitte votre liste « À traiter » ; elle reste lisible.",
        ),
        is_danger=True,
    ),
    "settle": _Words(
        "Noter ce qu’il en est des soins et des droits",
        "Enregistrer sans clôturer",
        ("L’organisme qui a orienté le lit sur cette page, sans message.",),
    ),
    "close": _Words(
        "Noter les soins et les droits, clôturer",
        "Clôturer",
        (
            f"Si vous clôturez : {TOLD[0].lower()}{TOLD[1:]} et voit le résultat ; plus rien ne change ensuite.",
            "Pour clôturer, chaque soin a sa réponse, et chaque action prévue aussi ; un droit peut rester en cours.",
            "L’orientation quitte votre liste « À traiter » ; elle reste lisible.",
        ),
    ),
    "choose_progress": _Words(
        "La personne change ce qui revient à qui l’oriente",
        "Noter son choix",
        (
            "Son choix compte dès maintenant, des deux côtés ; les deux organismes sont prévenus, sans autre mot.",
            "Si elle en laisse savoir moins, {who} ne lit plus que « reçue », puis « terminée ».",
            "Ce que {who} avait déjà lu était su : le journal le garde, les pages ne le montrent plus.",
            "Si elle en laisse savoir plus, {who} lit aussi ce qui s’est passé jusqu’ici.",
        ),
    ),
    "revoke": _Words(
        "La personne retire son accord",
        "Arrêter à sa demande",
        (
            "Tout s’arrête ici, des deux côtés, à l’instant.",
            "Rien ne peut être repris : il faudrait une nouvelle orientation, et un nouvel accord.",
        ),
        is_danger=True,
    ),
    "withdraw": _Words(
        "Arrêter la demande",
        "Arrêter",
        (
            "La caisse est prévenue : elle n’appelle plus la personne.",
            "Rien ne peut être repris : il faudrait une nouvelle orientation.",
        ),
        is_danger=True,
    ),
    "cancel": _Words(
        "Annuler, envoyée par erreur",
        "Annuler l’orientation",
        ("La caisse est prévenue : elle n’appelle pas la personne.", "L’orientation ne compte pas."),
        is_danger=True,
    ),
}
STOPS: Final = {
    "withdraw": (
        "Arrêter cette transmission",
        "Arrêter",
        "Le service est prévenu : il n’appelle plus la personne.",
    ),
    "cancel": (
        "Annuler, transmise par erreur",
        "Annuler la transmission",
        "Le service est prévenu : il n’appelle pas la personne.",
    ),
}
"""How a caisse stops what it forwarded: the words of the act, of its button, of what follows first."""


def confirmation(case: UUID, verb: str) -> Confirmation:
    """What an act on a case asks to be confirmed."""
    words = WORDS[verb]
    return Confirmation(
        label=words.label,
        action=reverse(f"referrals:{verb}", args=[case]),
        consequences=words.consequences,
        button=words.button,
        is_danger=words.is_danger,
    )


def quiet(found: Confirmation) -> Confirmation:
    """The same where the sender is told nothing of it: the person withholds the progress from it."""
    kept = [
        words
        for words in found.consequences
        if TOLD.lower() not in words.lower() and "qui a orienté" not in words
    ]
    return replace(
        found, consequences=("L’organisme qui l’a adressée n’en sait rien : elle l’a voulu ainsi.", *kept)
    )
