"""What a list leaves out, in words: a count that stops, and the line of « À faire » that says where the others are."""

from collections.abc import Iterator
from typing import Any

from maillage.protection.firsts import MOST, Firsts
from maillage.web.home.tasks import Task
from maillage.web.presentation.numbers import number
from maillage.web.presentation.typography import typeset


def how_many_of(*lists: Firsts[Any]) -> str:
    """How many there are in all: « 12 », or « 200 ou plus » where not all were read."""
    counted = number(sum(map(len, lists)))
    return typeset(f"{counted} ou plus") if any(one.is_cut for one in lists) else counted


def rest(found: Firsts[Any], what: str, url: str, kind: str, *, is_urgent: bool = False) -> Iterator[Task]:
    """The line that says that there are more, and where; nothing where all are here."""
    if found.is_cut:
        title = typeset(f"Voir toutes les {what} : il y en a d’autres")
        why = typeset(f"Seules les {number(MOST)} premières à faire ont leur ligne ici.")
        yield Task(title, url, None, why, kind, is_urgent=is_urgent)
