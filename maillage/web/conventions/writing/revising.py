"""The text after a step: answers put in their blanks, options kept or dropped. Pure: Terms in, Terms out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import JsonValue

from maillage.conventions.drafting.values import data_from_text
from maillage.conventions.terms import Terms, TermsError, terms_data, terms_from_data
from maillage.conventions.terms.base import OptionalClause
from maillage.conventions.terms.editing import Change, Operation, edit
from maillage.conventions.terms.filling import choose, drop, fill
from maillage.conventions.terms.overview import clauses
from maillage.conventions.terms.paths import key_of
from maillage.core.refusals import Refused
from maillage.web.conventions.writing.questions import Question

_TEMPLATE: Final = "local_template"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer made of several fields, as plain data; None when nothing was said."""

    value: JsonValue = None


Typed = str | Given


@dataclass(frozen=True, slots=True)
class Revised:
    """The text with the answers that it admits, and a message for each of the others, by the question's number."""

    text: Terms
    refused: dict[int, str] = field(default_factory=dict)


def answered(text: Terms, typed: Iterable[tuple[Question, Typed]]) -> Revised:
    """Put each answer in place of its blank; an answer taken away gives the blank back."""
    refused: dict[int, str] = {}
    for question, value in typed:
        try:
            text = _answer(text, question, value)
        except Refused as refusal:
            refused[question.number] = refusal.message
        except TermsError as error:
            refused[question.number] = f"Attendu : {error.problems[0].expected}."
    return Revised(text, refused)


def _answer(text: Terms, question: Question, typed: Typed) -> Terms:
    if typed == Given(question.answer) or (isinstance(typed, str) and _same(typed, question.text)):
        return text
    for path, one in question.places:
        blank: JsonValue = one.model_dump(mode="json", exclude_defaults=True)
        text = edit(text, Change(operation=Operation.REPLACE, path=path, value=blank))
        value = plain_value(text, path, typed)
        text = text if value is None else fill(text, path, value)
    return text


def plain_value(text: Terms, path: str, typed: Typed) -> JsonValue:
    """The plain data of what was typed in a blank of the text; None when nothing was. Raises `Refused`."""
    if isinstance(typed, Given):
        return typed.value
    return data_from_text(text, path, typed.replace("\r\n", "\n")) if typed.strip() else None


def _same(typed: str, before: str) -> bool:
    return " ".join(typed.split()) == " ".join(before.split())


@dataclass(frozen=True, slots=True)
class Option:
    """A clause that the template leaves to the parties. `kept` is None while nothing is decided."""

    path: str
    clause: OptionalClause
    group: str
    kept: bool | None
    follows: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The list of the text where it stands."""
        return self.path.partition("[")[0]


def options(first: Terms, text: Terms) -> tuple[Option, ...]:
    """Every option of the first text. One that only exists for optional services follows them (`follows`)."""
    now = {found.path: found.clause for found in clauses(text)}
    optional = [
        (found.path, found.clause)
        for found in clauses(first)
        if isinstance(found.clause, OptionalClause)
        and found.clause.optional
        and not found.path.startswith(_TEMPLATE)
    ]
    services = {
        clause.key: path
        for path, clause in optional
        if path.startswith("services[") and not clause.option_group
    }
    return tuple(
        Option(path, clause, clause.option_group or "", _kept(now.get(path)), _follows(clause, services))
        for path, clause in optional
    )


def decided(first: Terms, text: Terms, kept: Mapping[str, bool]) -> Terms:
    """The text with these options kept and the others dropped; what was dropped before comes back as it was drawn.

    Raises `TermsError` when something that is not optional needs a dropped clause.
    """
    known = options(first, text)
    whole = _whole(first, text)
    wanted = {one.path: kept.get(one.path, False) for one in known if not one.follows}
    for one in known:
        if one.follows:
            wanted[one.path] = any(wanted.get(path, False) for path in one.follows)
    for one in known:
        if wanted[one.path] and _is_there(whole, one.path):
            whole = choose(whole, one.path)
    for one in known:
        if not wanted[one.path] and _is_there(whole, one.path):
            whole = drop(whole, one.path)
    return whole


def _kept(clause: Any) -> bool | None:
    if clause is None:
        return False
    return clause.chosen if isinstance(clause, OptionalClause) else None


def _follows(clause: OptionalClause, services: Mapping[str, str]) -> tuple[str, ...]:
    named = tuple(getattr(clause, "services", ())) or (
        (service,) if isinstance(service := getattr(clause, "service", None), str) else ()
    )
    if named and all(key in services for key in named):
        return tuple(services[key] for key in named)
    return ()


def _is_there(text: Terms, path: str) -> bool:
    return any(found.path == path for found in clauses(text))


def _whole(first: Terms, text: Terms) -> Terms:
    """The text with every clause of the first one back in its place, in the order of the first."""
    before, now = terms_data(first), terms_data(text)
    for name, elements in before.items():
        here = now.get(name, [])
        if not isinstance(elements, list) or not isinstance(here, list):
            continue
        if any(key_of(element) is None for element in [*elements, *here]):
            continue
        known = {key_of(element): element for element in here}
        merged = [_merged(element, known.pop(key_of(element), None)) for element in elements]
        now[name] = [*merged, *known.values()]
    return terms_from_data(now, text.id)


def _merged(first: dict[str, Any], now: dict[str, Any] | None) -> dict[str, Any]:
    """A clause as it is, the services and flows that a dropped option had taken out of it named again."""
    if now is None:
        return {name: value for name, value in first.items() if name != "chosen"}
    undecided = {name: value for name, value in now.items() if name != "chosen" or not first.get("optional")}
    return undecided | {name: first[name] for name in ("services", "flows") if name in first}
