"""The five tones of a badge or a message. The words carry the meaning; the tone repeats it in colour."""

from datetime import date
from enum import StrEnum

SOON_DAYS = 7


class Tone(StrEnum):
    """How a badge is coloured; the value is the suffix of its CSS class."""

    NEUTRAL = "neutral"
    INFO = "info"
    GOOD = "good"
    SOON = "soon"
    LATE = "late"


def due_tone(due_on: date, on: date, soon_days: int = SOON_DAYS) -> Tone:
    """Return late after the due date, soon from soon_days before it to the day itself, neutral earlier."""
    days = (due_on - on).days
    if days < 0:
        return Tone.LATE
    return Tone.SOON if days <= soon_days else Tone.NEUTRAL
