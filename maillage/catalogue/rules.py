"""What a support is, when a version of it is current, what a stock holds: dates and numbers in, dates and numbers out.

Rows C4 and C13: leaflets, forms, guides for those who inform (S0 art. 3, S2 art. 4.1, S3 annex 4), each with its versions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from maillage.catalogue.rights import OFFERED
from maillage.catalogue.states import State
from maillage.core.calendar import DAY

KINDS: Final = {
    "form": "Formulaire",
    "leaflet": "Dépliant",
    "poster": "Affiche",
    "paper_guide": "Guide papier",
    "talking_points": "Éléments de discours",
    "video": "Vidéo",
    "simulator": "Simulateur",
    "e_learning": "E-learning",
    "link": "Lien",
}
PRINTED: Final = frozenset({"form", "leaflet", "poster", "paper_guide"})
"""Kinds that stand on paper: one may keep a stock of them."""
AUDIENCES: Final = {"professionals": "Professionnels et bénévoles", "publics": "Publics"}
LANGUAGES: Final = {
    "fr": "Français",
    "fr_easy": "Français facile à lire",
    "lsf": "Langue des signes française",
    "en": "Anglais",
    "ar": "Arabe",
    "bn": "Bengali",
    "zh": "Chinois",
    "es": "Espagnol",
    "fa": "Farsi, dari",
    "ka": "Géorgien",
    "pt": "Portugais",
    "ps": "Pachto",
    "ro": "Roumain",
    "ru": "Russe",
    "so": "Somali",
    "ti": "Tigrigna",
    "tr": "Turc",
    "uk": "Ukrainien",
    "ur": "Ourdou",
}
MOVEMENTS: Final = {"received": "Reçus", "sent": "Remis", "counted": "Comptés"}

LONGEST_TITLE: Final = 120
LONGEST_PURPOSE: Final = 600
LONGEST_LABEL: Final = 60
LONGEST_CHANGES: Final = 400
LONGEST_LINK: Final = 500
LONGEST_REASON: Final = 300
MOST_COPIES: Final = 1_000_000
ENDING_DAYS: Final = 30
"""Days before the end of a validity from which its owner is told. No text gives a number: ours."""
CODE_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""What is read aloud or copied by hand without mistaking one sign for another."""
CODE_LENGTH: Final = 10
LARGEST: Final = 10_000_000
"""Bytes of a version's file: anybody may ask for it, from a telephone."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a support is, whatever its version."""

    kind: str
    title: str
    purpose: str
    audience: tuple[str, ...]
    languages: tuple[str, ...]
    services: tuple[str, ...] = ()


def described_problems(said: Described) -> dict[str, str]:
    """What is wrong, by field, in French; empty when all is right."""
    found: dict[str, str] = {}
    if said.kind not in KINDS:
        found["kind"] = "Choisissez une nature dans la liste."
    if not 0 < len(said.title.strip()) <= LONGEST_TITLE:
        found["title"] = f"Donnez un titre, de {LONGEST_TITLE} caractères au plus."
    if not 0 < len(said.purpose.strip()) <= LONGEST_PURPOSE:
        found["purpose"] = f"Dites à quoi il sert, en {LONGEST_PURPOSE} caractères au plus."
    for field, given, known in (
        ("audience", said.audience, AUDIENCES),
        ("languages", said.languages, LANGUAGES),
    ):
        if not given or not set(given) <= set(known):
            found[field] = "Choisissez au moins une réponse de la liste."
    if not set(said.services) <= set(OFFERED):
        found["services"] = "Choisissez dans la liste."
    return found


def link_problem(link: str) -> str:
    """What is wrong with an address to which people are led; empty when it is one. Nothing is fetched.

    Only https, a plain host, no name nor password before it: what one reads is where one goes.
    """
    refused = "Écrivez une adresse complète qui commence par https://."
    if len(link) > LONGEST_LINK:
        return f"Écrivez {LONGEST_LINK} caractères au plus."
    if not link.isascii() or not link.isprintable() or set(link) & set(" \\\"'<>`"):
        return refused
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return refused
    labels = host.split(".")
    plain = len(labels) > 1 and all(one and set(one) <= _HOST and one.strip("-") == one for one in labels)
    # A name, a password, a port or a capital would stand between what is read and where one goes.
    if parts.scheme != "https" or not link.startswith("https://") or parts.netloc != host or not plain:
        return refused
    return "" if labels[-1].isalpha() else refused


