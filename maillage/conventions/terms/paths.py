"""Where something stands in Terms: `flows[orientation_misas].channels[0].number`.

Elements of a list are named by their key where they have one, else by their position; a position is always
accepted.
"""

import re
from collections.abc import Sequence
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


class _Fields(dict[type, tuple[str, ...]]):
    """The names of a model's fields, in their order; none for what is not a model. Once a type: pydantic's answer is slow."""

    def __missing__(self, kind: type) -> tuple[str, ...]:
        self[kind] = tuple(kind.model_fields) if issubclass(kind, BaseModel) else ()
        return self[kind]


_FIELDS: Final = _Fields()


def walk(value: BaseModel) -> list[tuple[str, BaseModel]]:
    """Every model inside `value`, itself included, outermost first, with its written path."""
    found: list[tuple[str, BaseModel]] = []
    _gather(value, "", found)
    return found


def _gather(model: BaseModel, path: str, found: list[tuple[str, BaseModel]]) -> None:
    """One model and what its fields hold. The path is written on the way down; plain values, the most of them, are passed by."""
    found.append((path, model))
    inside = f"{path}." if path else ""
    for name in _FIELDS[type(model)]:
        value = getattr(model, name)
        if isinstance(value, tuple):
            for number, element in enumerate(value):
                if _FIELDS[type(element)]:
                    key = key_of(element)
                    _gather(element, f"{inside}{name}[{number if key is None else key}]", found)
        elif _FIELDS[type(value)]:
            _gather(value, inside + name, found)
