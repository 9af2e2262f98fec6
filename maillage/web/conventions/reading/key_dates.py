"""The key dates of a convention, each with « Pourquoi cette date ? » and both readings until the parties retain one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.text import capfirst

from maillage.conventions.lifecycle.events import Event
from maillage.conventions.lifecycle.reading import retained
from maillage.conventions.lifecycle.record import Record
from maillage.conventions.lifecycle.reminders import THRESHOLDS, UsefulDay, last_useful_days
from maillage.conventions.lifecycle.states import State
from maillage.conventions.lifecycle.why import Because, DateName, explain
from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.duration import AnniversaryDenunciation, ExitClause
from maillage.conventions.terms.readings import ReadableClause
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.values import article_words
from maillage.web.conventions.reading.words import literal
from maillage.web.presentation.components import DueBadge, Explanation, ReadingLine
from maillage.web.presentation.dates import between, distance, due_in, long_date, short_date
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset

_SOON_DAYS: Final = 30
_RECENT_DAYS: Final = 60
_UNKNOWN: Final = "date inconnue"
_NAMES: Final = (DateName.STARTS, DateName.ENDS, DateName.RENEWAL, DateName.ANNIVERSARY)


@dataclass(frozen=True, slots=True)
class KeyDate:
    """One line: what day it is, and the badge that explains it."""

    label: str
    badge: DueBadge


@dataclass(frozen=True, slots=True)
class OpenReading:
    """An ambiguous clause: its words, each way to read it with its dates, and the one that was retained."""

    clause: str
    title: str
    article: str
    quote: str
    lines: Sequence[ReadingLine]
    is_settled: bool


def key_dates(known: Known) -> list[KeyDate]:
    """Start, end of the term, renewal, anniversary, last useful day, each way out: those that have a day to show."""
    is_over = all(each.state is State.ENDED for each in known.facts.each())
    names = (DateName.STARTS, DateName.ENDS) if is_over else _NAMES
    found = [line for name in names if (line := _date_line(known, name)) is not None]
    if is_over:
        return found
    useful = last_useful_days(*_case(known))
    if useful:
        found.insert(1, _useful_line(known, useful))
    return found + _exit_lines(known)


def _case(known: Known) -> tuple[Terms, Sequence[Event], date, str]:
    return known.terms, known.convention.events, known.on, known.convention.departement


def _date_line(known: Known, name: str) -> KeyDate | None:
    answer = explain(name, *_case(known))
    reasons = answer.reasons
    if all(day is None for because in reasons for day in because.days) and not _is_worth_saying(
        name, reasons
    ):
        return None
    return KeyDate(answer.label, _badge(known, reasons))


def _is_worth_saying(name: str, reasons: Sequence[Because]) -> bool:
    """A start or an end that is not known is said, with the reason."""
    return name in {DateName.STARTS, DateName.ENDS} and bool(reasons)


def _badge(known: Known, reasons: Sequence[Because]) -> DueBadge:
    first = min(reasons, key=lambda because: min(_days(because), default=date.max))
    text, tone, date_text = _said(_days(first), known.on)
    each = dict.fromkeys(_short(one) for one in reasons)
    if len(each) > 1:
        text, date_text = f"{' ou '.join(each)}, selon la lecture", ""
    return DueBadge(text, tone, date_text, _explanation(first, reasons))


def _short(because: Because) -> str:
    """The day of a badge with several readings: « 24/11/2027 », « aucun »."""
    days = _days(because)
    return short_date(days[0]) if days else because.none.partition(",")[0] or _UNKNOWN


def _days(because: Because) -> list[date]:
    return [day for day in because.days if day is not None]


def _said(days: Sequence[date], on: date) -> tuple[str, Tone, str]:
    """« dans 3 jours », what is past as past, a period as « du … au … »."""
    if not days:
        return _UNKNOWN, Tone.SOON, ""
    day = days[0]
    if len(days) > 1 and days[1] >= on >= day:
        return f"en cours, encore jusqu’au {short_date(days[1])}", Tone.SOON, short_date(day)
    span = " au ".join(short_date(one) for one in days[:2])
    if day < on:
        old = (on - day).days > _RECENT_DAYS
        return (long_date(day), Tone.NEUTRAL, "") if old else (distance(day, on), Tone.NEUTRAL, span)
    return due_in(day, on), Tone.SOON if (day - on).days <= _SOON_DAYS else Tone.NEUTRAL, span


def _explanation(first: Because, reasons: Sequence[Because]) -> Explanation:
    several = len({(one.days, one.rule, one.none) for one in reasons}) > 1
    return Explanation(
        fact=first.fact or "Ce que le texte dit.",
        rule=first.rule,
        article=article_words(first.article) if first.article else "",
        calendar=first.calendar,
        quote=first.quote,
        readings=[
            ReadingLine(typeset(because.reading_text or because.reading), _outcome(because))
            for because in reasons
            if several
        ],
        warning="Les parties n’ont pas encore dit quelle lecture elles retiennent." if several else "",
    )


def _outcome(because: Because) -> str:
    if not _days(because):
        return because.none or _UNKNOWN
    first, last, effect = (*because.days, None, None)[:3]
    parts = []
    if first is not None and last is not None:
        parts.append(between(first, last))
    elif first is not None:
        parts.append(long_date(first) if len(because.days) == 1 else f"à partir du {long_date(first)}")
    elif last is not None:
        parts.append(f"au plus tard le {long_date(last)}")
    if effect is not None:
        parts.append(f"effet le {long_date(effect)}")
    return ", ".join(parts)


def _useful_line(known: Known, useful: Sequence[UsefulDay]) -> KeyDate:
    first = useful[0]
    text, tone, date_text = _said([first.day], known.on)
    doubtful = [one for one in useful if one.reading_text]
    warned = ", ".join(str(threshold) for threshold in THRESHOLDS)
    alone = len(useful) == 1 and bool(doubtful)
    told = f"La convention {first.what.label} le {long_date(first.then)} si personne n’agit."
    explanation = Explanation(
        fact=f"Selon « {first.reading_text} » : {told[:1].lower()}{told[1:]}" if alone else told,
        rule=f"{first.rule} Avertissements {warned} jours avant.",
        article=article_words(first.article) if first.article else "",
        calendar=first.calendar,
        quote=first.quote,
        readings=[
            ReadingLine(typeset(one.reading_text), long_date(one.day)) for one in doubtful if not alone
        ],
    )
    if alone:
        text += ", selon une lecture"
    return KeyDate("Dernier jour utile", DueBadge(text, tone, date_text, explanation))


def _exit_lines(known: Known) -> list[KeyDate]:
    if isinstance(known.terms.exits, Blank):
        return []
    lines = [_date_line(known, clause.name) for clause in known.terms.exits]
    return [line for line in lines if line is not None]


def open_readings(known: Known) -> list[OpenReading]:
    """The clauses of dates that can be read in several ways: term, renewal, exits; and what the parties retained."""
    chosen = retained(Record(known.convention.events, known.on))
    clauses: list[tuple[str, str, object]] = [
        ("term", "Prise d’effet et durée", known.terms.term),
        ("renewal", "Renouvellement", known.terms.renewal),
    ]
    if not isinstance(known.terms.exits, Blank):
        clauses += [(one.name, capfirst(literal(one.kind)), one) for one in known.terms.exits]
    return [
        _reading(known, name, title, clause, chosen.get(name, ""))
        for name, title, clause in clauses
        if isinstance(clause, ReadableClause) and len(clause.variants) > 1
    ]


def _reading(known: Known, name: str, title: str, clause: ReadableClause, choice: str) -> OpenReading:
    wanted = set(choice.split("+")) if choice else set()
    outcomes = _outcomes(known, name)
    silence = _silence(known, clause)
    return OpenReading(
        clause=name,
        title=title,
        article=article_words(clause.article),
        quote=clause.quote or "",
        lines=[
            ReadingLine(
                typeset(variant.text[:1].upper() + variant.text[1:]),
                _told(outcomes.get(variant.name) or outcomes.get("") or _UNKNOWN, silence),
                retained=bool(wanted) and wanted <= set(variant.name.split("+")),
            )
            for variant in clause.variants
        ],
        is_settled=bool(wanted),
    )


def _silence(known: Known, clause: ReadableClause) -> str:
    """Why a reading gives no date yet: what is missing."""
    if not known.is_signed:
        return "aucune date tant que toutes les parties n’ont pas signé"
    if isinstance(clause, AnniversaryDenunciation):
        return "aucune date : la prise d’effet n’est pas connue"
    return "aucune date tant que rien n’est envoyé" if isinstance(clause, ExitClause) else _UNKNOWN


def _told(outcome: str, silence: str) -> str:
    return silence if outcome == _UNKNOWN else outcome


def _outcomes(known: Known, name: str) -> dict[str, str]:
    """For each reading of a clause, the days that it gives, where they are known."""
    question = {"term": DateName.STARTS, "renewal": DateName.ENDS}.get(name, name)
    found: dict[str, str] = {}
    for because in explain(question, *_case(known)).reasons:
        for part in because.reading.split("+"):
            found.setdefault(part, _outcome(because))
        found[because.reading] = _outcome(because)
    return found
