"""Avenants: what an amendment clause allows, and the text that results at a date."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from pydantic import Field

from maillage.conventions.terms.base import Day, Frozen, Labelled
from maillage.conventions.terms.editing import Change, Operation, apply, refused, steps_of
from maillage.conventions.terms.errors import TermsError
from maillage.conventions.terms.loading import terms_data, terms_from_data
from maillage.conventions.terms.paths import ByKey, Step, key_of
from maillage.conventions.terms.terms import Terms

_IDENTITY: Final = ("id", "schema_version")


class Avenant(Frozen):
    """Changes of clauses, in force from `effect`, the first day of the new text."""

    number: int = Field(ge=1)
    effect: Day
    changes: tuple[Change, ...] = Field(min_length=1)


class Formality(Labelled):
    """What a change needs: an avenant, a letter, or it may not be made at all."""

    AMENDMENT = "amendment", "un avenant"
    LETTER = "letter", "une lettre"
    FORBIDDEN = "forbidden", "hors de portée d'un avenant"


class UntouchableError(TermsError):
    """An avenant that touches what the amendment clause puts out of reach; `article` is that clause's."""

    def __init__(self, path: str, untouchable: str, article: str) -> None:
        """Name the change, what it touches, and the article that forbids it."""
        self.article, self.untouchable = article, untouchable
        expected = f"un avenant qui laisse « {untouchable} » intact, comme l'exige l'article {article}"
        super().__init__(refused(path, expected).problems)


def consolidate(terms: Terms, *changes: Change) -> Terms:
    """The Terms after the changes of an avenant, in order; validated once, after the last.

    Raises `UntouchableError` for a change that the amendment clause forbids (S3 art. 9.3, S4 art. 6.3), `TermsError`
    for one that leads nowhere or gives Terms that do not hold together.
    """
    data = terms_data(terms)
    for change in changes:
        _check(data, change)
        apply(data, change)
    return terms_from_data(data, terms.id)


def consolidated(terms: Terms, avenants: Iterable[Avenant], on: dt.date) -> Terms:
    """The Terms in force on a day: each avenant whose effect has come, by effect then number. Raises as `consolidate`."""
    for avenant in sorted(avenants, key=lambda one: (one.effect, one.number)):
        if avenant.effect <= on:
            terms = consolidate(terms, *avenant.changes)
    return terms


def formality(terms: Terms, path: str) -> Formality:
    """What a change at `path` needs under the amendment clause. Raises `TermsError` for an unreadable path."""
    return formality_in(terms_data(terms), path)


def formality_in(data: dict[str, Any], path: str) -> Formality:
    """The same, of Terms written as plain data (`terms_data`): for who asks about many paths."""
    if _touched(data, path) is not None:
        return Formality.FORBIDDEN
    clause = data["amendment"]
    by_letter = clause.get("by_letter", []) if isinstance(clause, dict) else []
    steps = _normal(data, path)
    return (
        Formality.LETTER
        if any(_within(steps, _normal(data, one)) for one in by_letter)
        else Formality.AMENDMENT
    )


def _check(data: dict[str, Any], change: Change) -> None:
    if change.path in _IDENTITY:
        raise refused(change.path, "un avenant qui laisse l'identité de la convention")
    touched = _touched(data, change.path, adding=change.operation is Operation.ADD)
    if touched is not None:
        raise UntouchableError(change.path, touched, str(data["amendment"]["article"]))


def _touched(data: dict[str, Any], path: str, *, adding: bool = False) -> str | None:
    """What out of reach the path touches, or contains. The list of what is out of reach is itself part of it.

    Adding an element to a list leaves the others alone: only a list that is out of reach itself forbids it.
    """
    clause = data["amendment"]
    untouchable = clause.get("untouchable", []) if isinstance(clause, dict) else []
    if not untouchable:
        return None
    steps = _normal(data, path)
    for one in (*untouchable, "amendment.untouchable"):
        limit = _normal(data, one)
        if _within(steps, limit) or (not adding and _within(limit, steps)):
            return str(one)
    return None


def _within(steps: tuple[Step, ...], limit: tuple[Step, ...]) -> bool:
    return steps[: len(limit)] == limit


def _normal(data: object, path: str) -> tuple[Step, ...]:
    """The steps with positions turned into keys, so that two ways to write a path compare equal."""
    normal: list[Step] = []
    here: Any = data
    for step in steps_of(path):
        if isinstance(here, list):
            number = step if isinstance(step, int) else _number(here, step)
            here = here[number] if number is not None and number < len(here) else None
            key = key_of(here)
            normal.append(step if key is None else ByKey(key))
        else:
            here = here.get(step) if isinstance(here, dict) else None
            normal.append(step)
    return tuple(normal)


def _number(elements: list[Any], key: str) -> int | None:
    return next((number for number, one in enumerate(elements) if key_of(one) == key), None)
