"""More worlds, made like the two of tests/security: each convention between three bodies, each person known nowhere else."""

from datetime import date, timedelta
from itertools import permutations

from maillage.beneficiaries.rules import Identity
from tests.security.worlds import FORMER, World, end_memberships, fill, two_worlds

# Caisses, their neighbours, and who sends: the worker of each sender.
CAISSES = ("CPAM 42", "Cnam", "CARSAT RA")
SENDERS = {
    "CCAS": "social@ccas.example.org",
    "CH d’Exemple": "pass@hopital.example.org",
    "CCAS de Villexemple": "social@villexemple.example.org",
}
_SYLLABLES = ("va", "lo", "mi", "ru", "te", "no", "pa", "zi", "que", "dor", "fen", "gal")


def many_worlds(others: int) -> tuple[World, ...]:
    """The first two worlds and so many others, filled and committed one by one."""
    here, there = two_worlds()
    places = [(caisse, beside, sender) for sender in SENDERS for caisse, beside in permutations(CAISSES, 2)]
    found = [here, there]
    for number in range(others):
        caisse, beside, sender = places[(5 * number + 2) % len(places)]
        found.append(_world(number, caisse, beside, sender))
    for world in found:
        fill(world)
    end_memberships(FORMER)
    return tuple(found)


def _world(number: int, caisse: str, beside: str, sender: str) -> World:
    name = f"W{number:02d}"
    born = date(1950, 1, 1) + timedelta(days=397 * number)
    person = Identity(
        surname=_word("Xan", number),
        given_name=_word("Yor", number + 5),
        birth_date=born,
        phone=f"06000010{number:02d}",
    )
    return World(name, {"cpam": caisse, "carsat": beside, "ccas": sender}, SENDERS[sender], person)


def _word(begin: str, number: int) -> str:
    """A name that no dictionary holds, another for each number."""
    count = len(_SYLLABLES)
    return (
        begin
        + _SYLLABLES[number % count]
        + _SYLLABLES[(number // count + 3 * number) % count]
        + f"{chr(97 + number % 26)}w"
    )
