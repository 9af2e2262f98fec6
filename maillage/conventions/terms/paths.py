"""Where something stands in Terms: `flows[orientation_misas].channels[0].number`.

Elements of a list are named by their key where they have one, else by their position; a position is always
accepted.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pydantic import BaseModel

Step = str | int
Path = tuple[Step, ...]

_PART: Final = re.compile(r"([a-z_][a-z0-9_]*)((?:\[[a-z0-9_]+\])*)", re.ASCII)
MAX_LENGTH: Final = 600


class ByKey(str):
    """The step to the element of a list that has this key."""

    __slots__ = ()


def written(path: Sequence[Step]) -> str:
    """The path as text: names joined by dots, positions and keys in brackets."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, (int, ByKey)) else f".{step}" if text else step
    return text


def parsed(text: str) -> tuple[Step, ...]:
    """The steps of a written path. Raises `ValueError`, in French, when it cannot be read."""
    if not text or len(text) > MAX_LENGTH:
        raise ValueError("un chemin non vide, par exemple « flows[orientation].channels »")
    steps: list[Step] = []
    for part in text.split("."):
        found = _PART.fullmatch(part)
        if not found:
            raise ValueError(f"un chemin comme « flows[orientation].channels » ; « {text} » est illisible")
        steps.append(found[1])
        inside = re.findall(r"\[([a-z0-9_]+)\]", found[2])
        steps += [int(step) if step.isdigit() else ByKey(step) for step in inside]
    return tuple(steps)


def key_of(element: object) -> str | None:
    """The key that names an element of a list, in a model or in plain data."""
    key = element.get("key") if isinstance(element, dict) else getattr(element, "key", None)
    return key if isinstance(key, str) else None


def position(elements: Sequence[Any], step: Step) -> int | None:
    """Where in the list the step leads; `None` if nowhere."""
    if isinstance(step, ByKey):
        return next((number for number, one in enumerate(elements) if key_of(one) == step), None)
    return step if isinstance(step, int) and 0 <= step < len(elements) else None


def walk(value: object, path: tuple[Step, ...] = ()) -> Iterator[tuple[str, BaseModel]]:
    """Every model inside `value`, itself included, outermost first, with its written path."""
    if isinstance(value, BaseModel):
        yield written(path), value
        for name in type(value).model_fields:
            yield from walk(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for number, element in enumerate(value):
            key = key_of(element)
            yield from walk(element, (*path, number if key is None else ByKey(key)))
