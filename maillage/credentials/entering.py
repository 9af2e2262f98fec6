"""Whoever is at the door: her password is given, nobody acts yet. Apart from the factors, which every request does without."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from maillage.core.row_security.context import acting, context_of


@contextmanager
def in_the_name_of(user: UUID) -> Iterator[None]:
    """Act as someone who has not entered yet: between her password and her second factor nobody acts."""
    if context_of().user == user:
        yield
        return
    with acting(organisation=None, user=user):
        yield
