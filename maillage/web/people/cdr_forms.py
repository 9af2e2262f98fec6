"""The forms of the register of CDR and CDRi."""

from typing import Any, cast
from uuid import UUID

from django import forms

from maillage.organisations.cdr.rules import REASON_CHOICES, TOOL_CHOICES
from maillage.web.people.forms import CHOOSE
from maillage.web.presentation.forms import FrenchDateField


class GrantForm(forms.Form):
    """Who, which tool, since when."""

    use_required_attribute = False
    person = forms.TypedChoiceField(label="Personne", coerce=UUID, error_messages=CHOOSE)
    tool = forms.ChoiceField(
        label="Outil", choices=TOOL_CHOICES, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    since = FrenchDateField(label="Ouvert le")

    def __init__(self, data: Any = None, *, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **options)
        cast("forms.ChoiceField", self.fields["person"]).choices = people


class RevocationForm(forms.Form):
    """When, and why."""

    use_required_attribute = False
    on = FrenchDateField(label="Premier jour sans accès")
    reason = forms.CharField(
        label="Motif du retrait", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Indiquez le motif du retrait.", "max_length": "200 caractères au plus."},
    )  # fmt: skip


class ConsultationForm(forms.Form):
    """Under which access, when, why, for which file of one's own."""

    use_required_attribute = False
    access = forms.TypedChoiceField(label="Outil", coerce=UUID, error_messages=CHOOSE)
    day = FrenchDateField(label="Jour")
    hour = forms.TimeField(
        label="Heure", help_text="Heures et minutes : 14:30", widget=forms.TextInput(attrs={"autocomplete": "off"}),
        input_formats=["%H:%M", "%Hh%M", "%H h %M"],
        error_messages={"required": "Écrivez l’heure.", "invalid": "Écrivez l’heure comme 14:30."},
    )  # fmt: skip
    reason = forms.ChoiceField(
        label="Motif", choices=REASON_CHOICES, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    reference = forms.CharField(
        label="Référence interne du dossier", required=False, max_length=40, help_text="Un numéro, sans nom.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}), error_messages={"max_length": "40 caractères au plus."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, accesses: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **options)
        cast("forms.ChoiceField", self.fields["access"]).choices = accesses

    def clean_reference(self) -> str:
        """In capitals, as codes are."""
        return str(self.cleaned_data["reference"]).strip().upper()
