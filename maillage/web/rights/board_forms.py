"""The two forms of the board: between which committees it counts, and how many files the sample holds."""

from typing import Any, Final

from django import forms

from maillage.rights.sampled.rules import LARGEST, SMALLEST, Between, period_problem
from maillage.web.presentation.days import DayField
from maillage.web.referrals.working_forms import ActForm

_SIZE: Final = f"Écrivez un nombre de dossiers, de {SMALLEST} à {LARGEST}."


class PeriodForm(forms.Form):
    """Two committees, in the address: what is counted can be sent to a colleague."""

    use_required_attribute = False
    du = DayField(label="Depuis le COPIL du")
    au = DayField(
        label="Jusqu’au COPIL du",
        help_text="Ce jour-là compte pour la période suivante. Jour, mois, année : 14/11/2024",
    )

    def clean(self) -> dict[str, Any]:
        """Both days, in their order."""
        said = super().clean() or self.cleaned_data
        if said.get("du") and said.get("au") and (wrong := period_problem(Between(said["du"], said["au"]))):
            self.add_error("au", wrong)
        return said

    def between(self) -> Between:
        """The period of a form that is valid."""
        return Between(self.cleaned_data["du"], self.cleaned_data["au"])


class DrawForm(ActForm):
    """How many files are drawn, over the period of the page."""

    name = "draw"
    du = DayField(widget=forms.HiddenInput)
    au = DayField(widget=forms.HiddenInput)
    size = forms.IntegerField(
        label="Combien de dossiers ?",
        help_text="Le nombre dont les parties ont convenu pour l’échantillon.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short-input", "autocomplete": "off"}),
        error_messages={"required": _SIZE, "invalid": _SIZE},
    )

    def __init__(self, data: Any = None, *, agreed: int | None, **options: Any) -> None:
        super().__init__(data, **options)
        if agreed is not None:
            self.fields["size"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
            self.initial["size"] = agreed
        self.agreed = agreed

    def wanted(self) -> int:
        """The size of a form that is valid: the text's where it says one."""
        found: int = self.agreed or self.cleaned_data["size"]
        return found
