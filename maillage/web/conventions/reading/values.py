"""The values of clauses as French texts: keys become names, delays and dates are written out, blanks say so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from pydantic import BaseModel

from maillage.catalogue.measures import MEASURED
from maillage.catalogue.rights import OFFERED
from maillage.catalogue.rules import KINDS
from maillage.conventions.terms import PERSON, Blank, Terms
from maillage.conventions.terms.commitments import Amount, Cadence
from maillage.conventions.terms.criteria import Criterion
from maillage.conventions.terms.criteria import said as criterion_said
from maillage.conventions.terms.flows import Channel, Roles
from maillage.conventions.terms.parties import Registration, Representative
from maillage.conventions.terms.services import Item
from maillage.core.calendar import Period
from maillage.web.conventions.reading.fields import HIDDEN, field_name
from maillage.web.conventions.reading.words import literal, word
from maillage.web.presentation.dates import MONTHS, long_date, long_instant
from maillage.web.presentation.numbers import number
from maillage.web.presentation.numbers import siret as spaced_siret
from maillage.web.presentation.typography import NBSP, typeset

BLANK: Final = f"à{NBSP}compléter"
_KEYED: Final = frozenset({
    "addressees", "agenda_by", "approvers", "beneficiaries", "by", "controllers", "convened_by", "debtors", "decides",
    "delegates", "flow", "forwards", "fully_liable", "helped_by", "hosts", "indicator", "informed", "led_by", "measure", "members",
    "notified", "notifies", "of", "party", "processors", "prior_authorisation_by", "proposed_by", "recipient",
    "relayed_to", "replaces_for", "sender", "service", "services", "solicited_by", "support_kinds", "support_services", "through",
    "flows", "acts_for", "representative", "variant_of", "right",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """What each key of a text stands for, in words."""

    known: Mapping[str, str]

    def of(self, key: str) -> str:
        """The name behind a key; an unknown key in plain letters."""
        return self.known.get(key) or key.replace("_", " ")

    def all(self, keys: tuple[str, ...]) -> str:
        """Several names, in the order of the text."""
        return ", ".join(self.of(key) for key in keys)


def names_of(terms: Terms, bodies: Mapping[str, str]) -> Names:
    """Names of whatever a clause may point at; `bodies` are the organisations behind the parties."""
    known = {PERSON: "la personne"} | {code: one.words for code, one in MEASURED.items()} | KINDS
    known |= {key: one.name for key, one in OFFERED.items()}
    known |= {one.key: one.label for one in terms.indicators}
    known |= {clock.key: clock.label for clock in terms.clocks}
    known |= {flow.key: flow.label for flow in terms.flows}
    known |= {service.key: service.label for service in terms.services}
    known |= {third.key: third.name for third in terms.third_parties}
    for party in terms.parties:
        name = party.short_name or (party.name if isinstance(party.name, str) else "")
        known[party.key] = bodies.get(party.key) or name or f"partie « {party.key} » ({BLANK})"
    return Names(known)


def blank_text(blank: Blank) -> SafeString:
    """What the text leaves open, drawn as a place to fill, with the reason."""
    return format_html('<span class="blank">{} · {}</span>', blank_words(blank), BLANK)


def blank_words(blank: Blank) -> str:
    """The question that a blank asks, why it has no answer, and where the answer should be."""
    where = f", {_article(blank.article)}" if blank.article else ""
    return f"{typeset(blank.asked)} ({blank.why.label}{where})"


def article_words(article: str) -> str:
    """« article 9.2 », « annexe 6 », « préambule »: what is not a number already says what it is."""
    return _article(article)


def reading_texts(terms: Terms) -> dict[str, str]:
    """What each reading of a clause of dates means, by its name."""
    exits = terms.exits if isinstance(terms.exits, tuple) else ()
    return {
        variant.name: variant.text
        for clause in (terms.term, terms.renewal, *exits)
        for variant in getattr(clause, "variants", ())
    }


def readings_in_words(names: str, texts: Mapping[str, str]) -> str:
    """The readings of a day in their own words; nothing when they agree. « + » joins clauses, « ; » readings."""
    if not names:
        return ""
    said = [
        ", ".join(_reading_text(part, texts) for part in _parts(name, texts)) for name in names.split(" ; ")
    ]
    return typeset(" ; ".join(said))


def _parts(name: str, texts: Mapping[str, str]) -> list[str]:
    return [name] if name in texts else name.split("+")


def _reading_text(part: str, texts: Mapping[str, str]) -> str:
    return texts.get(part, part)


def _article(article: str) -> str:
    return f"article{NBSP}{article}" if article[:1].isdigit() else article.replace(" ", NBSP)


def shown(value: object, names: Names, field: str = "") -> str:
    """Any value of a clause as a text, safe markup where it holds a blank or several lines."""
    if isinstance(value, Blank):
        return blank_text(value)
    if isinstance(value, tuple | list):
        return _several(tuple(value), names, field)
    if isinstance(value, BaseModel):
        return _model(value, names)
    return _plain(value, names, field)


def _plain(value: object, names: Names, field: str) -> str:
    if isinstance(value, StrEnum):
        return typeset(word(value))
    if isinstance(value, str):
        return typeset(names.of(value) if field in _KEYED else literal(value, field))
    if isinstance(value, int) and not isinstance(value, bool):
        return MONTHS[value - 1] if field == "months" else number(value)
    writer = next((write for kind, write in _PLAIN if isinstance(value, kind)), str)
    return writer(value)


_PLAIN: Final[tuple[tuple[type, Callable[[Any], str]], ...]] = (
    (bool, lambda value: "oui" if value else "non"),
    (Period, lambda value: str(value.label())),
    (datetime, long_instant),
    (date, long_date),
    (type(None), lambda _value: ""),
)


def _several(values: tuple[Any, ...], names: Names, field: str) -> str:
    parts = [shown(value, names, field) for value in values]
    if len(parts) == 1:
        return parts[0]
    if all(len(part) <= 60 and not isinstance(part, SafeString) for part in parts):
        return ", ".join(parts)
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((part,) for part in parts)))


def _model(value: BaseModel, names: Names) -> str:
    writer = _WRITERS.get(type(value), _lines)
    return writer(value, names)


def _lines(value: BaseModel, names: Names) -> str:
    """A part of a clause: its fields that hold something, in a list."""
    parts = [(name, text) for name, text in fields_of(value, names) if text]
    if len(parts) == 1:
        return parts[0][1]
    items = format_html_join("", "<li>{}\u00a0: {}</li>", ((name, text) for name, text in parts))
    return format_html("<ul>{}</ul>", items) if parts else ""


def fields_of(value: BaseModel, names: Names) -> list[tuple[str, str]]:
    """The fields of a clause that say something, with their French names."""
    found = []
    for name, field in type(value).model_fields.items():
        inside = getattr(value, name)
        if name in HIDDEN or inside in (None, (), field.default):
            continue
        found.append((field_name(name), shown(inside, names, name)))
    return found


def cadence_text(cadence: Cadence | None) -> str:
    """« chaque année », « à chaque fois : changement de référent », with its days or months; a blank says so."""
    if cadence is None:
        return ""
    if isinstance(cadence.rhythm, Blank):
        return blank_text(cadence.rhythm)
    said = word(cadence.rhythm)
    if cadence.months:
        said += f" ({', '.join(MONTHS[month - 1] for month in cadence.months)})"
    if cadence.days:
        said += f" ({', '.join(f'{day[3:]}/{day[:2]}' for day in cadence.days)})"
    if cadence.event:
        said += f" : {cadence.event}"
    if isinstance(cadence.within, Period):
        said += f", dans un délai de {cadence.within.label()}"
    if isinstance(cadence.within, Blank):
        return format_html("{}, {}", typeset(said), blank_text(cadence.within))
    return typeset(said)


def channel_text(channel: Channel, names: Names) -> str:
    """« téléphone 3646, dire « service social » », « Espace Partenaires (à privilégier) »."""
    said = word(channel.kind)
    if channel.number:
        said += f" {channel.number}"
    if channel.words:
        said += f", dire « {channel.words} »"
    if channel.through:
        said += f" ({names.of(channel.through)})"
    if channel.preferred:
        said += " (à privilégier)"
    if channel.description:
        said += f" : {channel.description}"
    return typeset(said)


def roles_text(roles: Roles | Blank | None, names: Names) -> str:
    """Roles under the GDPR: controllers, processors; a blank says so; nothing when the text has none."""
    if roles is None:
        return ""
    if isinstance(roles, Blank):
        return blank_text(roles)
    alone = (
        "chacun responsable de son traitement" if len(roles.controllers) > 1 else "responsable de traitement"
    )
    said = "responsables conjoints" if roles.joint else alone
    text = f"{said} : {names.all(roles.controllers)}"
    if roles.processors:
        text += f" ; {'sous-traitants' if len(roles.processors) > 1 else 'sous-traitant'} : {names.all(roles.processors)}"
    return typeset(text)


def _registration(registration: Registration, _names: Names) -> str:
    text = f"{word(registration.scheme)} {spaced_siret(registration.number)}"
    return text if registration.key_holds else f"{text} (clé inexacte, imprimée ainsi dans le texte)"


def _representative(one: Representative, names: Names) -> str:
    said = shown(one.function, names)
    return format_html("{}, par délégation", said) if one.acts_for else said


def _amount(amount: Amount, _names: Names) -> str:
    return f"{number(amount.cents / 100, 2)} €" + (f" {amount.per}" if amount.per else "")


_WRITERS: Final[dict[type[BaseModel], Callable[[Any, Names], str]]] = {
    Cadence: lambda cadence, _names: cadence_text(cadence),
    Channel: channel_text,
    Roles: roles_text,
    Criterion: lambda criterion, _names: typeset(criterion_said(criterion)),
    Item: lambda item, _names: typeset(item.label),
    Registration: _registration,
    Representative: _representative,
    Amount: _amount,
}
