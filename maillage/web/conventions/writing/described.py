"""The form of a party that the directory does not know."""

from typing import Any
from uuid import UUID

from django import forms

from maillage.conventions.drafting.describing import Described, siret_fault
from maillage.conventions.drafting.rules import may_stand_for
from maillage.conventions.terms.parties import Party
from maillage.organisations.kinds import BodyKind, is_health_insurance
from maillage.web.conventions.writing.forms import CHOOSE
from maillage.web.presentation.forms import ParagraphsField


def _line(label: str, missing: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": missing},
    )


class DescribedForm(forms.Form):
    """Name, nature, address, SIRET: what a convention says of a party."""

    use_required_attribute = False
    body_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="Nature", error_messages=CHOOSE)
    name = _line("Nom", "Écrivez son nom.")
    short_name = _line("Nom court", "Écrivez son nom court.", "Celui sous lequel le texte l’appelle.")
    address = ParagraphsField(
        label="Adresse",
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": "Écrivez son adresse."},
    )
    siret = _line("SIRET", "", "14 chiffres ; la clé est vérifiée.")

    def __init__(self, data: Any = None, *, party: Party, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["siret"].required = False
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [
            (kind.value, kind.label)
            for kind in BodyKind
            if may_stand_for(party, kind.value) and not is_health_insurance(kind.value)
        ]
        if len(field.choices) == 1:
            self.initial["kind"] = field.choices[0][0]

    def clean_siret(self) -> str:
        """Looked at with the other fields, so that everything wrong is told at once."""
        typed = str(self.cleaned_data["siret"])
        fault = siret_fault(typed)
        if fault is not None:
            raise forms.ValidationError(fault.message)
        return typed

    @property
    def is_possible(self) -> bool:
        """Whether the text admits a body that may be described."""
        return bool(self.fields["kind"].choices)  # type: ignore[attr-defined]  # a choice field

    def body(self) -> Described:
        """The body, as the action takes it."""
        values = self.cleaned_data
        body_id = values["body_id"]
        assert isinstance(body_id, UUID)  # noqa: S101 - its field says so
        names = ("kind", "name", "short_name", "address", "siret")
        return Described(body_id, *(values[name] for name in names))
