"""Ways out of a convention: what each allows, and what recorded decisions make of it, under one reading.

A decision that its clause does not allow is kept and flagged, and has no effect until a valid one is
recorded.
"""

from collections.abc import Callable
from typing import Any, Final

from maillage.conventions.lifecycle.denunciations import around_anniversary, at_any_time
from maillage.conventions.lifecycle.events import EventKind
from maillage.conventions.lifecycle.letters import DENUNCIATION, FORMAL_NOTICE
from maillage.conventions.lifecycle.record import Record
from maillage.conventions.lifecycle.situation import Outcome, Situation
from maillage.conventions.lifecycle.terminations import after_formal_notice, on_grounds
from maillage.conventions.terms.duration import (
    AnniversaryDenunciation,
    Denunciation,
    ExitClause,
    FormalNotice,
    GroundsTermination,
    ImmediateTermination,
)

DENUNCIATION_EVENTS: Final = frozenset(DENUNCIATION.values())
TERMINATION_EVENTS: Final = frozenset((EventKind.TERMINATED, EventKind.COMPLIED, *FORMAL_NOTICE.values()))

_RULES: dict[type[ExitClause], Callable[[Any, str, Situation], Outcome]] = {
    Denunciation: at_any_time,
    AnniversaryDenunciation: around_anniversary,
    FormalNotice: after_formal_notice,
    ImmediateTermination: on_grounds,
    GroundsTermination: on_grounds,
}


def is_denunciation(clause: ExitClause) -> bool:
    """Whether a party may use it alone, without a fault of another."""
    return isinstance(clause, Denunciation | AnniversaryDenunciation)


def is_live(clause: ExitClause, record: Record) -> bool:
    """Whether a recorded event makes this exit count, so that its readings may change state or end."""
    return record.has_any(DENUNCIATION_EVENTS if is_denunciation(clause) else TERMINATION_EVENTS)


def outcome(clause: ExitClause, reading: str, situation: Situation) -> Outcome:
    """The row, the effects and the remarks of an exit under one of its readings."""
    return _RULES[type(clause)](clause, reading, situation)
