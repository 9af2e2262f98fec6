"""A YAML file read event by event into plain data, with the line of each value.

Events never build an object: tags, anchors and aliases are refused as they come, so neither an object
constructor nor an expansion bomb has anything to work with. Depth and size are bounded before libyaml can
grow quadratic.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from maillage.conventions.terms.errors import Problem, TermsError
from maillage.conventions.terms.paths import Step, written
from maillage.conventions.terms.scalars import plain

MAX_BYTES: Final = 1_000_000
AT_MOST: Final = f"{MAX_BYTES // 1_000_000} Mo au plus"
MAX_DEPTH: Final = 24
MAX_EVENTS: Final = 30_000


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data, and the line where each value begins."""

    data: object
    lines: dict[tuple[Step, ...], int]


def read_document(source: str | bytes, name: str) -> Document:
    """The one document of a YAML text. Raises `TermsError` for whatever is not plain, bounded data."""
    text = _decoded(source, name)
    reader = _Reader(name)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise TermsError([Problem("", "un fichier YAML bien formé", name, line)]) from error
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, TermsError):
            raise
        raise TermsError([Problem("", "un fichier YAML bien formé, en UTF-8", name)]) from error
    return Document(reader.root, reader.lines)


def _decoded(source: str | bytes, name: str) -> str:
    if len(source) > MAX_BYTES:
        raise TermsError([Problem("", f"un fichier de {AT_MOST}", name)])
    if isinstance(source, bytes):
        try:
            source = source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise TermsError([Problem("", "un texte en UTF-8", name)]) from error
    if "\0" in source:
        raise TermsError([Problem("", "un texte, sans octet nul", name)])
    return source


@dataclass(slots=True)
class _Open:
    """A collection being read: `key` is the mapping key that waits for its value."""

    data: dict[str, Any] | list[Any]
    path: tuple[Step, ...]
    key: str | None = None


@dataclass(slots=True)
class _Reader:
    name: str
    root: object = None
    lines: dict[tuple[Step, ...], int] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    documents: int = 0
    events: int = 0

    def take(self, event: yaml.Event) -> None:
        """Add one event to the data. Raises `TermsError`."""
        self.events += 1
        line = event.start_mark.line + 1 if event.start_mark else 0
        if self.events > MAX_EVENTS:
            raise self._refused("un fichier moins long", line)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refused("des valeurs écrites en toutes lettres, sans ancre ni renvoi (& ou *)", line)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self._refused("un seul document par fichier", line)
        if isinstance(event, (yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if event.tag is not None:
                raise self._refused("des valeurs simples, sans étiquette YAML (!)", line)
            self._value(event, line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.stack.pop()

    def _value(self, event: yaml.Event, line: int) -> None:
        if self._awaits_key():
            self._open_key(event, line)
            return
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            value = plain(event.value) if event.implicit[0] else event.value
        else:
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._put(value)
        self.lines[path] = line
        if isinstance(value, (dict, list)):
            if len(self.stack) >= MAX_DEPTH:
                raise self._refused(f"au plus {MAX_DEPTH} niveaux d'imbrication", line)
            self.stack.append(_Open(value, path))

    def _awaits_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].data, dict) and self.stack[-1].key is None

    def _open_key(self, event: yaml.Event, line: int) -> None:
        top = self.stack[-1]
        if not isinstance(event, yaml.ScalarEvent):
            raise self._refused("un nom de champ simple", line)
        if event.value in top.data:
            path = written((*top.path, event.value))
            raise TermsError([Problem(path, "un champ donné une seule fois", self.name, line)])
        top.key = event.value

    def _put(self, value: object) -> tuple[Step, ...]:
        if not self.stack:
            self.root = value
            return ()
        top = self.stack[-1]
        if isinstance(top.data, list):
            top.data.append(value)
            return (*top.path, len(top.data) - 1)
        key = top.key or ""
        top.data[key] = value
        top.key = None
        return (*top.path, key)

    def _refused(self, expected: str, line: int) -> TermsError:
        path = written(self.stack[-1].path) if self.stack else ""
        return TermsError([Problem(path, expected, self.name, line)])
