"""Amounts as people type them: « 1 234,50 € », « 1234.5 », « 1.234,50 euros »."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from maillage.web.presentation.numbers import number

LARGEST: Final = 10_000_000
_WRITTEN = re.compile(r"(\d{1,12})(?:[,.](\d{1,2}))?")
_BETWEEN_THOUSANDS = re.compile(r"(?<=\d)[.\s\u00a0\u202f'’](?=\d{3}(?!\d))")
_UNIT = re.compile(r"\s*(?:€|euros?|eur)\s*$", re.IGNORECASE)


def euros(text: str) -> int | None:
    """The amount in whole euros, half a euro rounded up; None for what is no amount."""
    found = _WRITTEN.fullmatch(_BETWEEN_THOUSANDS.sub("", _UNIT.sub("", text.strip())))
    if found is None or not found[0].isascii():
        return None
    amount = Decimal(f"{found[1]}.{found[2] or 0}")
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


class EurosField(forms.Field):
    """An amount in euros; what is typed comes back as it was typed."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "En euros : 1 234,50")
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "short-input"}

    def to_python(self, value: Any) -> int | None:
        """The euros; None where nothing was typed."""
        if value in self.empty_values or not str(value).strip():
            return None
        amount = euros(str(value))
        if amount is None:
            raise ValidationError("Écrivez un montant en euros, comme 1 234,50.")
        if amount > LARGEST:
            raise ValidationError("Ce montant est trop grand : vérifiez les zéros.")
        return amount

    def prepare_value(self, value: Any) -> Any:
        """What is stored, with its thousands apart."""
        return number(value) if isinstance(value, int) else value
