"""Days given as arguments of a command: 2024-11-14, nothing else."""

import re
from datetime import date
from typing import Final

from maillage.conventions.lifecycle.course import FIRST_YEAR, LAST_YEAR

_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class UsageError(ValueError):
    """An argument that cannot be read; `args[0]` says it in French."""


def day_of(text: str, argument: str) -> date:
    """The day that an argument gives. Raises UsageError, which names the argument."""
    try:
        day = date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UsageError(
            f"{argument} : « {text} » n'est pas une date ; attendu AAAA-MM-JJ, entre {FIRST_YEAR} et {LAST_YEAR}."
        )
    return day
