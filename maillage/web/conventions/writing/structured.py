"""Answers made of several fields: GDPR roles, breach, rights, retention… One table says which fields each one has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.text import capfirst
from pydantic import JsonValue

from maillage.conventions.terms.protection import BreachStart, LawfulBasis
from maillage.core.calendar import Period
from maillage.core.refusals import Refused
from maillage.core.text import sort_key
from maillage.web.conventions.writing.questions import Question

_CHOOSE: Final = {
    "required": "Choisissez une réponse.",
    "invalid_choice": "Choisissez une réponse de la liste.",
}
_UNITS: Final = {
    "heure": "h", "heures": "h", "h": "h", "jour": "d", "jours": "d", "j": "d", "semaine": "w", "semaines": "w", "mois": "m",
    "an": "y", "ans": "y", "annee": "y", "annees": "y",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One field of an answer. `kind`: parties (boxes), line, delay, start (of a breach), tick."""

    name: str
    label: str
    kind: str = "line"
    is_needed: bool = True
    help_text: str = ""


_ROLES: Final = (
    Part("controllers", "responsables du traitement", "parties"),
    Part("processors", "sous-traitants", "parties", is_needed=False),
    Part("joint", "Les responsables le sont conjointement", "tick"),
)
_DELAY: Final = "Une durée : 24 heures, 15 jours, 2 ans."
STRUCTURES: Final[Mapping[str, Sequence[Part]]] = {
    "roles": _ROLES,
    "breach": (
        Part("within", "délai pour prévenir", "delay", help_text=_DELAY),
        Part("start", "ce délai court", "start"),
        Part("notifies", "qui prévient", "parties"),
        Part("notified", "qui est prévenu", "parties"),
        Part("mutual", "Les parties se préviennent l’une l’autre", "tick"),
    ),
    "rights_requests": (
        Part("addressees", "à qui la personne s’adresse", "parties"),
        Part("to_dpo", "Elle s’adresse au délégué à la protection des données", "tick"),
        Part("contact", "adresse", is_needed=False, help_text="Une boîte générique, une adresse postale."),
    ),
    "retention": (
        Part("delay", "durée", "delay", help_text=_DELAY),
        Part(
            "start", "ce qui la fait courir", help_text="Par exemple : le dernier contact avec la personne."
        ),
    ),
    "destruction": (
        Part("by", "qui détruit", "parties"),
        Part("what", "ce qui est détruit"),
        Part("when", "quand"),
    ),
    "information": (
        Part("by", "qui informe la personne", "parties"),
        Part("when", "quand"),
        Part("content", "ce qui lui est dit", is_needed=False),
    ),
    "impact_assessment": (
        Part("led_by", "qui la mène", "parties"),
        Part("helped_by", "qui y aide", "parties", is_needed=False),
    ),
    "sub_processing": (Part("prior_authorisation_by", "qui autorise au préalable", "parties"),),
    "outside_union": (
        Part("where", "vers quels pays", help_text="Les pays, ou « aucun »."),
        Part(
            "guarantees",
            "avec quelles garanties",
            is_needed=False,
            help_text="Par exemple : clauses contractuelles types.",
        ),
    ),
}
_LISTS: Final = ("dpos", "lawful_bases")
_WITHOUT_ARTICLE: Final = frozenset({"roles"})


def structure_of(question: Question) -> str:
    """The name of the answer's structure, « dpos » and « lawful_bases » included; empty for a plain answer."""
    last = question.path.rpartition(".")[2]
    if question.path.startswith(("protection[", "flows[")) and (last in STRUCTURES or last in _LISTS):
        return last
    return ""


