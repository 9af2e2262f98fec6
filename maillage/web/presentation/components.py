"""The values that components are drawn from. Texts are plain French; templates escape them.

A text may be a Django SafeString where a component says that it takes markup.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from maillage.web.presentation.dates import due_in, long_date, month_year, short_date
from maillage.web.presentation.tones import Tone, due_tone
from maillage.web.presentation.typography import NBSP


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a definition list; `detail` is said smaller, below."""

    term: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One reading of an ambiguous clause: what it would give, and whether the parties retained it."""

    name: str
    outcome: str
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a date is what it is: start fact, rule, article, calendar, readings where the text is ambiguous."""

    fact: str
    rule: str
    article: str = ""
    calendar: str = ""
    readings: Sequence[ReadingLine] = ()
    warning: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class DueBadge:
    """A due date in words, with its tone; with an explanation it opens « Pourquoi cette date ? »."""

    text: str
    tone: Tone
    date_text: str
    explanation: Explanation | None = None


def due_badge(due_on: date, on: date, explanation: Explanation | None = None) -> DueBadge:
    """Return the badge of a date still to be kept, seen on a given day."""
    return DueBadge(due_in(due_on, on), due_tone(due_on, on), short_date(due_on), explanation)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a long form; `url` is set when one can go (back) to it."""

    label: str
    state: str = "todo"  # done, current, todo
    url: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline of a case or of a convention."""

    when: str
    title: str
    who: str = ""
    detail: str = ""
    url: str = ""
    is_future: bool = False


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One message of a thread: who wrote, for which organisation, when, what; whether the reader's side did, or has yet to read."""

    body: str
    who: str
    when: str
    text: str
    is_mine: bool
    is_unread: bool = False
    attached: Sequence[tuple[str, str, str]] = ()
    """Files beside the text: name, address, kind and size in words."""


def event(day: date, title: str, *, on: date, who: str = "", detail: str = "", url: str = "") -> Event:
    """Return a timeline event, its date written out, future when it comes after `on`."""
    return Event(long_date(day), title, who, detail, url, is_future=day > on)


@dataclass(frozen=True, slots=True)
class Task:
    """One line of « À faire »: what, for which file, when, and by which rule (in the badge)."""

    title: str
    url: str
    detail: str = ""
    due: DueBadge | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with its definition under it; `url` leads to the list that it counts."""

    label: str
    value: str
    definition: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a strip: how much falls in it, how much of that is late; `url` leads to its lines."""

    label: str
    count: int
    late: int = 0
    url: str = ""
    is_current: bool = False


def month_strip(
    days: Iterable[date], *, on: date, until: date | None = None, anchor: str = "#mois-"
) -> list[Month]:
    """Return the months from that of `on` to that of `until`, twelve without it, with the days that fall in each.

    Days that have passed count as late. The address of a month is the anchor and its « 2025-03 »; a month without any day has none.
    """
    first = on.year * 12 + on.month - 1
    last = until.year * 12 + until.month - 1 if until is not None else first + 11
    counts = dict.fromkeys(range(first, last + 1), 0)
    late = 0
    for day in days:
        rank = max(day.year * 12 + day.month - 1, first)
        late += day < on
        if rank in counts:
            counts[rank] += 1
    return [
        Month(
            # In a narrow cell the year may go to the next line.
            label=month_year(date(rank // 12, rank % 12 + 1, 1)).replace(NBSP, " "),
            count=count,
            late=late if rank == first else 0,
            url=f"{anchor}{rank // 12}-{rank % 12 + 1:02d}" if count else "",
            is_current=rank == first,
        )
        for rank, count in counts.items()
    ]


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its name for people, its address, and what identifies it."""

    label: str
    url: str = ""
    kind: str = ""
    size: str = ""
    when: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a clause, with its article and the text they come from."""

    text: str
    article: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not possible, which clause says so, what would open it (a sentence, or `openings`), whom to call.

    `see` is the page that says more: its name, its address.
    """

    title: str
    reason: str
    would_open: str
    contact: str
    clause: Quote | None = None
    openings: Sequence[str] = ()
    see: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An act that asks for a second look: its button, what it entails, and where it is posted.

    `other` is a second button of the same form, and where that one posts it: what one does instead, losing nothing.
    """

    label: str
    action: str
    consequences: Sequence[str]
    button: str
    is_danger: bool = False
    hidden: Mapping[str, str] = field(default_factory=dict)
    other: tuple[str, str] | None = None
