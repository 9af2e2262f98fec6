"""The forms of the credits: an envelope, a figure, a table of figures, a measure. Amounts are whole cents."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from maillage.core.french import MONTHS
from maillage.core.spreadsheets.values import NotUnderstood
from maillage.steering.credits.lines import cents_of
from maillage.steering.credits.rules import FIRST_YEAR, LAST_YEAR, Target
from maillage.web.presentation.days import DayField
from maillage.web.presentation.numbers import number
from maillage.web.presentation.typography import typeset

OBJECTIVE: Final = "0"
_CHOOSE: Final = {
    "required": "Choisissez une réponse.",
    "invalid_choice": "Choisissez une réponse de la liste.",
}
LARGEST_FILE: Final = 2_000_000
LONGEST_TEXT: Final = 400_000


class CentsField(forms.Field):
    """An amount in euros, kept in cents; what is typed comes back as it was typed."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "En euros : 1 234 567,50")
        options.setdefault("error_messages", {"required": "Écrivez un montant en euros comme 1 234,50."})
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "short-input"}

    def to_python(self, value: Any) -> int | None:
        """Whole cents; None where nothing was typed."""
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return cents_of(str(value))
        except NotUnderstood as wrong:
            raise ValidationError(str(wrong)) from wrong

    def prepare_value(self, value: Any) -> Any:
        """What is stored, with its thousands apart."""
        return number(Decimal(value) / 100, 2) if isinstance(value, int) else value


class EnvelopeForm(forms.Form):
    """An envelope to follow."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label="Nom de l’enveloppe",
        max_length=200,
        help_text="Le même d’une année à l’autre : c’est sous ce nom que ses années se comparent.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Nommez cette enveloppe.", "max_length": "200 caractères au plus."},
    )
    target = forms.ChoiceField(
        label="Objectif suivi",
        choices=[(one.value, one.label) for one in Target],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )


class FigureForm(forms.Form):
    """What a month consumed, or the objective of a year."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.IntegerField(required=False, widget=forms.HiddenInput)
    year = forms.IntegerField(
        label="Année",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short-input"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Écrivez une année de {FIRST_YEAR} à {LAST_YEAR}.",
        ),
    )
    month = forms.ChoiceField(
        label="Mois",
        choices=[
            (OBJECTIVE, "Objectif de l’année"),
            *((str(month), capfirst(name)) for month, name in enumerate(MONTHS, 1)),
        ],
        error_messages=_CHOOSE,
    )
    amount = CentsField(
        label="Montant", help_text="Ce que ce mois a consommé, et lui seul. En euros : 1 234 567,50"
    )
    source = forms.CharField(
        label="Source",
        required=False,
        max_length=200,
        help_text="D’où vient ce chiffre : un état, une date.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "200 caractères au plus."},
    )
    reason = forms.CharField(
        label="Motif de la correction",
        required=False,
        max_length=400,
        help_text="Si ce chiffre était déjà connu : pourquoi il change. L’ancien reste lisible.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "400 caractères au plus."},
    )


class MeasureForm(forms.Form):
    """A measure of regulation."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput)
    day = DayField(label="Décidée le")
    what = forms.CharField(
        label="Mesure",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={
            "required": "Dites quelle est cette mesure.",
            "max_length": "1 000 caractères au plus.",
        },
    )
    amount = CentsField(label="Montant", required=False, help_text="S’il est connu. En euros : 1 234 567,50")


class LinesForm(forms.Form):
    """A table, as a file or as text; the file, once read, is the text."""

    use_required_attribute = False
    file = forms.FileField(
        label="Fichier",
        required=False,
        allow_empty_file=True,
        help_text="CSV, XLSX ou ODS. Rien n’est écrit avant que vous ayez vu ce que chaque ligne ferait.",
    )
    lines = forms.CharField(
        label="Ou les lignes elles-mêmes",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *given: Any, columns: Iterable[str], example: str, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["lines"].help_text = typeset(
            f"Une par ligne, séparées par « ; ». En première ligne, les titres : {' ; '.join(columns)}. Exemple : {example}"
        )

    def clean(self) -> dict[str, Any]:
        """One of the two is given, and is not too large."""
        values = super().clean() or {}
        file, text = values.get("file"), values.get("lines", "")
        if not file and not text.strip():
            self.add_error("file", "Choisissez un fichier, ou écrivez les lignes.")
        if file and file.size > LARGEST_FILE:
            self.add_error("file", "Ce fichier dépasse 2 Mo.")
        if not file and len(text) > LONGEST_TEXT:
            self.add_error("lines", f"{number(LONGEST_TEXT)} caractères au plus.")
        return values

    def data_read(self) -> bytes:
        """What was given, as bytes."""
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file else self.cleaned_data["lines"].encode()
