"""Following a case inside one organisation, and what is told to those who watch over its journal. Pure."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 5, 1000  # cases of one person in a day
SHORTEST_MOTIVE, LONGEST_MOTIVE = 10, 300  # characters
LONGEST_WORD = 300
LINEAGES = ("restarted", "forwarded", "opened")
"""How a case follows from another: its sender sent it again elsewhere, whoever worked it forwarded it, or one of its two sides
applied for a right that it had found: the referral goes on beside."""

RESTRICTIONS: Final[dict[str, str]] = {
    "accuracy": "elle conteste l’exactitude des données, le temps de vérifier (RGPD, article 18.1 a)",
    "unlawful": "le traitement serait illicite, et elle préfère la limitation à l’effacement (18.1 b)",
    "claims": "elle a besoin des données pour faire valoir un droit en justice (18.1 c)",
    "objection": "elle s’est opposée, le temps de vérifier (18.1 d)",
}
"""On which ground a case is restricted (GDPR art. 18.1)."""
LIFTED_HOW: Final[dict[str, str]] = {
    "letter": "par courrier",
    "phone": "par téléphone",
    "in_person": "de vive voix",
    "worker": "par une personne qui l’accompagne",
}
"""How the person was told that a restriction is about to be lifted (GDPR art. 18.3)."""


class Reason(StrEnum):
    """Why somebody may open the identity of a case of her own organisation."""

    SENT = "sent"
    WORKED = "worked"
    TAKEN = "taken"
    HANDED = "handed"
    SECONDED = "seconded"
    CONSULTED = "consulted"


REASONS: dict[Reason, str] = {
    Reason.SENT: "dossier suivi : elle ou il l’a envoyé",
    Reason.WORKED: "dossier suivi : elle ou il y a travaillé",
    Reason.TAKEN: "dossier suivi : prise en charge",
    Reason.HANDED: "dossier suivi : confié par un ou une collègue",
    Reason.SECONDED: "dossier suivi : rendez-vous de son agenda d’agent délégué",
    Reason.CONSULTED: "consultation sans suivi",
}


def end_of_day(at: datetime, zone: ZoneInfo) -> datetime:
    """Midnight that ends the local day of an instant: until when a consultation without following lasts."""
    tomorrow: date = at.astimezone(zone).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)


def motive_problem(motive: str) -> str:
    """What is wrong with the reason given for a consultation; empty when it says something."""
    written = " ".join(motive.split())
    if len(written) < SHORTEST_MOTIVE or len(set(written.casefold())) < 4:
        return f"Dites pourquoi, en {SHORTEST_MOTIVE} caractères au moins."
    if len(motive) > LONGEST_MOTIVE:
        return f"Écrivez {LONGEST_MOTIVE} caractères au plus."
    return ""


def threshold_problem(cases: int) -> str:
    """What is wrong with a threshold; empty when it is within its bounds."""
    if not LOWEST_THRESHOLD <= cases <= HIGHEST_THRESHOLD:
        return f"Choisissez un nombre de {LOWEST_THRESHOLD} à {HIGHEST_THRESHOLD}."
    return ""


def word_problem(word: str) -> str:
    """What is wrong with what was done about an alert; empty when something is said."""
    if len(word.split()) < 1 or len(word.strip()) < 3:
        return "Dites en quelques mots la suite donnée."
    if len(word) > LONGEST_WORD:
        return f"Écrivez {LONGEST_WORD} caractères au plus."
    return ""


def alert_reference(alert: UUID) -> str:
    """The code of an alert in a message: it names nobody, and opens nothing."""
    return f"J-{alert.hex[-8:].upper()}"