def fields_of(question: Question, parties: Sequence[tuple[str, str]]) -> dict[str, forms.Field]:
    """The fields of the answer, by the suffix of their name."""
    structure = structure_of(question)
    asked = question.blank.asked
    if structure == "dpos":
        return {
            key: _line(f"{asked} : {name}", "Une boîte générique ou une adresse.") for key, name in parties
        }
    if structure == "lawful_bases":
        return {"bases": _boxes(asked, [(one.value, capfirst(one.words)) for one in LawfulBasis])}
    return {part.name: _field(part, asked, parties) for part in STRUCTURES[structure]}


def needed_parts(question: Question) -> list[str]:
    """The parts without which the answer is not one."""
    if structure_of(question) == "lawful_bases":
        return ["bases"]
    parts = STRUCTURES.get(structure_of(question), ())
    return [part.name for part in parts if part.is_needed and part.kind != "tick"]


def initial_of(question: Question) -> dict[str, Any]:
    """What the fields show of the answer given."""
    answer = question.answer
    if structure_of(question) == "lawful_bases":
        return {"bases": answer}
    if isinstance(answer, list):
        return {one["party"]: one["contact"] for one in answer if isinstance(one.get("contact"), str)}
    if not isinstance(answer, dict):
        return {}
    delays = {part.name for part in STRUCTURES.get(structure_of(question), ()) if part.kind == "delay"}
    return {name: _said(value) if name in delays else value for name, value in answer.items()}


def value_of(question: Question, values: Mapping[str, Any]) -> JsonValue:
    """The plain data of the answer; None when nothing was said. Raises `Refused` at the part that is missing."""
    structure = structure_of(question)
    if structure == "dpos":
        given = [{"party": key, "contact": text.strip()} for key, text in values.items() if text.strip()]
        return given or None  # type: ignore[return-value]  # a list of plain mappings
    if structure == "lawful_bases":
        return [str(one) for one in values["bases"]] or None
    parts = STRUCTURES[structure]
    if not any(values.get(part.name) for part in parts if part.kind not in {"tick", "start"}):
        return None
    found: dict[str, JsonValue] = {} if structure in _WITHOUT_ARTICLE else {"article": question.article}
    for part in parts:
        value = values.get(part.name)
        if not value:
            if part.is_needed and part.kind != "tick":
                raise Refused("Répondez aussi à cette question, ou videz les autres.", part.name)
            continue
        found[part.name] = delay_from(value, part.name) if part.kind == "delay" else _plain(value)
    return found


def _plain(value: Any) -> JsonValue:
    if isinstance(value, list):
        return [str(one) for one in value]
    return value.strip() if isinstance(value, str) else bool(value)


def delay_from(typed: str, field: str) -> str:
    """« 15 jours » as a file writes it. Raises `Refused` at the field."""
    number, _, unit = " ".join(sort_key(typed).split()).partition(" ")
    if not (number.isascii() and number.isdigit() and len(number) <= 4 and unit in _UNITS):
        raise Refused("Écrivez une durée, par exemple 15 jours, 2 mois ou 24 heures.", field)
    return f"{int(number)}{_UNITS[unit]}"


def _said(value: Any) -> str:
    try:
        return Period.parse(str(value)).label()
    except ValueError:
        return ""


def _field(part: Part, asked: str, parties: Sequence[tuple[str, str]]) -> forms.Field:
    label = f"{asked} : {part.label}"
    if part.kind == "tick":
        return forms.BooleanField(label=part.label, required=False)
    if part.kind == "parties":
        return _boxes(label, parties)
    if part.kind == "start":
        starts = [(one.value, one.label) for one in BreachStart]
        return forms.ChoiceField(
            label=label, choices=starts, widget=forms.RadioSelect, required=False, error_messages=_CHOOSE
        )
    return _line(label, part.help_text)


def _boxes(label: str, choices: Sequence[tuple[str, str]]) -> forms.MultipleChoiceField:
    boxes = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(
        label=label, choices=choices, widget=boxes, required=False, error_messages=_CHOOSE
    )


def _line(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=400, help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Écrivez 400 caractères au plus."},
    )  # fmt: skip
