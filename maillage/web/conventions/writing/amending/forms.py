"""The forms of an avenant: what it is about, from when, and one change."""

from typing import Any, Final

from django import forms

from maillage.web.presentation.days import DayField

_HELP: Final = {
    "number": "Un nombre entier.",
    "date": "Jour, mois, année : 14/11/2024",
    "delay": "Une durée : 15 jours, 2 mois, 1 an.",
    "yaml": "Écrit comme dans un fichier de convention (YAML). Le texte entier est vérifié avant d’être gardé.",
}


class ChangeForm(forms.Form):
    """The new value of one place of the text; for a new avenant, also its object and its effect."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, kind: str, removing: bool, is_new: bool, **options: Any) -> None:
        super().__init__(data, **options)
        if is_new:
            self.fields["token"] = forms.UUIDField(widget=forms.HiddenInput)
            self.fields["title"] = forms.CharField(
                label="Objet de l’avenant", max_length=300,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
                error_messages={"required": "Dites ce que l’avenant change.", "max_length": "Écrivez 300 caractères au plus."},
            )  # fmt: skip
            self.fields["effect_on"] = DayField(label="Prend effet le")
        if not removing:
            rows = {"yaml": 12, "text": 4}.get(kind)
            widget = (
                forms.Textarea(attrs={"rows": rows})
                if rows
                else forms.TextInput(attrs={"class": "short-input"})
            )
            widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})
            self.fields["value"] = forms.CharField(
                label="Nouvelle valeur", max_length=20000, widget=widget, help_text=_HELP.get(kind, ""),
                error_messages={"required": "Écrivez la nouvelle valeur.", "max_length": "Écrivez 20 000 caractères au plus."},
            )  # fmt: skip


class AboutForm(forms.Form):
    """What a draft avenant is about, and from when."""

    title = forms.CharField(
        label="Objet de l’avenant", max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Dites ce que l’avenant change.", "max_length": "Écrivez 300 caractères au plus."},
    )  # fmt: skip
    effect_on = DayField(label="Prend effet le")
