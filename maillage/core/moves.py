"""The single move that changes a row's state: of two people who act on the same row, one wins and the other is told."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from maillage.core.statements import update
from maillage.core.states import Transition, TransitionRefused, find


def move(row: Any, table: Iterable[Transition], verb: str, **changes: object) -> None:
    """Move a model's row along an arrow, writing `changes` with it; raises TransitionRefused when it is too late.

    `row` is a Django model instance with a `state` field; it is refreshed in memory with what was written.
    """
    arrow = find(table, verb)
    _write(row, arrow.sources, {"state": arrow.target, **changes})


def keep_state(row: Any, **changes: object) -> None:
    """Write what hangs on a state, if the row is still in it; raises TransitionRefused otherwise."""
    _write(row, (row.state,), changes)


def _write(row: Any, sources: Collection[str], changes: Mapping[str, object]) -> None:
    if not update(row, changes, field="state", among=sources):
        raise TransitionRefused
