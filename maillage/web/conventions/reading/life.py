"""The life of a convention as a drawing, and the same facts as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from django.utils.text import capfirst

from maillage.conventions.lifecycle.committees import Meeting, next_meetings, undated
from maillage.conventions.lifecycle.holding import committee_days
from maillage.conventions.lifecycle.timeline import (
    Milestone,
    MilestoneKind,
    Stretch,
    StretchKind,
    timeline,
)
from maillage.conventions.terms import Blank
from maillage.conventions.terms.steering import Committee
from maillage.core.calendar import DAY
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.values import article_words, reading_texts, readings_in_words
from maillage.web.conventions.reading.words import word
from maillage.web.presentation.dates import MONTHS, between, long_date
from maillage.web.presentation.svg.life_line import (
    LifeLine,
    Mark,
    Span,
    SpanKind,
    life_line,
    life_line_bounds,
)
from maillage.web.presentation.tables import Table, plain_table
from maillage.web.presentation.typography import typeset

_MARGIN: Final = timedelta(days=45)
_SIGNATURE: Final = "signature"
_RENEWALS_DRAWN: Final = 3
_DEFINITION: Final = (
    "Points pleins : ce qui a eu lieu ; points creux : ce qui viendra. Barres : les termes, les fenêtres de "
    "dénonciation, les préavis, les mois des comités ; un bord en pointillés n’a pas de fin connue."
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, its definition, and its table."""

    svg: str
    definition: str
    table: Table | None


def life(known: Known) -> Picture | None:
    """Signature, terms, renewals, windows, notices, avenants, today; None while nothing is dated."""
    drawn = timeline(known.terms, known.convention.events, known.on, known.convention.departement)
    if not drawn.marks and not drawn.spans:
        return None
    texts = reading_texts(known.terms)
    marks = [_worded(mark, texts) for mark in _signed_together(known, drawn.marks)]
    spans = [replace(span, reading=_words(span.reading, texts)) for span in _told_once(drawn.spans)]
    meetings = next_meetings(known.terms.committees, known.facts, known.on, committee_days(known.convention))
    days = [mark.on for mark in marks] + [span.first for span in spans]
    days += [span.last for span in spans if span.last is not None] + [one.last for one in meetings]
    first, last = life_line_bounds([*days, known.on + _MARGIN])
    svg = life_line(
        LifeLine(
            name="vie-dessin",
            title=f"Vie de la convention {known.convention.row.title}",
            first=first,
            last=last,
            marks=[Mark(mark.on, _mark_label(mark), mark.happened) for mark in _without_old_renewals(marks)],
            spans=[
                Span(span.first, span.last, _span_label(span), SpanKind(span.kind.value))
                for span in _renewals_joined(spans)
            ]
            + [Span(one.first, one.last, _meeting_label(one), SpanKind.MEETING) for one in meetings],
            today=known.on,
        )
    )
    return Picture(svg, _DEFINITION, _table(known, marks, spans, meetings))


def _table(
    known: Known, marks: Sequence[Milestone], spans: Sequence[Stretch], meetings: Sequence[Meeting]
) -> Table:
    rows = [(long_date(mark.on), _mark_label(mark), _article(mark.article)) for mark in marks]
    rows += [(between(span.first, span.last), _span_label(span), _article(span.article)) for span in spans]
    rows += [
        (between(one.first, one.last), _meeting_label(one), _article(one.committee.article))
        for one in meetings
    ]
    rows += [
        (_rhythm(one), typeset(f"{one.name} : le texte ne dit pas quel mois"), _article(one.article))
        for one in undated(known.terms.committees, known.facts)
    ]
    return plain_table("vie-table", "Vie de la convention", ["Quand", "Quoi", "Article"], rows)


def _meeting_label(meeting: Meeting) -> str:
    """« Comité de pilotage national : février ou mars 2027 »."""
    if meeting.first == meeting.last:
        return typeset(f"{meeting.committee.name} : {long_date(meeting.first)}")
    months = [MONTHS[month - 1] for month in meeting.months]
    years = (
        str(meeting.first.year)
        if meeting.first.year == meeting.last.year
        else (f"{meeting.first.year}-{meeting.last.year}")
    )
    return typeset(f"{meeting.committee.name} : {' ou '.join(months)} {years}")


