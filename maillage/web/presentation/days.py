"""Days, typed: a year that nobody lives in is a slip of the finger."""

from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError

from maillage.web.presentation.forms import FrenchDateField

FIRST: Final = date(1900, 1, 1)
LAST: Final = date(2199, 12, 31)
OUT_OF_RANGE: Final = "Écrivez une date entre 1900 et 2199."


class DayField(FrenchDateField):
    """A day that somebody lives in."""

    def to_python(self, value: Any) -> date | None:
        """The day typed; refused out of range."""
        day: date | None = super().to_python(value)
        if day is not None and not FIRST <= day <= LAST:
            raise ValidationError(OUT_OF_RANGE)
        return day