_HOST: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def is_code(text: str) -> bool:
    """Whether this may be the code of an address to print."""
    return len(text) == CODE_LENGTH and set(text) <= set(CODE_ALPHABET)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days, both included; no last one: until further notice."""

    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)

    def meets(self, other: "Span") -> bool:
        """Whether a day is in both."""
        return (self.last is None or other.first <= self.last) and (
            other.last is None or self.first <= other.last
        )


def span_problem(span: Span, *, today: date) -> str:
    """Why nothing is published for these days; empty when it may be."""
    if span.last is not None and span.last < max(span.first, today):
        return "La fin de validité ne peut pas précéder le premier jour, ni aujourd’hui."
    return ""


class Standing(StrEnum):
    """Where a version stands on a day."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    CURRENT = "current"
    ENDED = "ended"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


STANDINGS: Final[dict[Standing, str]] = {
    Standing.DRAFT: "Brouillon",
    Standing.UPCOMING: "À venir",
    Standing.CURRENT: "À jour",
    Standing.ENDED: "Obsolète",
    Standing.REPLACED: "Remplacée",
    Standing.WITHDRAWN: "Retirée",
    Standing.DISCARDED: "Abandonnée",
}


def standing(state: str, span: Span | None, on: date) -> Standing:
    """Where a version stands on a day: nobody has to act for a validity to end."""
    if state != State.PUBLISHED or span is None:
        return Standing(state)
    if on < span.first:
        return Standing.UPCOMING
    return Standing.CURRENT if span.holds(on) else Standing.ENDED


@dataclass(frozen=True, slots=True)
class Room:
    """What a new version changes to those published before: some end sooner, some have no day left."""

    shortened: Mapping[object, date]
    replaced: tuple[object, ...]


def make_room(published: Mapping[object, Span], new: Span) -> Room:
    """Let `new` be alone on its days. One that began before ends the day before it; what begins within it is replaced.

    What comes wholly before or wholly after stays as it is; nothing that was cut comes back afterwards.
    """
    met = {key: span for key, span in published.items() if span.meets(new)}
    return Room(
        {key: new.first - DAY for key, span in met.items() if span.first < new.first},
        tuple(key for key, span in met.items() if span.first >= new.first),
    )


def ends_unfollowed(span: Span, others: Iterable[Span], on: date) -> bool:
    """Whether the owner is to be told on a day: the validity ends within 30 days or has ended, and nothing comes after."""
    if span.last is None or on < span.last - timedelta(days=ENDING_DAYS):
        return False
    return not any(other.first > span.last or other.holds(on) for other in others)


@dataclass(frozen=True, slots=True)
class Moved:
    """Copies received, handed or sent away, or counted on the shelf."""

    kind: str
    quantity: int
    day: date


def balance_after(before: int, moved: Moved) -> int:
    """What is left: a count says what there is, whatever was written before. Under zero is for the caller to refuse."""
    if moved.kind == "counted":
        return moved.quantity
    return before + (moved.quantity if moved.kind == "received" else -moved.quantity)


def balance_of(moves: Sequence[Moved]) -> int:
    """What is left after all of them, the oldest first."""
    left = 0
    for moved in moves:
        left = balance_after(left, moved)
    return left


def moved_problems(moved: Moved, before: int, *, today: date) -> dict[str, str]:
    """What is wrong with a movement, by field."""
    found: dict[str, str] = {}
    least = 0 if moved.kind == "counted" else 1
    if moved.kind not in MOVEMENTS:
        found["kind"] = "Choisissez dans la liste."
    if not least <= moved.quantity <= MOST_COPIES:
        found["quantity"] = f"Écrivez un nombre, de {least} à {MOST_COPIES}."
    elif moved.kind in MOVEMENTS and balance_after(before, moved) < 0:
        found["quantity"] = (
            f"Il n’en reste que {before} : comptez-les d’abord, ou notez ceux que vous avez reçus."
        )
    if moved.day > today:
        found["day"] = "Ce jour n’est pas encore venu."
    return found
