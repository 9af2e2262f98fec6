"""Life cycles as one table of transitions, and the single move that changes a state.

The change is a conditional UPDATE: of two people who act on the same row, one wins and the other is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

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


def move(row: Any, table: Iterable[Transition], verb: str, **changes: object) -> None:
    """Move a model's row along an arrow, writing `changes` with it; raises TransitionRefused when it is too late.

    `row` is a Django model instance with a `state` field; it is refreshed in memory with what was written.
    """
    arrow = find(table, verb)
    _write(row, arrow.sources, {"state": arrow.target, **changes})


def keep_state(row: Any, **changes: object) -> None:
    """Write what hangs on a state, if the row is still in it; raises TransitionRefused otherwise."""
    _write(row, (row.state,), changes)


def _write(row: Any, sources: Iterable[str], changes: Mapping[str, object]) -> None:
    found = type(row)._default_manager.filter(pk=row.pk, state__in=sources)
    if not found.update(**changes):
        raise TransitionRefused
    for name, value in changes.items():
        setattr(row, name, value)
