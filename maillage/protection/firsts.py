"""The first rows of what waits for somebody, and whether there are more: nothing is cut without its being said."""

from collections.abc import Iterable
from typing import Any, Final, TypeVar

from django.db.models import QuerySet

MOST: Final = 200
"""Lines that somebody may still go through; the list that holds all of them has pages."""
T = TypeVar("T")


class Firsts(list[T]):
    """The first of these rows, in their order; `is_cut`: there are more."""

    def __init__(self, rows: Iterable[T] = (), *, is_cut: bool = False) -> None:
        super().__init__(rows)
        self.is_cut = is_cut


def firsts(rows: QuerySet[Any, T]) -> Firsts[T]:
    """The first `MOST` of these, which come in the order in which they are due. One query."""
    found = list(rows[: MOST + 1])
    return Firsts(found[:MOST], is_cut=len(found) > MOST)
