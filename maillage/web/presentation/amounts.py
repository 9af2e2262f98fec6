"""A field for an amount, as people type it: « 1 234,50 € », « 1234.5 », « 1.234,50 euros »."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from maillage.core.spreadsheets.values import NotUnderstood, amount_of
from maillage.web.presentation.numbers import number


class EurosField(forms.Field):
    """An amount in euros; what is typed comes back as it was typed."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "En euros : 1 234,50")
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "short-input"}

    def to_python(self, value: Any) -> int | None:
        """Whole euros, half a euro rounded up; None where nothing was typed."""
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            amount = amount_of(str(value))
        except NotUnderstood as wrong:
            raise ValidationError(str(wrong)) from wrong
        if amount < 0:
            raise ValidationError("Écrivez un montant en euros comme 1 234,50.")
        return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def prepare_value(self, value: Any) -> Any:
        """What is stored, with its thousands apart."""
        return number(value) if isinstance(value, int) else value
