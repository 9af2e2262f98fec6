"""A record of processing as a value: its parts, its canonical form, what differs from another. Pure.

GDPR art. 30.1 (controller) and 30.2 (processor). No day is in it: the same texts and the same declarations give the same bytes.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final


class Part(StrEnum):
    """Under which title an organisation processes."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"
    UNKNOWN = "unknown"
    OWN = "own"


PARTS: Final[Mapping[Part, tuple[str, str]]] = {
    Part.CONTROLLER: ("Comme responsable du traitement", "RGPD, article 30.1"),
    Part.PROCESSOR: ("Comme sous-traitant", "RGPD, article 30.2"),
    Part.UNKNOWN: ("Rôle à renseigner", "Le texte ne dit pas quel est le rôle de l’organisme"),
    Part.OWN: ("Fonctionnement de Maillage", "RGPD, article 30.1 : ce que l’organisme garde pour lui-même"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """Some words of the text; with `asked`, a value that the text does not give, and its question."""

    text: str
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that article 30 names, and what is known of it."""

    key: str
    label: str
    lines: tuple[Line, ...]

    @property
    def words(self) -> str:
        """All of it, on one line."""
        return " ; ".join(f"[{one.text}]" if one.asked else one.text for one in self.lines)


@dataclass(frozen=True, slots=True)
class Entry:
    """One processing. `key` stays the same from a version to the next; `convention` is empty for what hangs on none."""

    key: str
    part: Part
    title: str
    convention: str
    fields: tuple[Field, ...]

    def field(self, key: str) -> Field | None:
        """The field of this key."""
        return next((one for one in self.fields if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Record:
    """The record of one organisation: who it is, its processings, its measures of security (30.1 g, 30.2 d)."""

    head: tuple[Field, ...]
    entries: tuple[Entry, ...]
    measures: tuple[str, ...]

    def of(self, part: Part) -> tuple[Entry, ...]:
        """The processings of one part."""
        return tuple(one for one in self.entries if one.part is part)


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that says something else: before and after, empty where it was not or is no more."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version says that another did not: processings added and removed, those whose fields changed."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[tuple[str, tuple[Changed, ...]], ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether both say the same."""
        return not (self.added or self.removed or self.changed)


def canonical(record: Record) -> str:
    """The record as JSON in one way only: sorted keys, no space, texts as they are."""
    return json.dumps(asdict(record), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(content: str) -> str:
    """SHA-256 of a canonical content, in hexadecimal."""
    return sha256(content.encode()).hexdigest()


def parsed(content: str) -> Record:
    """The record of a canonical content. Raises ValueError, KeyError, TypeError on anything else."""
    data = json.loads(content)
    return Record(
        _fields(data["head"]),
        tuple(
            Entry(one["key"], Part(one["part"]), one["title"], one["convention"], _fields(one["fields"]))
            for one in data["entries"]
        ),
        tuple(data["measures"]),
    )


def _fields(data: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    return tuple(
        Field(one["key"], one["label"], tuple(Line(line["text"], line["asked"]) for line in one["lines"]))
        for one in data
    )


def difference(before: Record, after: Record) -> Difference:
    """What changed from one to the other, in the order of the newer, then of the older for what is gone."""
    old = {one.key: one for one in before.entries}
    new = {one.key: one for one in after.entries}
    changed = [
        (_named(one), found)
        for one in after.entries
        if one.key in old and (found := _entry_changes(old[one.key], one))
    ]
    if head := _field_changes(before.head, after.head):
        changed.insert(0, ("L’organisme", head))
    if before.measures != after.measures:
        changed.append(("Mesures de sécurité", _measure_changes(before.measures, after.measures)))
    return Difference(
        tuple(_named(one) for one in after.entries if one.key not in old),
        tuple(_named(one) for one in before.entries if one.key not in new),
        tuple(changed),
    )


def _named(entry: Entry) -> str:
    return f"{PARTS[entry.part][0]} : {entry.title}"


def _entry_changes(before: Entry, after: Entry) -> tuple[Changed, ...]:
    title = () if before.title == after.title else (Changed("Intitulé", before.title, after.title),)
    return title + _field_changes(before.fields, after.fields)


def _field_changes(before: Iterable[Field], after: Iterable[Field]) -> tuple[Changed, ...]:
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    return tuple(
        Changed(
            (new.get(key) or old[key]).label,
            old[key].words if key in old else "",
            new[key].words if key in new else "",
        )
        for key in dict.fromkeys((*new, *old))
        if old.get(key) != new.get(key)
    )


def _measure_changes(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[Changed, ...]:
    gone = [Changed("Mesure retirée", one, "") for one in before if one not in after]
    come = [Changed("Mesure ajoutée", "", one) for one in after if one not in before]
    return (*gone, *come) or (Changed("Ordre des mesures", "", ""),)
