"""A convention as a value: its text at any date, its recorded facts, its parties. Made of rows, free of queries."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from maillage.conventions.lifecycle.events import Event
from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.models import Event as EventRow
from maillage.conventions.lifecycle.rules import facts
from maillage.conventions.lifecycle.states import State
from maillage.conventions.terms import Terms, TermsError
from maillage.conventions.terms.consolidation import Avenant, consolidate
from maillage.conventions.terms.filling import choose, drop, fill
from maillage.conventions.terms.lawful import stated

DEFAULT_DEPARTEMENT = "75"
_SIGNED = frozenset({State.SIGNED, State.IN_FORCE, State.ENDED})


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A body behind a party's key, or one that was informed; as `convention_parties()` lists them."""

    convention: UUID
    organisation: UUID
    name: str
    short_name: str
    kind: str
    departement: str
    time_zone: str
    key: str
    role: str
    position: int
    since: datetime

    @property
    def signs(self) -> bool:
        """Whether it is a party, and not only informed."""
        return self.role != "informed"


@dataclass(frozen=True, slots=True)
class Filling:
    """A blank that the parties filled after the signature, or an option that they chose: one recorded fact each."""

    on: date
    path: str
    value: object
    option: bool = False


@dataclass(frozen=True)
class ConventionText:
    """The text of a convention: the newest that was written (`base`), and what changes it day after day.

    `row` is its row, `mine` the acting organisation's own part; `beside`, what a room above asked in the same statement.
    """

    row: Convention
    mine: PartyRow | None
    base: Terms
    avenants: tuple[Avenant, ...]
    fillings: tuple[Filling, ...]
    beside: str = field(default="", kw_only=True)

    @property
    def id(self) -> UUID:
        """The convention's id."""
        return self.row.id

    @property
    def departement(self) -> str:
        """The département whose holidays count for delays in working days."""
        return self.row.departement or DEFAULT_DEPARTEMENT

    @property
    def zone(self) -> ZoneInfo:
        """The caisse's time zone: the convention's days begin and end there."""
        return ZoneInfo(self.row.time_zone)

    def terms(self, on: date) -> Terms:
        """The consolidated text of that day: avenants whose effect has come, and blanks filled since the signature."""
        text = self._asked()
        for step in sorted(self._steps(on), key=lambda one: one[0]):
            text = _applied(text, step[1])
        return text

    def readable(self, on: date) -> Terms:
        """The same; a text that its avenants no longer hold together is read as first written."""
        try:
            return self.terms(on)
        except TermsError:
            return self._asked()

    def _asked(self) -> Terms:
        """The text as written; once signed, with what was not asked when it was: each clause's legal basis, or the blank of it."""
        return stated(self.base) if self.row.state in _SIGNED else self.base

    def _steps(self, on: date) -> Iterator[tuple[tuple[date, int, int], Avenant | Filling]]:
        for avenant in self.avenants:
            if avenant.effect <= on:
                yield (avenant.effect, 0, avenant.number), avenant
        for number, filling in enumerate(self.fillings):
            if filling.on <= on:
                yield (filling.on, 1, number), filling


@dataclass(frozen=True)
class LoadedConvention(ConventionText):
    """All that is known of one convention.

    `version` is that of the newest text; `events` are the pure facts that the rules read, `recorded`
    the rows behind the history.
    """

    parties: tuple[PartyRow, ...]
    version: int
    written_at: datetime
    events: tuple[Event, ...]
    recorded: tuple[EventRow, ...]

    @property
    def signatories(self) -> tuple[PartyRow, ...]:
        """The parties, without the bodies that were only informed."""
        return tuple(party for party in self.parties if party.signs)

    def party(self, key: str) -> PartyRow | None:
        """The party with this key."""
        return next((party for party in self.signatories if party.key == key), None)

    def facts(self, on: date) -> Facts:
        """What is known of the convention on that day."""
        names = {party.key: party.short_name for party in self.signatories}
        return facts(self.terms(on), self.events, on, self.departement, names)


def _applied(text: Terms, step: Avenant | Filling) -> Terms:
    if isinstance(step, Avenant):
        return consolidate(text, *step.changes)
    try:
        return filled(text, step)
    except TermsError:
        return text  # an avenant has since replaced that clause: what it says prevails


def filled(text: Terms, filling: Filling) -> Terms:
    """The text with a blank filled, or an option chosen or dropped. Raises `TermsError` when there is none there."""
    if filling.option:
        return choose(text, filling.path) if filling.value else drop(text, filling.path)
    return fill(text, filling.path, filling.value)
