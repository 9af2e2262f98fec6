"""The filters of a list of referrals, in its address, and the name under which they are kept. Never a person's name."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from maillage.referrals.lists.around import Around
from maillage.referrals.lists.wanted import AGES, View, Wanted
from maillage.referrals.saved.rules import LONGEST_NAME
from maillage.referrals.states import ENDS, State
from maillage.web.presentation.typography import typeset


class ListForm(forms.Form):
    """The filters of the list. One that is none of the list's is as if it had not been given."""

    vue = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    service = forms.ChoiceField(label="Service", required=False)
    etat = forms.ChoiceField(label="État", required=False)
    personne = forms.ChoiceField(label="Suivie par", required=False)
    convention = forms.ChoiceField(label="Convention", required=False)
    age = forms.ChoiceField(label="Ancienneté", required=False)
    urgentes = forms.BooleanField(label="Urgentes seulement", required=False)
    retard = forms.BooleanField(label="En retard seulement", required=False)

    def __init__(self, data: Mapping[str, Any], *, states: Mapping[State, str], around: Around) -> None:
        super().__init__(data)
        everybody, every = ("", "Tout le monde"), ("", "Toutes")
        self._choose("vue", [(view.value, view.value) for view in View])
        self._choose("service", [("", "Tous"), *((key, typeset(name)) for key, name in around.services)])
        self._choose("etat", [("", "Tous"), *((state.value, words) for state, words in states.items())])
        self._choose("personne", [everybody, *((str(user), name) for user, name in around.people)])
        self._choose("age", [("", "Peu importe"), *((str(days), f"Plus de {days} jours") for days in AGES)])
        signed = {str(convention): title for convention, title in around.conventions}
        named = _uuid(data.get("convention", ""))
        if named and str(named) not in signed:  # beyond those offered: the page of a convention leads here
            signed[str(named)] = "Celle dont vous venez"
        self._choose("convention", [every, *signed.items()])

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def wanted(self) -> Wanted:
        """What to show; without a view, what is under way, or what ended when the state asked for is an end."""
        self.is_valid()
        values = self.cleaned_data
        state = values.get("etat", "")
        ended = state in ENDS
        return Wanted(
            View(values.get("vue") or (View.CLOSED if ended else View.OPEN)),
            values.get("service", ""),
            state,
            urgent=bool(values.get("urgentes")),
            late=bool(values.get("retard")),
            follower=_uuid(values.get("personne", "")),
            convention=_uuid(values.get("convention", "")),
            age=int(values.get("age") or 0),
        )


def query_of(wanted: Wanted) -> dict[str, str]:
    """The filters as the address has them: what `ListForm` reads back, in one order."""
    given = {
        "vue": wanted.view.value,
        "service": wanted.service,
        "etat": wanted.state,
        "personne": str(wanted.follower or ""),
        "convention": str(wanted.convention or ""),
        "age": str(wanted.age or ""),
        "urgentes": "on" if wanted.urgent else "",
        "retard": "on" if wanted.late else "",
    }
    return {name: value for name, value in given.items() if value}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class ViewForm(forms.Form):
    """The name of a view; its filters are those of the address that the form is sent to."""

    name = forms.CharField(
        label="Nom de la vue",
        max_length=LONGEST_NAME,
        help_text="Vous seul·e la voyez. N’y écrivez le nom d’aucune personne suivie.",
        error_messages={
            "required": "Donnez un nom à cette vue.",
            "max_length": f"Écrivez {LONGEST_NAME} caractères au plus.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
