"""Changing Terms by path: each change gives new Terms, validated as a whole."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field, JsonValue

from maillage.conventions.terms.base import Frozen, Labelled
from maillage.conventions.terms.errors import Problem, TermsError
from maillage.conventions.terms.loading import terms_data, terms_from_data
from maillage.conventions.terms.paths import MAX_LENGTH, Step, parsed, position, written
from maillage.conventions.terms.terms import Terms


class Operation(Labelled):
    """`replace` a value or a clause, `add` an element to a list, `remove` an element or an optional field."""

    REPLACE = "replace", "remplacer"
    ADD = "add", "ajouter"
    REMOVE = "remove", "retirer"


class Change(Frozen):
    """One change of a clause: `path` is by keys (`flows[orientation_misas].channels`), `value` plain data."""

    operation: Operation
    path: str = Field(max_length=MAX_LENGTH)
    value: JsonValue = None


def edit(terms: Terms, *changes: Change) -> Terms:
    """The Terms after the changes, in order; validated once, after the last. Raises `TermsError`.

    For drafts: nothing here asks whether an avenant may do it (`consolidation.consolidate` does).
    """
    data = terms_data(terms)
    for change in changes:
        apply(data, change)
    return terms_from_data(data, terms.id)


def apply(data: dict[str, Any], change: Change) -> None:
    """Apply one change to plain data, in place. Raises `TermsError` when its path leads nowhere."""
    steps = steps_of(change.path)
    if change.operation is Operation.ADD:
        elements = at(data, steps) if exists(data, steps) else None
        if elements is None and len(steps) == 1:
            elements = data.setdefault(str(steps[0]), [])
        if not isinstance(elements, list):
            raise refused(change.path, "une liste à laquelle ajouter un élément")
        elements.append(change.value)
        return
    parent = at(data, steps[:-1])
    last = steps[-1]
    if isinstance(parent, list):
        number = position(parent, last)
        if number is None:
            raise refused(change.path, "un élément qui existe")
        if change.operation is Operation.REMOVE:
            del parent[number]
        else:
            parent[number] = change.value
    elif isinstance(parent, dict) and isinstance(last, str):
        if change.operation is Operation.REPLACE:
            parent[last] = change.value
        elif parent.pop(last, None) is None:
            raise refused(change.path, "un champ qui a une valeur")
    else:
        raise refused(change.path, "un champ ou un élément de liste")


def steps_of(path: str) -> tuple[Step, ...]:
    """The steps of a written path. Raises `TermsError` when it is unreadable."""
    try:
        return parsed(path)
    except ValueError as error:
        raise refused(path, str(error)) from error


def at(data: object, steps: Sequence[Step]) -> Any:
    """What stands at the path, in plain data. Raises `TermsError` when it leads nowhere."""
    here: Any = data
    for number, step in enumerate(steps):
        if isinstance(here, list):
            found = position(here, step)
            if found is None:
                raise refused(written(steps[: number + 1]), "un élément qui existe")
            here = here[found]
        elif isinstance(here, dict) and step in here:
            here = here[step]
        else:
            raise refused(written(steps[: number + 1]), "un champ qui a une valeur")
    return here


def exists(data: object, steps: Sequence[Step]) -> bool:
    """Whether something stands at the path."""
    try:
        at(data, steps)
    except TermsError:
        return False
    return True


def value_at(terms: Terms, path: str) -> object:
    """The value, clause or blank at a path of the Terms. Raises `TermsError` when it leads nowhere."""
    here: object = terms
    steps = steps_of(path)
    for number, step in enumerate(steps):
        if isinstance(here, tuple):
            found = position(here, step)
            if found is not None:
                here = here[found]
                continue
        elif isinstance(here, BaseModel) and step in type(here).model_fields:
            here = getattr(here, str(step))
            continue
        raise refused(written(steps[: number + 1]), "un champ ou un élément qui existe")
    return here


def refused(path: str, expected: str) -> TermsError:
    """The error of one path."""
    return TermsError([Problem(path, expected)])
