"""The form that finds referrals. What it accepts is what the rules accept; each message stands at its field."""

from typing import Any

from django import forms

from maillage.beneficiaries.rules import name_to_search, nir_search_problem
from maillage.referrals.references import reference_to_search
from maillage.web.presentation.forms import FrenchDateField
from maillage.web.referrals.fields import private_text


class FindForm(forms.Form):
    """A case that the organisation knows already: its reference, the person's number, or her name. Sent by POST, never kept."""

    reference = private_text(
        "Référence du dossier", 12, "Par exemple K7QM-3XTD ; le tiret et les majuscules ne comptent pas."
    )
    nir = private_text(
        "Numéro de sécurité sociale",
        25,
        "13 chiffres, ou 15 avec la clé. Il suffit à lui seul.",
        attrs={"inputmode": "text"},
    )
    surname = private_text("Nom", 100, "Accents, majuscules et traits d’union ne comptent pas.")
    birth_date = FrenchDateField(
        label="Date de naissance",
        required=False,
        help_text="Elle écarte les homonymes ; vous pouvez vous en passer.",
    )

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        problem = nir_search_problem(values.get("nir", ""))
        if problem:
            self.add_error("nir", problem)
        surname, birth_date, code = values.get("surname"), values.get("birth_date"), values.get("reference")
        if code and not reference_to_search(code):
            self.add_error(
                "reference",
                "Une référence a huit lettres et chiffres, sans 0, O, 1, I, L ni U : vérifiez-la.",
            )
        if surname and not name_to_search(surname):
            self.add_error("surname", "Écrivez le nom en lettres.")
        elif birth_date and not surname:
            self.add_error("surname", "Ajoutez le nom : la date de naissance seule ne suffit pas.")
        elif not (surname or birth_date or code or values.get("nir") or self.errors):
            self.add_error("reference", "Donnez une référence, un numéro de sécurité sociale ou un nom.")
        return values
