"""What is known of a convention on a day: the values that the rules give back, and their JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from maillage.conventions.lifecycle.states import EndKind, State


class Remark(NamedTuple):
    """Something that a reader must know about a date, with the article it comes from."""

    article: str
    text: str


class RenewalRow(NamedTuple):
    """A renewal that happened, or the next one if nothing prevents it. `until` is its last day, if it is
    known.
    """

    since: date
    until: date | None
    mode: str
    article: str
    recorded: bool = False

    @property
    def label(self) -> str:
        """In French, what kind of renewal it is."""
        return "tacite reconduction" if self.mode == "tacit" else "renouvellement exprès"

    def as_json(self) -> dict[str, Any]:
        """The row as `maillage convention dates` prints it."""
        return {
            "from": self.since.isoformat(),
            "to": _iso(self.until),
            "mode": self.mode,
            "article": self.article,
        }


class ExitRow(NamedTuple):
    """One way out under one reading.

    `first_day` and `last_day` bound the days on which it may be used, `effect` is the first day no longer
    in force. `name` is that of the exit clause, `reading` is empty where the clause is not ambiguous.
    """

    name: str
    kind: str
    reading: str
    first_day: date | None
    last_day: date | None
    effect: date | None
    article: str
    form: str | None

    @property
    def label(self) -> str:
        """In French, what kind of exit it is."""
        return EXIT_LABELS[self.kind]

    def as_json(self) -> dict[str, Any]:
        """The row as `maillage convention dates` prints it."""
        return {
            "kind": self.kind,
            "reading": self.reading or None,
            "first_day": _iso(self.first_day),
            "last_day": _iso(self.last_day),
            "effect": _iso(self.effect),
            "article": self.article,
            "form": self.form,
        }


class Departure(NamedTuple):
    """A party that leaves while the others go on; `effect` is the first day on which it is no longer bound."""

    party: str
    effect: date


class Outlook(NamedTuple):
    """What follows under one reading: the first day no longer in force, or else the renewal that comes."""

    reading: str
    reading_text: str
    article: str
    out: date | None
    renews: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """A convention on a day. A value is `None` when it is unknown or when the readings disagree: see
    `readings`.

    `ends` is the last day of the running term. `out_from` is the first day no longer in force as things
    stand, tacit renewals supposed to happen: `None` while no end is in sight. Inside `readings`,
    `reading` names the reading, or several joined by « + », and `article` the clauses read.
    `term_article` is that of the term. `outlooks` says what follows under each reading where they disagree on it, even
    while they agree on today.
    """

    id: str
    on: date
    state: State | None
    end_kind: EndKind | None = None
    starts: date | None = None
    ends: date | None = None
    anniversary: date | None = None
    renewals: tuple[RenewalRow, ...] = ()
    exits: tuple[ExitRow, ...] = ()
    readings: tuple["Facts", ...] = ()
    warnings: tuple[Remark, ...] = ()
    out_from: date | None = None
    departures: tuple[Departure, ...] = ()
    outlooks: tuple[Outlook, ...] = ()
    reading: str = ""
    reading_text: str = ""
    article: str = ""
    term_article: str = ""

    def each(self) -> Iterator["Facts"]:
        """The facts under each reading that matters, or these alone when nothing is ambiguous."""
        yield from self.readings or (self,)

    @property
    def is_in_force(self) -> bool:
        """In force under every reading."""
        return all(facts.state is State.IN_FORCE for facts in self.each())

    @property
    def may_be_in_force(self) -> bool:
        """In force under one reading at least."""
        return any(facts.state is State.IN_FORCE for facts in self.each())

    @property
    def certain_range(self) -> tuple[date, date | None] | None:
        """First day in force and first day out on which all readings agree; `None` when no day is certain.

        The end is open (`None`) while no reading sees one.
        """
        starts = [facts.starts for facts in self.each()]
        known = [start for start in starts if start is not None]
        if self.state in _NOT_BINDING or len(known) < len(starts):
            return None
        ends = [facts.out_from for facts in self.each() if facts.out_from is not None]
        first, out = max(known), min(ends, default=None)
        return None if out is not None and out <= first else (first, out)

    def as_json(self) -> dict[str, Any]:
        """The object that `maillage convention dates --json` prints (terms.md, « Lifecycle »)."""
        known = {"reading": self.reading, "article": self.article} if self.reading else {}
        return known | {
            "id": self.id,
            "on": self.on.isoformat(),
            "state": self.state and self.state.value,
            "end_kind": self.end_kind and self.end_kind.value,
            "starts": _iso(self.starts),
            "ends": _iso(self.ends),
            "anniversary": _iso(self.anniversary),
            "renewals": [row.as_json() for row in self.renewals],
            "exits": [row.as_json() for row in self.exits],
            "readings": [facts.as_json() for facts in self.readings],
            "warnings": [{"article": remark.article, "text": remark.text} for remark in self.warnings],
        }


EXIT_LABELS = {
    "denunciation": "dénonciation",
    "formal_notice": "résiliation après mise en demeure",
    "immediate": "résiliation immédiate",
    "grounds": "résiliation pour motif",
}
_NOT_BINDING = (State.DRAFT, State.PROPOSED, State.PARTLY_SIGNED)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
