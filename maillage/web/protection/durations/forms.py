"""The forms of durations. What they accept is what the actions accept: messages stand at their fields."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from maillage.protection.retention.durations import LONGEST, MOST_MONTHS
from maillage.web.presentation.forms import TokenForm
from maillage.web.protection.forms import CHOOSE, words

_MONTHS: Final = f"Écrivez un nombre de mois, de 1 à {MOST_MONTHS}."


class DurationForm(TokenForm):
    """For which cases, how long after the closing, and by which reference."""

    scope = forms.ChoiceField(
        label="Pour quels dossiers clos ?",
        error_messages=CHOOSE,
        help_text="La durée d’une convention passe avant celle d’une sorte de dossiers, qui passe avant celle de tous.",
    )
    months = forms.IntegerField(
        label="Combien de mois après la clôture ?", min_value=1, max_value=MOST_MONTHS, help_text="Exemple : 24",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short-input"}),
        error_messages={"required": _MONTHS, "invalid": _MONTHS, "min_value": _MONTHS, "max_value": _MONTHS},
    )  # fmt: skip
    reason = words(
        "D’après quoi ?",
        "Votre référentiel de durées et sa fiche, une décision, un texte. Le registre des traitements le reprend.",
        rows=2,
        longest=LONGEST,
    )

    def __init__(self, data: Any = None, *, offered: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.choose("scope", offered)


class WithdrawForm(forms.Form):
    """Why a duration counts no more."""

    use_required_attribute = False
    reason = words(
        "Pourquoi ?", "Une révision de votre référentiel, un contentieux.", rows=2, longest=LONGEST
    )
