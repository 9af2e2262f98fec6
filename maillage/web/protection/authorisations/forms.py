"""The forms of authorisations. What they accept is what the actions accept: messages stand at their fields."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms

from maillage.protection.authorisations.rules import LONGEST_COUNTRY, LONGEST_NAME, Kind
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import TokenForm
from maillage.web.presentation.typography import typeset
from maillage.web.protection.forms import CHOOSE, answers, words

_PAPER: Final = "PDF, PNG ou JPEG. Les parties de cette convention le liront."


def _line(label: str, help_text: str, longest: int) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=longest, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez quelques mots.", "max_length": f"Écrivez {longest} caractères au plus."},
    )  # fmt: skip


class AskForm(TokenForm):
    """What is asked, before any of the data leave."""

    regime = forms.ChoiceField(
        label="Sous quelle convention, pour quelles données ?", error_messages=CHOOSE, help_text="Chaque réponse dit qui autorise."
    )  # fmt: skip
    kind = answers(
        "Qu’est-ce qui est prévu ?",
        [(one.value, typeset(one.label[0].upper() + one.label[1:])) for one in Kind],
    )
    body = _line(
        "Quel organisme recevrait les données ?",
        "Une société, une association, une administration : jamais une personne.",
        LONGEST_NAME,
    )
    country = _line(
        "Dans quel pays ?", "Là où les données seraient traitées. Exemple : France", LONGEST_COUNTRY
    )
    what = words("Quelles données ?", rows=3)
    purpose = words("Pour quoi faire ?", "La seule finalité de la convention.", rows=3)
    guarantees = words(
        "Avec quelles garanties ?", "Contrat de l’article 28, clauses contractuelles types, hébergement certifié…", rows=3
    )  # fmt: skip
    starts_on = DayField(
        label="À partir de quel jour ?",
        help_text="L’autorisation est préalable : aucune donnée ne part avant.",
    )
    document = forms.FileField(label="Contrat ou projet de contrat", required=False, help_text=_PAPER)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        offered: Sequence[tuple[str, str]],
        several: bool = False,
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, files, initial=initial)
        if several:
            self.fields["regime"] = forms.MultipleChoiceField(
                label="Sous quelles conventions, pour quelles données ?",
                choices=list(offered),
                widget=forms.CheckboxSelectMultiple,
                error_messages={**CHOOSE, "required": "Gardez au moins une réponse."},
                help_text="Une demande part pour chacune, avec les mêmes mots.",
            )
        else:
            self.fields["regime"].choices = [("", "Choisir"), *offered]  # type: ignore[attr-defined]

    def scopes(self) -> list[tuple[str, str]]:
        """Each convention and scope that is asked for."""
        given = self.cleaned_data["regime"]
        pairs = [one.partition(":") for one in ([given] if isinstance(given, str) else given)]
        return [(convention, regime) for convention, _, regime in pairs]


class AnswerForm(TokenForm):
    """What a party answers, in writing."""

    body = forms.ChoiceField(label="Au nom de quel organisme ?", error_messages=CHOOSE)
    answer = answers("Réponse", (("oui", "Autorisé"), ("non", "Refusé")))
    words = words(
        "Conditions, ou motif du refus",
        "Vos mots, ou le document joint, font l’écrit que la convention demande.",
        rows=3,
        required=False,
    )
    day = DayField(label="Répondu le")
    lasts = answers(
        "Si c’est autorisé, jusqu’à quand ?",
        (("day", "Jusqu’au jour écrit ci-dessous"), ("term", "Tant que la convention dure")),
        required=False,
        help_text="Dans tous les cas, l’autorisation finit avec la convention.",
    )
    until = DayField(label="Dernier jour", required=False)
    document = forms.FileField(label="Réponse écrite", required=False, help_text=_PAPER)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        bodies: Sequence[tuple[str, str]],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, files, initial=initial)
        if len(bodies) == 1:
            del self.fields["body"]
        else:
            self.fields["body"].choices = list(bodies)  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Why an authorisation no longer holds."""

    use_required_attribute = False
    words = words("Pourquoi ?", rows=3)
