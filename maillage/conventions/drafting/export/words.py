"""From the values of a convention to lines of text: names behind keys, delays, dates, places to fill."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from maillage.conventions.terms import PERSON, Blank, Terms
from maillage.conventions.terms.base import Clause, OptionalClause
from maillage.conventions.terms.commitments import Amount, Cadence, Rhythm
from maillage.conventions.terms.parties import BodyKind
from maillage.core.calendar import Period
from maillage.core.french import MONTHS, NARROW_NBSP, NBSP, date_in_words, listed, typeset, within_quotes
from maillage.documents.composition import Line, Listing, Paragraph, Run, Style

C = TypeVar("C", bound=OptionalClause)
_KINDS: dict[str, str] = {kind.value: kind.label for kind in BodyKind}


@dataclass(frozen=True, slots=True)
class Names:
    """What each key of the text stands for."""

    known: Mapping[str, str]

    def of(self, key: str) -> str:
        """The name behind a key, or the key in plain letters."""
        return self.known.get(key) or key.replace("_", " ")

    def all(self, keys: Iterable[str]) -> str:
        """« la CPAM, la CARSAT et le CCAS », without articles: names alone, in the order of the text."""
        return listed([self.of(key) for key in keys])


def names_of(terms: Terms, bodies: Mapping[str, str]) -> Names:
    """Names of parties, third parties, services and flows."""
    known = {PERSON: "la personne"}
    known |= {flow.key: flow.label for flow in terms.flows}
    known |= {service.key: service.label for service in terms.services}
    known |= {third.key: third.name for third in terms.third_parties}
    for party in terms.parties:
        name = party.short_name or (party.name if isinstance(party.name, str) else "")
        known[party.key] = name or bodies.get(party.key, "") or f"partie « {party.key} »"
    return Names({key: typeset(name) for key, name in known.items()})


def words(text: str, style: Style = Style.PLAIN) -> Line:
    """A line of French text, typeset."""
    return (Run(typeset(text), style),)


def to_fill(blank: Blank) -> Line:
    """A place to fill, with its question, and the annex or article where the value should be."""
    missing = "" if blank.why.value == "template" else f" ({blank.why.label})"
    among = f" : {listed([_KINDS.get(one, one) for one in blank.among], 'ou')}" if blank.among else ""
    return (Run(asked=typeset(blank.asked + missing + among)),)


def value(of: object) -> Line:
    """Any value of a clause: a place to fill for a blank, else its text."""
    if isinstance(of, Blank):
        return to_fill(of)
    if isinstance(of, Period):
        return words(of.label().replace(" ", NBSP))
    if isinstance(of, date):
        return words(date_in_words(of))
    if isinstance(of, Amount):
        return words(amount(of))
    if isinstance(of, tuple):
        lines = [value(one) for one in of]
        return joined(lines, ", ")
    return words(str(of))


def joined(lines: Iterable[Line], by: str = " ") -> Line:
    """Several lines as one."""
    runs: list[Run] = []
    for line in lines:
        if runs and line:
            runs.append(Run(by))
        runs += line
    return tuple(runs)


def said(*parts: str | Line) -> Line:
    """A sentence made of texts and lines, set side by side as they are."""
    runs: list[Run] = []
    for part in parts:
        runs += words(part) if isinstance(part, str) else part
    return tuple(runs)


def amount(of: Amount) -> str:
    """« 1 200,50 € par an »."""
    euros, cents = divmod(of.cents, 100)
    figures = f"{euros:,}".replace(",", NARROW_NBSP) + (f",{cents:02d}" if cents else "")
    return f"{figures}{NBSP}€" + (f" {of.per}" if of.per else "")


def day_of_year(text: str) -> str:
    """« 03-01 » as « 1er mars »."""
    month, day = int(text[:2]), int(text[3:])
    return f"{'1er' if day == 1 else day}{NBSP}{MONTHS[month - 1]}"


def cadence(of: Cadence | None) -> Line:
    """« chaque année, le 1er mars », « à chaque fois : situation repérée, dans un délai de 15 jours »; empty for none."""
    if of is None:
        return ()
    parts: list[Line] = []
    if isinstance(of.rhythm, Blank):
        parts.append(to_fill(of.rhythm))
    elif of.rhythm is Rhythm.ON_EVENT:
        parts.append(words(f"à chaque fois : {of.event}"))
    elif of.rhythm is not Rhythm.CONTINUOUS:
        parts.append(words(of.rhythm.label))
    if of.days:
        parts.append(words("le " + listed([day_of_year(day) for day in of.days])))
    if of.months:
        parts.append(words("en " + listed([MONTHS[month - 1] for month in of.months])))
    if of.within is not None:
        parts.append(said("dans un délai de ", value(of.within)))
    return joined(parts, ", ")


def kept(clauses: Iterable[C]) -> list[C]:
    """The clauses that were not dropped."""
    return [clause for clause in clauses if clause.chosen is not False]


def choice(clause: OptionalClause) -> Line:
    """A box to tick before what the text leaves to the parties; empty before what it does not."""
    if not clause.optional:
        return ()
    return (Run(f"☒{NBSP}" if clause.chosen else f"☐{NBSP}"),)


def quoted(clause: Clause) -> list[Paragraph]:
    """The very words of the text, where they count."""
    return [Paragraph(quotation(clause.quote))] if clause.quote else []


def quotation(text: str) -> Line:
    """Words of the text, in quotation marks; those that it holds become the marks of a quotation within another."""
    return words(f"« {within_quotes(text)} »", Style.QUOTE)


def listing(items: Iterable[Line]) -> list[Listing]:
    """A list, or nothing when there is none."""
    lines = tuple(items)
    return [Listing(lines)] if lines else []


def count_blanks(value_of: Any) -> int:
    """How many places are left to fill in plain data (`terms_data`)."""
    if isinstance(value_of, Mapping):
        return 1 if "blank" in value_of else sum(count_blanks(one) for one in value_of.values())
    return sum(count_blanks(one) for one in value_of) if isinstance(value_of, list) else 0


def open_choices(value_of: Any) -> int:
    """How many clauses left to the parties are neither chosen nor dropped."""
    if isinstance(value_of, Mapping):
        here = value_of.get("optional") is True and "chosen" not in value_of
        return int(here) + sum(open_choices(one) for one in value_of.values())
    return sum(open_choices(one) for one in value_of) if isinstance(value_of, list) else 0
