"""The forms of a provision: the payments that it is estimated from, and what was paid in the end."""

from typing import Any, Final

from django import forms

from maillage.steering.provision.rules import Component
from maillage.web.credits.forms import CentsField, LinesForm
from maillage.web.presentation.days import DayField

COLUMNS: Final = ("Année", "Fin d’année", "1 an après", "2 ans après", "…")
EXAMPLE: Final = "2023 ; 1 000 000 ; 1 200 000 ; 1 230 000"
SUMMED, EACH = "summed", "each"
_FILE: Final = (
    "CSV, XLSX ou ODS : une ligne par année de soins, une colonne par fin d’année ; "
    "ce qui n’est pas encore payé reste vide."
)
_CHOOSE: Final = {
    "required": "Choisissez une réponse.",
    "invalid_choice": "Choisissez une réponse de la liste.",
}


def _source() -> forms.CharField:
    return forms.CharField(
        label="Source",
        max_length=200,
        help_text="D’où viennent ces montants : un état, une date.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Dites d’où vient ce chiffre.", "max_length": "200 caractères au plus."},
    )


def _reason(what: str) -> forms.CharField:
    return forms.CharField(
        label="Motif de la correction",
        required=False,
        max_length=400,
        help_text=f"Si {what} était déjà connu : pourquoi il change. L’ancien reste lisible.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "400 caractères au plus."},
    )


class TriangleForm(LinesForm):
    """A triangle of payments, as a file or as text."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.UUIDField(required=False, widget=forms.HiddenInput)
    component = forms.ChoiceField(
        label="Composante",
        choices=[(one.value, one.label[0].upper() + one.label[1:]) for one in Component],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    written = forms.ChoiceField(
        label="Ce que dit chaque montant",
        choices=[
            (SUMMED, "Le cumul payé à cette fin d’année"),
            (EACH, "Ce qui a été payé cette année-là seulement"),
        ],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    source = _source()
    reason = _reason("ce tableau")

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, columns=COLUMNS, example=EXAMPLE, **options)
        self.fields["file"].help_text = _FILE
        self.order_fields(["token", "shown", "component", "written", "file", "lines", "source", "reason"])


class ActualForm(forms.Form):
    """What was paid in the end."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.UUIDField(required=False, widget=forms.HiddenInput)
    amount = CentsField(
        label="Payé depuis la clôture",
        help_text="Pour les soins de ces années, après la fin de l’exercice. En euros : 1 234 567,50",
    )
    known_on = DayField(label="Arrêté le")
    source = _source()
    reason = _reason("ce montant")
