"""The forms by which a referent is called on, and answers."""

from collections.abc import Sequence
from typing import Final

from django import forms

from maillage.conventions.solicitations.actions import ProgressQuestion
from maillage.conventions.solicitations.rules import LONGEST, MEANS
from maillage.web.conventions.writing.forms import CHOOSE
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import ParagraphsField

NOBODY: Final = "Ne parlez d’aucune personne : ni nom, ni numéro, ni situation que l’on reconnaîtrait. Ce texte n’est pas chiffré."
_WORDS: Final = {"required": "Écrivez quelques mots.", "max_length": f"Écrivez {LONGEST} caractères au plus."}


def _text(label: str, help_text: str) -> ParagraphsField:
    return ParagraphsField(
        label=label, help_text=help_text, max_length=LONGEST, error_messages=_WORDS,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )  # fmt: skip


class QuestionForm(forms.Form):
    """Whom, what for, and the question: about nobody."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput)
    party = forms.ChoiceField(label="À qui", widget=forms.RadioSelect, error_messages=CHOOSE)
    way = forms.ChoiceField(label="Ce que vous demandez", widget=forms.RadioSelect, error_messages=CHOOSE)
    text = _text("Votre question", NOBODY)

    def __init__(
        self,
        data: object = None,
        *,
        parties: Sequence[tuple[str, str]],
        ways: Sequence[tuple[str, str]],
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # a QueryDict, as Django gives it
        for name, choices in (("party", parties), ("way", ways)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = list(choices)


class ProgressForm(forms.Form):
    """Where a case stands, with the person's agreement."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput)
    text = _text(
        "Votre question",
        "Elle est chiffrée avec le dossier, et s’ouvre à ceux qui le suivent, chez vous et en face.",
    )
    agreed_on = DayField(label="Accord de la personne donné le")
    agreement_means = forms.ChoiceField(
        label="Accord donné", choices=list(MEANS.items()), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    agreement_by = forms.CharField(
        label="Recueilli par", max_length=200, help_text="Une fonction : « Assistante sociale du CCAS ».",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Dites la fonction de qui a recueilli l’accord.", "max_length": "Écrivez 200 caractères au plus."},
    )  # fmt: skip

    def question(self) -> ProgressQuestion:
        """The question, as the action takes it."""
        values = dict(self.cleaned_data)
        return ProgressQuestion(question_id=values.pop("token"), **values)


class AnswerForm(forms.Form):
    """An answer."""

    use_required_attribute = False
    text = _text("Votre réponse", NOBODY)

    def __init__(self, data: object = None, *, is_personal: bool = False) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict, as Django gives it
        if is_personal:
            self.fields[
                "text"
            ].help_text = "Elle est chiffrée avec le dossier : ceux qui le suivent la lisent."
