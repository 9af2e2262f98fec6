"""The life of a convention as days and periods: for its time line, for the calendar of what is coming, for
iCalendar.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.facts import ExitRow, Facts
from maillage.conventions.lifecycle.reminders import last_useful_days
from maillage.conventions.lifecycle.rules import HasLifecycle, facts
from maillage.conventions.lifecycle.states import State
from maillage.core.calendar import DAY, next_anniversary_after


class MilestoneKind(StrEnum):
    """What a day is in the life of a convention."""

    EVENT = "event"
    START = "start"
    END = "end"
    RENEWAL = "renewal"
    ANNIVERSARY = "anniversary"
    WINDOW_OPENS = "window_opens"
    LAST_USEFUL_DAY = "last_useful_day"
    MAY_TERMINATE = "may_terminate"
    OUT = "out"


class StretchKind(StrEnum):
    """What a period is in the life of a convention."""

    TERM = "term"
    PLANNED = "planned"
    WINDOW = "window"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Milestone:
    """One day, with its French label; `happened` on the day asked or before. `reading` is empty if all
    agree; `party` is the key of whoever acted.
    """

    on: date
    kind: MilestoneKind
    label: str
    article: str = ""
    reading: str = ""
    happened: bool = False
    party: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period, both days included; without last day its end is unknown."""

    first: date
    last: date | None
    kind: StretchKind
    label: str
    article: str = ""
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the drawing of a convention's life shows, in order."""

    marks: tuple[Milestone, ...]
    spans: tuple[Stretch, ...]


def timeline(terms: HasLifecycle, events: Iterable[Event], on: date, departement: str = "75") -> Timeline:
    """Recorded events, the start, renewals and ends, the next anniversary, the terms, windows and notices."""
    recorded = list(events)
    known = facts(terms, recorded, on, departement)
    renewed = {row.since for each in known.each() for row in each.renewals}
    marks = [
        _of_event(event)
        for event in recorded
        if event.on <= on and not (event.kind is EventKind.RENEWED and event.on in renewed)
    ]
    marks += _marks(known, on)
    spans = [span for each in known.each() for span in _spans(each, recorded, on)]
    return Timeline(tuple(sorted(_merged(marks, known), key=_mark_order)), tuple(dict.fromkeys(spans)))


def upcoming(
    terms: HasLifecycle,
    events: Iterable[Event],
    on: date,
    horizon: date,
    departement: str = "75",
    *,
    today: bool = False,
) -> tuple[Milestone, ...]:
    """The days that come after `on` and until `horizon`, both readings where they differ, in order.

    All is judged as known on `on`; `today` adds the days that fall on it.
    """
    recorded = list(events)
    known = facts(terms, recorded, on, departement)
    since = on - DAY if today else on
    marks = [*_marks(known, on), *_anniversaries(known, since, horizon)]
    for useful in last_useful_days(terms, recorded, on, departement):
        label = f"dernier jour utile : la convention {useful.what.label} ensuite"
        mark = Milestone(useful.day, MilestoneKind.LAST_USEFUL_DAY, label, useful.article, useful.reading)
        marks.append(mark)
    coming = (mark for mark in _merged(marks, known) if since < mark.on <= horizon)
    return tuple(sorted(coming, key=_mark_order))


def _of_event(event: Event) -> Milestone:
    return Milestone(event.on, MilestoneKind.EVENT, event.kind.label, happened=True, party=event.party or "")


def _marks(known: Facts, on: date) -> list[Milestone]:
    marks = [mark for each in known.each() for mark in _marks_of(each, on)]
    for ways in _by_exit(known.exits):
        each_way = [list(_marks_of_exit(row, on)) for row in ways]
        marks += [
            replace(mark, reading="") if all(_is_among(mark, others) for others in each_way) else mark
            for found in each_way
            for mark in found
        ]
    return marks


def _by_exit(rows: Iterable[ExitRow]) -> list[list[ExitRow]]:
    """The rows of each way out: one for each of its readings that is still open."""
    found: dict[str, list[ExitRow]] = {}
    for row in rows:
        found.setdefault(row.name, []).append(row)
    return list(found.values())


def _is_among(mark: Milestone, marks: Sequence[Milestone]) -> bool:
    return any((mark.on, mark.kind, mark.label) == (one.on, one.kind, one.label) for one in marks)