def _rhythm(committee: Committee) -> str:
    """« Chaque année », or that the text gives no rhythm either."""
    rhythm = committee.cadence.rhythm
    return "Rythme à préciser" if isinstance(rhythm, Blank) else capfirst(word(rhythm))


def _signed_together(known: Known, marks: Sequence[Milestone]) -> list[Milestone]:
    """Signatures of one day are one mark: what is drawn says how many, the table of signatures says who."""
    counts: dict[object, int] = {}
    for mark in marks:
        if mark.label == _SIGNATURE:
            counts[mark.on] = counts.get(mark.on, 0) + 1
    kept: dict[object, Milestone] = {}
    for mark in marks:
        if mark.label == _SIGNATURE:
            label = _signatures(counts[mark.on], mark, known)
            kept.setdefault((_SIGNATURE, mark.on), replace(mark, label=label))
        else:
            label = f"{mark.label}, {known.names.of(mark.party)}" if mark.party else mark.label
            kept[mark.on, mark.kind, label, mark.reading] = replace(mark, label=label)
    return list(kept.values())


def _signatures(count: int, mark: Milestone, known: Known) -> str:
    if count == len(known.terms.parties):
        return "signature de toutes les parties"
    if count > 1:
        return f"signature de {count} parties"
    return f"signature, {known.names.of(mark.party)}" if mark.party else _SIGNATURE


def _without_old_renewals(marks: Sequence[Milestone]) -> list[Milestone]:
    """The drawing marks the latest renewals; the table tells them all."""
    past = [mark for mark in marks if mark.kind is MilestoneKind.RENEWAL and mark.happened]
    old = set(past[:-_RENEWALS_DRAWN])
    return [mark for mark in marks if mark not in old]


def _told_once(spans: Sequence[Stretch]) -> list[Stretch]:
    """The same period under several readings is one, which names them unless they are all."""
    readings: dict[Stretch, list[str]] = {}
    for span in spans:
        named = readings.setdefault(replace(span, reading=""), [])
        if span.reading not in named:
            named.append(span.reading)
    every = {span.reading for span in spans if span.kind is StretchKind.TERM}
    return [
        span if "" in named or every <= set(named) else replace(span, reading=" ; ".join(named))
        for span, named in readings.items()
    ]


def _words(names: str, texts: Mapping[str, str]) -> str:
    """« selon « renouvelée à chaque terme » »: which reading, in its own words."""
    said = readings_in_words(names, texts)
    return f"selon « {said} »" if said else ""


def _worded(mark: Milestone, texts: Mapping[str, str]) -> Milestone:
    return replace(mark, reading=_words(mark.reading, texts))


def _renewals_joined(spans: Sequence[Stretch]) -> list[Stretch]:
    """Renewed terms that follow one another are one bar, which counts them."""
    joined: list[Stretch] = []
    counts: list[int] = []
    for span in sorted(spans, key=lambda one: (one.reading, one.kind, one.first)):
        before = joined[-1] if joined else None
        if before is not None and _follows(before, span):
            joined[-1] = replace(before, last=span.last)
            counts[-1] += 1
        else:
            joined.append(span)
            counts.append(1)
    told = [
        span if count == 1 else replace(span, label=f"{count} fois, {span.label}")
        for span, count in zip(joined, counts, strict=True)
    ]
    return sorted(told, key=lambda span: (span.first, span.label))


def _follows(before: Stretch, span: Stretch) -> bool:
    return (
        span.kind is StretchKind.TERM
        and (before.kind, before.label, before.reading) == (span.kind, span.label, span.reading)
        and before.last is not None
        and before.last + DAY == span.first
    )


def _mark_label(mark: Milestone) -> str:
    label = mark.label[:1].upper() + mark.label[1:]
    return typeset(f"{label}, {mark.reading}" if mark.reading else label)


def _span_label(span: Stretch) -> str:
    label = span.label[:1].upper() + span.label[1:]
    if span.reading:
        label = f"{label}, {span.reading}"
    return typeset(label if span.last is not None else f"{label}, fin inconnue")


def _article(article: str) -> str:
    return article_words(article) if article else "–"
