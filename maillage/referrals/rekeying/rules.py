"""Forms filled by hand that wait to be keyed in: named by the reference printed on the sheet, and by nothing else. Pure."""

import re
import secrets
from datetime import date, timedelta
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Nothing to confuse when it is read: no 0 O, 1 I L, U."""
PATTERN: Final = f"^[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}$"
"""No name, no number of social security, no date passes for one."""
OLDEST: Final = timedelta(days=366)

DROPPED: Final[dict[str, str]] = {
    "duplicate": "Elle fait double emploi",
    "illegible": "Elle est illisible",
    "refused": "La personne ne veut plus",
    "other_way": "La demande est partie autrement",
}
"""Why a form leaves the queue without being keyed in."""


def new_reference() -> str:
    """A reference to print on one copy of a blank form; drawn by chance, kept nowhere until the form comes back."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def read_reference(typed: str) -> str:
    """The reference as it is printed, from what was typed: small letters, blanks or no dash; empty when it is none."""
    letters = re.sub(r"[\s\-]", "", typed).upper()
    found = f"{letters[:4]}-{letters[4:]}"
    return found if re.match(PATTERN, found) else ""


def form_problems(reference: str, received_on: date, *, on: date) -> dict[str, str]:
    """What is wrong with a form to put in the queue, by field; `reference` as it was read."""
    found = {}
    if not reference:
        found["reference"] = (
            "Recopiez la référence imprimée en haut de la feuille : huit lettres et chiffres, comme K7QM-3XTD."
        )
    if received_on > on:
        found["received_on"] = "Ce jour est à venir."
    elif received_on < on - OLDEST:
        found["received_on"] = "Cette feuille a plus d’un an : revoyez la personne."
    return found
