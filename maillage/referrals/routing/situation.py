"""What is known of a person's situation, as the router reads it: facts of the catalogue, care renounced, answers to questions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError, create_model

from maillage.catalogue.facts import CARE, FACTS, RENUNCIATION_REASONS, Fact, Kind
from maillage.conventions.terms.base import Day, Frozen, Key
from maillage.conventions.terms.criteria import Value
from maillage.conventions.terms.errors import Problem, TermsError
from maillage.conventions.terms.messages import problems_from
from maillage.conventions.terms.reading_yaml import Document
from maillage.core.calendar import full_years

MOST_RENUNCIATIONS: Final = 30
MOST_ANSWERS: Final = 500
MAX_BYTES: Final = 1_000_000
_ID_LONGEST: Final = 300


class Renunciation(Frozen):
    """Care that the person goes without, or puts off, and why (S2 annex 2, S4 annex 2): codes of the catalogue."""

    care: Literal[tuple(CARE)]  # type: ignore[valid-type]  # the catalogue's own list
    reason: Literal[tuple(RENUNCIATION_REASONS)]  # type: ignore[valid-type]


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known on a day. `facts` are of the catalogue, derived ones included; a missing one is unknown.

    `answers` decide the conditions that no fact covers, by their id. `sender` is the party, or its service, that asks;
    empty, every sender's routes are given.
    """

    on: date
    facts: Mapping[str, Value]
    renunciations: tuple[Renunciation, ...] = ()
    answers: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    sender: str = ""


def situation_of(
    facts: Mapping[str, Value],
    *,
    on: date,
    renunciations: tuple[Renunciation, ...] | None = None,
    answers: Mapping[str, bool] | None = None,
    sender: str = "",
) -> Situation:
    """A situation with its derived facts: the age in full years on that day, and whether care was renounced.

    `renunciations` is None when nobody asked, empty when the person renounced nothing.
    """
    known = dict(facts)
    born = known.get("birth_date")
    if isinstance(born, date):
        known["age"] = full_years(born, on)
    if renunciations is not None:
        known["renounced_care"] = bool(renunciations)
    return Situation(on, known, renunciations or (), dict(answers or {}), sender)


def situation_from_json(written: bytes, *, on: date, name: str = "situation") -> Situation:
    """The situation that a JSON object describes, as `schema()` says. Raises TermsError with every problem found.

    `on` is the day to stand at, unless the object names another.
    """
    if len(written) > MAX_BYTES:
        raise TermsError([Problem("", f"au plus {MAX_BYTES} octets", name)])
    try:
        data = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise TermsError([Problem("", "un objet JSON bien formé, en UTF-8", name)]) from error
    try:
        answered = _Described.model_validate_json(written, strict=True)
    except ValidationError as error:
        raise TermsError(problems_from(error, Document(data, {}), name)) from error
    given = {key: value for key in FACTS if (value := getattr(answered, key)) is not None}
    day: date = answered.on or on  # type: ignore[attr-defined]  # a field made below
    renunciations: tuple[Renunciation, ...] | None = answered.renunciations  # type: ignore[attr-defined]
    problems = _contradictions(given, renunciations, day)
    if problems:
        raise TermsError([Problem(path, expected, name) for path, expected in problems.items()])
    facts = {key: frozenset(value) if isinstance(value, tuple) else value for key, value in given.items()}
    return situation_of(
        facts,
        on=day,
        renunciations=renunciations,
        answers=answered.answers,  # type: ignore[attr-defined]
        sender=answered.sender or "",  # type: ignore[attr-defined]
    )


def _contradictions(
    given: Mapping[str, object], renunciations: tuple[Renunciation, ...] | None, on: date
) -> dict[str, str]:
    """What cannot be true together, by path."""
    found = {}
    born, age = given.get("birth_date"), given.get("age")
    if isinstance(born, date) and born > on:
        found["birth_date"] = f"un jour qui ne suit pas le {on.isoformat()}"
    elif isinstance(born, date) and age is not None and age != full_years(born, on):
        found["age"] = f"{full_years(born, on)}, l’âge que donne la date de naissance"
    renounced = given.get("renounced_care")
    if renunciations is not None and renounced is not None and renounced != bool(renunciations):
        found["renounced_care"] = "une réponse qui ne contredit pas la liste des soins (renunciations)"
    delivered = given.get("delivered_on")
    if isinstance(delivered, date) and delivered > on:
        found["delivered_on"] = f"un jour qui ne suit pas le {on.isoformat()}"
    return found


def _field(fact: Fact) -> tuple[Any, Any]:
    """The field of a fact, for pydantic: its type, and its question."""
    choice: Any = Literal[tuple(key for key, _ in fact.choices)]
    answer: Any = {
        Kind.YES_NO: bool,
        Kind.NUMBER: Annotated[int, Field(ge=0, le=fact.most)],
        Kind.DAY: Day,
        Kind.CHOICE: choice,
        Kind.SEVERAL: Annotated[tuple[choice, ...], Field(max_length=len(fact.choices))],
    }[fact.kind]
    return (answer | None, Field(default=None, description=fact.question))


_FIELDS: dict[str, Any] = {
    "on": (Day | None, Field(default=None, description="Jour où se placer")),
    "sender": (
        Key | None,
        Field(default=None, description="Partie de la convention, ou son service, qui oriente"),
    ),
    **{key: _field(fact) for key, fact in FACTS.items()},
    "renunciations": (
        Annotated[tuple[Renunciation, ...], Field(max_length=MOST_RENUNCIATIONS)] | None,
        Field(default=None, description="Soins auxquels elle renonce, ou qu’elle repousse ; vide : aucun"),
    ),
    "answers": (
        Annotated[dict[Annotated[str, Field(max_length=_ID_LONGEST)], bool], Field(max_length=MOST_ANSWERS)],
        Field(
            default={}, description="Réponses aux conditions que seul le texte connaît, par leur identifiant"
        ),
    ),
}
_Described: Any = create_model(
    "Situation",
    __base__=Frozen,
    __doc__="Ce que l’on sait de la situation d’une personne ; ce qui manque est inconnu.",
    **_FIELDS,
)


def schema() -> dict[str, Any]:
    """The JSON Schema of a situation."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_Described.model_json_schema(),
        "title": "Situation",
    }
