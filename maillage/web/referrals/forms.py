"""The forms that find and work referrals. What they accept is what the rules accept; each message stands at its field."""

from collections.abc import Sequence
from typing import Any

from django import forms

from maillage.beneficiaries.rules import name_to_search, nir_search_problem
from maillage.catalogue.services import SERVICES
from maillage.referrals.queries import View, Wanted
from maillage.referrals.states import State
from maillage.web.presentation.forms import FrenchDateField
from maillage.web.referrals.fields import private_text


class FindForm(forms.Form):
    """A person whom the organisation knows already: her number, or her name with her birth date. Sent by POST, never kept."""

    nir = private_text(
        "Numéro de sécurité sociale",
        25,
        "13 chiffres, ou 15 avec la clé. Il suffit à lui seul.",
        attrs={"inputmode": "text"},
    )
    surname = private_text("Nom", 100, "Accents, majuscules et traits d’union ne comptent pas.")
    birth_date = FrenchDateField(label="Date de naissance", required=False)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        problem = nir_search_problem(values.get("nir", ""))
        if problem:
            self.add_error("nir", problem)
        surname, birth_date = values.get("surname"), values.get("birth_date")
        if surname and not name_to_search(surname):
            self.add_error("surname", "Écrivez le nom en lettres.")
        elif surname and not birth_date and "birth_date" not in self.errors:
            self.add_error("birth_date", "Ajoutez la date de naissance : le nom seul ne suffit pas.")
        elif birth_date and not surname:
            self.add_error("surname", "Ajoutez le nom : la date de naissance seule ne suffit pas.")
        elif not (surname or birth_date or values.get("nir") or self.errors):
            self.add_error("nir", "Donnez le numéro de sécurité sociale, ou le nom et la date de naissance.")
        return values


class ListForm(forms.Form):
    """The filters of the list, in the address: never a person's name."""

    vue = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    service = forms.ChoiceField(label="Service", required=False)
    etat = forms.ChoiceField(label="État", required=False)
    urgentes = forms.BooleanField(label="Urgentes seulement", required=False)

    def __init__(self, data: Any, *, states: dict[State, str]) -> None:
        super().__init__(data)
        self._choose("vue", [(view.value, view.value) for view in View])
        self._choose("service", [("", "Tous"), *((key, service.name) for key, service in SERVICES.items())])
        self._choose("etat", [("", "Tous"), *((state.value, words) for state, words in states.items())])

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def wanted(self) -> Wanted:
        """What to show; a filter that is not one of the list's is as if it had not been given."""
        self.is_valid()
        values = self.cleaned_data
        state = values.get("etat", "")
        asked = values.get("vue") or (View.ALL if state else View.OPEN)
        return Wanted(View(asked), values.get("service", ""), state, bool(values.get("urgentes")))
