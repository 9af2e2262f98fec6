"""What an avenant may change, clause by clause, and how each value is typed. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml
from pydantic import JsonValue

from maillage.conventions.terms import Formality, Terms, TermsError, terms_data
from maillage.conventions.terms.base import Clause, article_named
from maillage.conventions.terms.consolidation import formality_in
from maillage.conventions.terms.duration import ExitClause
from maillage.conventions.terms.editing import at, steps_of
from maillage.conventions.terms.overview import clauses
from maillage.conventions.terms.reading_yaml import read_document
from maillage.conventions.terms.steering import Referent
from maillage.core.calendar import Period
from maillage.core.refusals import Refused
from maillage.web.conventions.reading.fields import SECTIONS, field_name
from maillage.web.conventions.reading.words import literal
from maillage.web.conventions.writing.structured import delay_from
from maillage.web.presentation.days import FIRST, LAST, OUT_OF_RANGE

_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_FRENCH: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_FIXED: Final = frozenset({"key", "article", "also", "optional", "option_group", "chosen"})
_CLOSED: Final = frozenset({"signatures", "narrative"})
_WORDS: Final = ("label", "what", "name", "text", "title", "scope")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A clause that one may choose; `reach` says what a change of it needs."""

    path: str
    words: str
    article: str
    reach: Formality

    @property
    def is_open(self) -> bool:
        """Whether an avenant may touch it."""
        return self.reach is not Formality.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a clause; `kind` is text, number, date, delay or yaml."""

    path: str
    label: str
    kind: str
    typed: str


def chosen_from(text: Terms) -> Iterator[Chosen]:
    """Every clause of the text that stands by itself, in its order."""
    parties = {party.key: party.short_name or party.key.upper() for party in text.parties}
    data = terms_data(text)
    for found in clauses(text):
        section, _, inside = found.path.partition("[")
        if section in _CLOSED or section not in SECTIONS or "." in inside:
            continue
        model = found.clause
        said = _words(model, parties)
        words = f"{SECTIONS[section][1]} : {said}" if said else SECTIONS[section][1]
        yield Chosen(found.path, words, model.article, _reach(data, found.path))


def _words(model: Clause, parties: Mapping[str, str]) -> str:
    for name in _WORDS:
        if isinstance(value := getattr(model, name, None), str):
            return value
    if isinstance(model, ExitClause):
        return literal(str(getattr(model, "kind", "")))
    if isinstance(model, Referent):
        return f"{parties.get(model.party, model.party)}, niveau {model.level.label}"
    return str(getattr(model, "key", None) or "")


def fields_of_clause(text: Terms, path: str) -> list[Field]:
    """Its values, in the order of the text, those that hold something."""
    data = terms_data(text)
    here = _value_in(data, path)
    if not isinstance(here, dict):
        return []
    return [
        Field(f"{path}.{name}", field_name(name), kind_of(value), typed_of(value))
        for name, value in here.items()
        if name not in _FIXED and _reach(data, f"{path}.{name}") is not Formality.FORBIDDEN
    ]


def value_of(text: Terms, path: str) -> Any:
    """The plain value at a path; None where there is none."""
    return _value_in(terms_data(text), path)


def _value_in(data: dict[str, Any], path: str) -> Any:
    try:
        return at(data, steps_of(path))
    except TermsError:
        return None


def kind_of(value: Any) -> str:
    """How a value is typed."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return "yaml"
    if isinstance(value, int):
        return "number"
    return "date" if _ISO.fullmatch(value) else "delay" if _is_delay(value) else "text"


def typed_of(value: Any) -> str:
    """A value as someone would type it."""
    kind = kind_of(value)
    if kind == "delay":
        return Period.parse(value).label()
    if kind == "date":
        year, month, day = value.split("-")
        return f"{day}/{month}/{year}"
    if kind == "yaml":
        return (
            "" if value is None else str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False)).strip()
        )
    return str(value)


def parsed(kind: str, typed: str) -> JsonValue:
    """The plain value of what was typed. Raises `Refused` at `value`."""
    typed = typed.strip().replace("\r\n", "\n")
    if not typed:
        raise Refused("Écrivez la nouvelle valeur.", "value")
    if kind == "number":
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
            raise Refused("Écrivez un nombre entier.", "value")
        return int(typed)
    if kind == "date":
        if not (found := _FRENCH.fullmatch(typed)):
            raise Refused("Écrivez une date, comme 14/11/2024.", "value")
        if not FIRST.year <= int(found[3]) <= LAST.year:
            raise Refused(OUT_OF_RANGE, "value")
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    if kind == "delay":
        return delay_from(typed, "value")
    return _fragment(typed) if kind == "yaml" else typed


def _fragment(typed: str) -> JsonValue:
    """A fragment of a convention file. What makes it unreadable is said with its line."""
    try:
        data = read_document(typed, "fragment").data
    except TermsError as error:
        raise Refused(f"Ce fragment ne se lit pas : {error.problems[0]}.", "value") from error
    return data  # type: ignore[return-value]  # plain data, as the reader gives


def place(change: dict[str, Any], text: Terms) -> str:
    """« Engagement : organiser des sessions, article 3 : cadence »."""
    path = str(change["path"])
    section = path.partition("[")[0].partition(".")[0]
    inside = next(
        (one for one in chosen_from(text) if path == one.path or path.startswith(f"{one.path}.")), None
    )
    if inside is None:
        return SECTIONS.get(section, (field_name(section), ""))[0]
    end = path[len(inside.path) + 1 :]
    return f"{inside.words} ({article_named(inside.article)})" + (
        f", {field_name(end.partition('.')[0]).lower()}" if end else ""
    )


def _reach(data: dict[str, Any], path: str) -> Formality:
    try:
        return formality_in(data, path)
    except TermsError:
        return Formality.FORBIDDEN


def _is_delay(value: str) -> bool:
    try:
        Period.parse(value)
    except ValueError:
        return False
    return True
