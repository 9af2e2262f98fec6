"""What an exit is judged against, and what comes out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from maillage.conventions.lifecycle.course import Course
from maillage.conventions.lifecycle.events import Event
from maillage.conventions.lifecycle.facts import ExitRow, Remark
from maillage.conventions.lifecycle.record import Record
from maillage.conventions.lifecycle.states import EndKind
from maillage.conventions.terms.duration import ExitClause


@dataclass(frozen=True, slots=True)
class Situation:
    """One reading of a convention on a day. `bound_on`: the day from which all had signed."""

    course: Course
    record: Record
    keys: Sequence[str]
    bound_on: date | None
    on: date
    departement: str
    names: Mapping[str, str] = field(default_factory=dict)

    def named(self, key: str) -> str:
        """The party behind a key, as French texts call it."""
        return self.names.get(key, key)


class Effect(NamedTuple):
    """An end that a decision causes; `day` is the first day no longer in force, `clause` the exit that allows it."""

    day: date
    kind: EndKind
    party: str | None = None
    leaves: bool = False
    source: Event | None = None
    clause: str = ""


class Outcome(NamedTuple):
    """One exit under one reading: its row, the ends that it causes, what must be said of it.

    `waiting` is what a formal notice still leaves open from its first day on: an end that comes before closes it.
    """

    row: ExitRow
    effects: tuple[Effect, ...] = ()
    remarks: tuple[Remark, ...] = ()
    waiting: Remark | None = None


def exit_row(
    clause: ExitClause,
    kind: str,
    reading: str,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    effect: date | None = None,
) -> ExitRow:
    """The row of `clause` under `reading`."""
    form = clause.form.value if clause.form else None
    return ExitRow(clause.name, kind, reading, first_day, last_day, effect, clause.article, form)
