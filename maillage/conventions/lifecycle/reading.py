"""The readings of a convention: which ambiguities there are, and which of their combinations matter on a
day.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Generic, TypeVar

from maillage.conventions.lifecycle.events import EventKind
from maillage.conventions.lifecycle.record import Record
from maillage.conventions.terms.readings import ReadableClause, Variant

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """One clause and its remaining readings; a single one when nothing is ambiguous or the parties have
    chosen.
    """

    name: str
    variants: Sequence[Variant[Any]]


@dataclass(frozen=True, slots=True)
class Result(Generic[_T]):
    """What one combination gives; `chosen` has one variant for each ambiguity, in their order."""

    chosen: tuple[Variant[Any], ...]
    value: _T


@dataclass(frozen=True, slots=True)
class Group(Generic[_T]):
    """Combinations that agree on all that matters: the first of them, all of them, and the readings it
    names.
    """

    first: Result[_T]
    members: tuple[Result[_T], ...]
    named: tuple[Variant[Any], ...]


def retained(record: Record) -> Mapping[str, str]:
    """The reading that the parties last retained for each clause: « term », « renewal », or an exit's name."""
    events = record.of(EventKind.READING_RETAINED)
    return {event.clause: event.reading for event in events if event.clause and event.reading}


def remaining(name: str, clause: ReadableClause, choices: Mapping[str, str]) -> Sequence[Variant[Any]]:
    """The readings of `clause` that the parties have not ruled out."""
    choice = choices.get(name)
    return clause.retaining(choice) if choice else clause.variants


def combine(
    ambiguities: Sequence[Ambiguity], judge: Callable[[tuple[Variant[Any], ...]], _T]
) -> list[Result[_T]]:
    """One result for each combination of readings."""
    return [
        Result(chosen, judge(chosen))
        for chosen in product(*(ambiguity.variants for ambiguity in ambiguities))
    ]


def group(
    ambiguities: Sequence[Ambiguity], results: Sequence[Result[_T]], key: Callable[[_T], Hashable]
) -> list[Group[_T]]:
    """The results gathered so that only the ambiguities that change `key` are told apart."""
    keys = [key(result.value) for result in results]
    if keys.count(keys[0]) == len(keys):
        return [Group(results[0], tuple(results), ())]
    matters = [
        index
        for index, ambiguity in enumerate(ambiguities)
        if len(ambiguity.variants) > 1 and _matters(index, results, keys)
    ]
    groups: dict[tuple[str, ...], list[Result[_T]]] = {}
    for result in results:
        groups.setdefault(tuple(result.chosen[index].name for index in matters), []).append(result)
    return [
        Group(members[0], tuple(members), tuple(members[0].chosen[index] for index in matters))
        for members in groups.values()
    ]


def names_of(variants: Sequence[Variant[Any]]) -> str:
    """« once+sending »: the names of the readings, joined."""
    return "+".join(variant.name for variant in variants)


def articles_of(variants: Sequence[Variant[Any]]) -> str:
    """The articles read, each once."""
    return ", ".join(dict.fromkeys(variant.clause.article for variant in variants))


def texts_of(variants: Sequence[Variant[Any]]) -> str:
    """What the readings mean, in French."""
    return ", ".join(variant.text for variant in variants)


def _matters(index: int, results: Sequence[Result[Any]], keys: Sequence[Hashable]) -> bool:
    """Whether two combinations that differ by this ambiguity alone have different keys."""
    seen: dict[tuple[str, ...], Hashable] = {}
    for result, known in zip(results, keys, strict=True):
        others = tuple(_others(result.chosen, index))
        if seen.setdefault(others, known) != known:
            return True
    return False


def _others(chosen: Sequence[Variant[Any]], index: int) -> Iterator[str]:
    return (variant.name for position, variant in enumerate(chosen) if position != index)
