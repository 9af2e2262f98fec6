"""`facts`: what a convention is on a day, from its Terms and its recorded events. Pure: no clock, no
database.

The rules are those of the texts (S0 art. 6, S1 art. 4 and 6, S2 art. 9, S3 art. 9, S4 art. 6). Days lie
between the years 1900 and 2999.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from maillage.conventions.lifecycle.events import Event
from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.judging import Case
from maillage.conventions.lifecycle.merging import merged
from maillage.conventions.lifecycle.reading import combine


class HasKey(Protocol):
    """A party: the rules only need its key."""

    @property
    def key(self) -> str:
        """The key of the party in its convention."""
        ...


class HasLifecycle(Protocol):
    """The part of the Terms that decides dates. A clause may be a `Blank` or `None`: the text is silent."""

    @property
    def id(self) -> str:
        """The identifier of the convention."""
        ...

    @property
    def parties(self) -> Sequence[HasKey]:
        """Those who sign, in the order of the text."""
        ...

    @property
    def term(self) -> Any:
        """A `Term`, a `Blank` or `None`."""
        ...

    @property
    def renewal(self) -> Any:
        """A `Renewal`, a `Blank` or `None`."""
        ...

    @property
    def exits(self) -> Any:
        """A tuple of `Exit`, a `Blank` or `None`."""
        ...


def facts(
    terms: HasLifecycle,
    events: Iterable[Event],
    on: date,
    departement: str = "75",
    names: Mapping[str, str] | None = None,
) -> Facts:
    """What is known on `on`. Events of a later day are not known yet; their order does not matter.

    `departement` is that of the caisse, for delays in working days; `names` are those of the bodies behind the parties,
    by key, where the text's own are not enough. Never raises for any events.
    """
    case = Case(terms, events, on, departement, names)
    return merged(case, combine(case.ambiguities, case.judge))
