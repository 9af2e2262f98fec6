"""Life cycles as one table of transitions; `moves` changes a row's state along it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

TOO_LATE: Final = (
    "Quelqu’un est passé avant vous, ou cette étape n’est plus possible : la page a été rechargée."
)


class TransitionRefused(Exception):
    """The row is not, or no longer, in a state from which this verb starts. The message is in French."""

    def __init__(self, message: str = TOO_LATE) -> None:
        super().__init__(message)


@dataclass(frozen=True)
class Transition:
    """One arrow: `verb` leads from any state of `sources` to `target`; `actor` says in French who may do it."""

    verb: str
    sources: frozenset[StrEnum]
    target: StrEnum
    actor: str


def transition(verb: str, sources: Iterable[StrEnum], target: StrEnum, actor: str) -> Transition:
    """An arrow of a transition table."""
    return Transition(verb, frozenset(sources), target, actor)


def find(table: Iterable[Transition], verb: str) -> Transition:
    """The arrow of this verb; raises KeyError for a verb that the table does not know."""
    for arrow in table:
        if arrow.verb == verb:
            return arrow
    raise KeyError(verb)


def allowed(table: Iterable[Transition], state: str) -> tuple[str, ...]:
    """The verbs that may start from this state, in the table's order."""
    return tuple(arrow.verb for arrow in table if state in arrow.sources)