def _marks_of(each: Facts, on: date) -> Iterator[Milestone]:
    kind, reading = MilestoneKind, each.reading
    if each.starts:
        yield Milestone(
            each.starts, kind.START, "prise d'effet", each.term_article, reading, each.starts <= on
        )
    for row in each.renewals:
        label = f"{row.label}, constatée" if row.recorded and row.mode == "tacit" else row.label
        yield Milestone(row.since, kind.RENEWAL, label, row.article, reading, row.since <= on)
    if each.ends:
        label = f"fin : {each.end_kind.label}" if each.end_kind else "dernier jour du terme en cours"
        yield Milestone(each.ends, kind.END, label, each.term_article, reading, each.ends < on)
    if each.anniversary and each.state is not State.ENDED:
        yield Milestone(each.anniversary, kind.ANNIVERSARY, "anniversaire", each.term_article, reading)


def _marks_of_exit(row: ExitRow, on: date) -> Iterator[Milestone]:
    kind = MilestoneKind
    if row.first_day:
        opens = kind.MAY_TERMINATE if row.kind == "formal_notice" else kind.WINDOW_OPENS
        label = f"{row.label} possible"
        yield Milestone(row.first_day, opens, label, row.article, row.reading, row.first_day <= on)
    if row.effect and row.last_day is None:
        label = f"{row.label} : premier jour hors vigueur"
        yield Milestone(row.effect, kind.OUT, label, row.article, row.reading, row.effect <= on)


def _anniversaries(known: Facts, on: date, horizon: date) -> Iterator[Milestone]:
    for each in known.each():
        if each.starts and each.state is not State.ENDED and each.out_from is None:
            day = next_anniversary_after(each.starts, on)
            while day <= horizon:
                yield Milestone(
                    day, MilestoneKind.ANNIVERSARY, "anniversaire", each.term_article, each.reading
                )
                day = next_anniversary_after(each.starts, day)


def _spans(each: Facts, recorded: Sequence[Event], on: date) -> Iterator[Stretch]:
    reading = each.reading
    if each.starts and each.state in {State.SIGNED, State.IN_FORCE, State.ENDED}:
        first_end = each.renewals[0].since - DAY if each.renewals else each.ends
        if each.out_from is not None and (first_end is None or each.out_from <= first_end):
            first_end = each.out_from - DAY
        yield Stretch(each.starts, first_end, StretchKind.TERM, "premier terme", each.term_article, reading)
    for row in each.renewals:
        kind = StretchKind.TERM if row.since <= on else StretchKind.PLANNED
        last = row.until
        if each.out_from is not None and (last is None or each.out_from <= last):
            last = each.out_from - DAY
        yield Stretch(row.since, last, kind, row.label, row.article, reading)
    alone = {ways[0].name for ways in _by_exit(each.exits) if len(ways) == 1}
    for way in each.exits:
        name = reading if way.name in alone else way.reading or reading
        if way.first_day and way.last_day:
            yield Stretch(way.first_day, way.last_day, StretchKind.WINDOW, way.label, way.article, name)
        elif way.effect and (sent := _sent_before(recorded, way.effect)):
            yield Stretch(sent, way.effect - DAY, StretchKind.NOTICE, "préavis", way.article, name)


def _sent_before(recorded: Sequence[Event], effect: date) -> date | None:
    days = [event.on for event in recorded if event.kind is EventKind.DENUNCIATION_SENT and event.on < effect]
    return max(days, default=None)


def _merged(marks: Sequence[Milestone], known: Facts) -> list[Milestone]:
    """The same day under several readings is one mark, that names them unless they are all."""
    found: dict[tuple[object, ...], Milestone] = {}
    readings: dict[tuple[object, ...], list[str]] = {}
    for mark in marks:
        key = (mark.on, mark.kind, mark.label, mark.party)
        found.setdefault(key, mark)
        if mark.reading not in readings.setdefault(key, []):
            readings[key].append(mark.reading)
    every = {each.reading for each in known.each()}
    return [
        replace(
            mark,
            reading="" if "" in readings[key] or every <= set(readings[key]) else " ; ".join(readings[key]),
        )
        for key, mark in found.items()
    ]


def _mark_order(mark: Milestone) -> tuple[date, str, str]:
    return (mark.on, mark.kind.value, mark.label)
