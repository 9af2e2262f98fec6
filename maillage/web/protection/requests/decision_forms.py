"""The forms that answer one right, and that lift a restriction. What they accept is what the actions accept."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst

from maillage.cases.freezes import LONGEST_WHY
from maillage.cases.rules import LIFTED_HOW, RESTRICTIONS
from maillage.conventions.terms.protection import DataRight
from maillage.protection.requests.rules import Outcome, ground_words, grounds
from maillage.web.presentation.days import DayField
from maillage.web.presentation.typography import typeset
from maillage.web.protection.forms import CHOOSE, NOBODY, answers, words
from maillage.web.protection.requests.forms import choices


class DecideForm(forms.Form):
    """What is answered to one right; the ground of a refusal is asked for a refusal alone."""

    use_required_attribute = False
    outcome = answers("Votre réponse", choices(Outcome))
    restriction = answers(
        "Si vous accordez : pour quel motif de l’article 18 ?", [(key, typeset(capfirst(label))) for key, label in RESTRICTIONS.items()]
    )  # fmt: skip
    ground = answers("Si vous refusez : pour quel motif ?", choices(grounds()))
    words = words(
        "Précisions",
        f"Nécessaires pour un refus : la lettre les dira à la personne. {NOBODY}",
        rows=3,
        required=False,
    )

    flows = forms.MultipleChoiceField(
        label="Si vous accordez : à quels envois s’oppose-t-elle, en plus de ceux de ses dossiers ?", required=False,
        widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE,
        help_text="Il faut son nom et sa date de naissance, ou son numéro dans un de ses dossiers : sans cela rien ne la reconnaîtrait.",
    )  # fmt: skip

    field_order = ("outcome", "restriction", "flows", "ground", "words")

    def __init__(
        self,
        data: Any = None,
        *,
        right: DataRight,
        flows: Sequence[tuple[str, str]] = (),
        initial: dict[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        if initial and initial.get("words"):
            self.fields["words"].widget.attrs["rows"] = 8  # what is prepared is read before it is noted
        self.fields["flows"].choices = list(flows)  # type: ignore[attr-defined]
        if not flows:
            del self.fields["flows"]
        self.fields["ground"].required = False
        self.fields["ground"].choices = [  # type: ignore[attr-defined]
            (one.value, typeset(capfirst(ground_words(one.value, right)))) for one in grounds(right)
        ]
        self.fields["restriction"].required = False
        for name in ("ground", "restriction"):
            self.fields[name].need = True  # type: ignore[attr-defined]  # its label says when: it is not optional then
        if right is not DataRight.RESTRICTION:
            del self.fields["restriction"]


class LiftForm(forms.Form):
    """Which restrictions are lifted, why, and when and how the person was told."""

    use_required_attribute = False
    cases = forms.MultipleChoiceField(
        label="Quels dossiers ?", widget=forms.CheckboxSelectMultiple,
        error_messages={**CHOOSE, "required": "Cochez au moins un dossier."},
    )  # fmt: skip
    told_on = DayField(
        label="Quel jour la personne en a-t-elle été informée ?",
        help_text="Avant la levée, et au plus tard aujourd’hui.",
    )
    told_how = answers(
        "Comment ?", [(key, typeset(label[0].upper() + label[1:])) for key, label in LIFTED_HOW.items()]
    )
    why = words(
        "Pourquoi la limitation est-elle levée ?",
        f"Les deux organismes le lisent. {NOBODY}",
        rows=3,
        longest=LONGEST_WHY,
    )

    def __init__(self, data: Any = None, *, found: Sequence[tuple[str, str]], on: date) -> None:
        super().__init__(data, initial={"cases": [key for key, _ in found], "told_on": on})
        self.fields["cases"].choices = list(found)  # type: ignore[attr-defined]


class LiftObjectionForm(forms.Form):
    """Why her objection is lifted."""

    use_required_attribute = False
    why = words(
        "Qu’a-t-elle dit, et comment ?",
        f"Par exemple : elle l’a dit à l’accueil le 3 mars ; elle a écrit. Seul votre organisme le lit. {NOBODY}",
        rows=3,
        longest=LONGEST_WHY,
    )
