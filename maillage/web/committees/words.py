"""Words and tones of meetings, decisions and local actions."""

from typing import Final

from django.utils.safestring import SafeString

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.steering.committees.models import Decision, Meeting
from maillage.steering.committees.queries import missing_parties
from maillage.steering.committees.states import DECISION_WORDS, WORDS, DecisionState, State
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.dates import long_date, long_instant
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset

TONES: Final = {
    State.PLANNED: Tone.INFO,
    State.CONVENED: Tone.INFO,
    State.HELD: Tone.SOON,
    State.CLOSED: Tone.GOOD,
    State.CANCELLED: Tone.NEUTRAL,
}
_DECISION_TONES: Final = {
    DecisionState.TO_CONFIRM: Tone.SOON,
    DecisionState.OPEN: Tone.INFO,
    DecisionState.DONE: Tone.GOOD,
    DecisionState.DROPPED: Tone.NEUTRAL,
}


def meeting_words(row: Meeting) -> str:
    """The state in words, and that it was held without quorum."""
    without = ", sans quorum" if missing_parties(row) else ""
    return typeset(f"{WORDS[State(row.state)]}{without}")


def meeting_state(row: Meeting) -> SafeString:
    """The same as a badge of a table."""
    return state_cell(meeting_words(row), TONES[State(row.state)])


def meeting_day(known: LoadedConvention, row: Meeting) -> str:
    """« 12 mars 2027 à 14 h 30 », or the day that is thought of."""
    if row.starts_at is None:
        return typeset(f"{long_date(row.planned_on)} (envisagé)")
    return long_instant(row.starts_at, known.zone)


def decision_state(row: Decision) -> SafeString:
    """What became of a decision, as a badge of a table."""
    state = DecisionState(row.state)
    return state_cell(DECISION_WORDS[state], _DECISION_TONES[state])
