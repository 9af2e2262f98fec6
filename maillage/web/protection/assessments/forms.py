"""The forms of impact assessments. What they accept is what the actions accept: messages stand at their fields."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from maillage.protection.assessments.rules import LONGEST, SHORT, Decision, Level, Scores, Stance
from maillage.protection.assessments.writing import Feared
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import TokenForm
from maillage.web.presentation.typography import typeset
from maillage.web.protection.forms import CHOOSE, NOBODY, answers, words

_SCALE: Final = [(str(int(one)), f"{int(one)} – {one.label}") for one in Level]


def _score(label: str, help_text: str = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("", "Choisir"), *_SCALE],
        coerce=int,
        help_text=help_text,
        error_messages=CHOOSE,
    )


class SeenForm(forms.Form):
    """A part that two may write: it carries what its writer saw."""

    use_required_attribute = False
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def show_now(self, stamp: str) -> None:
        """From now on the writer saw the newest version: sent once more, hers replaces it."""
        self.data = {**{name: self.data.get(name) for name in self.data}, "seen": stamp}


class OpenForm(TokenForm):
    """Opening a version; where the text names nobody, why one's organisation leads."""

    lead_reason = words(
        "Pourquoi votre organisme mène cette analyse",
        "Le texte ne dit pas qui la mène. Par exemple : il reçoit les demandes et décide des moyens.",
        rows=2,
        longest=SHORT,
    )

    def __init__(self, data: Any = None, *, is_named: bool) -> None:
        super().__init__(data)
        if is_named:
            del self.fields["lead_reason"]


class NecessityForm(SeenForm):
    """Why the processing is needed, and no more than needed."""

    necessity = words(
        "Nécessité et proportionnalité",
        f"Pourquoi ces données sont nécessaires à la finalité, pourquoi pas moins, comment les personnes exercent leurs droits. {NOBODY}",
        rows=10,
        longest=LONGEST,
    )


class RiskForm(SeenForm):
    """One feared event."""

    sources = words(
        "D’où peut venir ce risque", f"Erreur, malveillance, panne, perte… {NOBODY}", longest=LONGEST
    )
    impacts = words("Ce que cela ferait aux personnes", "", longest=LONGEST)
    severity = _score("Gravité avant les mesures")
    likelihood = _score("Vraisemblance avant les mesures")
    measures = words(
        "Mesures prises ou prévues", "Celles de la plateforme sont sur la page de l’analyse ; ajoutez les vôtres.", longest=LONGEST
    )  # fmt: skip
    residual_severity = _score("Gravité après les mesures")
    residual_likelihood = _score("Vraisemblance après les mesures")

    def said(self) -> Feared:
        """What was typed."""
        values = self.cleaned_data
        scores = Scores(
            values["severity"],
            values["likelihood"],
            values["residual_severity"],
            values["residual_likelihood"],
        )
        return Feared(values["sources"], values["impacts"], values["measures"], scores)


class AskForm(TokenForm):
    """Who is asked what, by when."""

    whom = answers("À qui ?", ())
    question = words("Ce que vous demandez", rows=6, longest=LONGEST)
    due_on = DayField(label="Réponse attendue le")

    def __init__(
        self, data: Any = None, *, whom: Sequence[tuple[str, str]], initial: dict[str, object]
    ) -> None:
        super().__init__(data, initial=initial)
        self.choose("whom", whom)


class AnswerForm(forms.Form):
    """An answer, with its document; an opinion has a stance."""

    use_required_attribute = False
    stance = answers("Sens de l’avis", [(one.value, typeset(one.label)) for one in Stance])
    words = words("Réponse", rows=6, longest=LONGEST)
    document = forms.FileField(label="Document (PDF, PNG ou JPEG)", required=False)

    def __init__(self, data: Any = None, files: Any = None, *, is_opinion: bool, noted: bool) -> None:
        super().__init__(data, files)
        if not is_opinion:
            del self.fields["stance"]
        if noted:
            self.fields["document"].help_text = "La réponse reçue : elle est nécessaire."


class ValidateForm(forms.Form):
    """What is decided, and when it is reviewed."""

    use_required_attribute = False
    decision = answers("Décision", [(one.value, typeset(one.label)) for one in Decision])
    review_on = DayField(label="À revoir le")
