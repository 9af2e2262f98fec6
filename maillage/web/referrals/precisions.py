"""The form of the precisions: a field for each thing that may still decide a route, from the catalogue's or the text's words."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms

from maillage.catalogue.facts import FACTS, Fact, Kind
from maillage.conventions.terms.criteria import Value
from maillage.referrals.content import Content, Precisions, precisions_problems
from maillage.web.presentation.forms import FrenchDateField
from maillage.web.referrals.fields import CHOOSE
from maillage.web.referrals.stage import Stage
from maillage.web.referrals.steps import StepForm

_NONE: Final = "none"
_UNKNOWN: Final = ("", "Je ne sais pas")
_YES_NO: Final = (("yes", "Oui"), ("no", "Non"), _UNKNOWN)


class PrecisionsForm(StepForm):
    """Nothing is compulsory: an answer that is missing keeps closed the routes that need it, and no other."""

    def __init__(
        self, data: Any = None, *, stage: Stage, shown: Mapping[str, Any] | None = None, **options: Any
    ) -> None:
        super().__init__(data, stage=stage, shown=shown, **options)
        for question in stage.questions:
            fact = question.fact
            self.fields[question.id] = _FIELDS[fact.kind](fact) if fact else _radio(question.text, _YES_NO)

    def stored(self, content: Content) -> dict[str, object]:
        precisions = content.precisions
        found = {key: _shown(FACTS[key], value) for key, value in precisions.facts.items()}
        return found | {key: _yes(value) for key, value in precisions.answers.items()}

    def _precisions(self) -> Precisions:
        facts: dict[str, Value] = {}
        answers: dict[str, bool] = {}
        for question in self.stage.questions:
            given = self.cleaned_data.get(question.id)
            if given in (None, "", []):
                continue
            if question.fact is None:
                answers[question.id] = given == "yes"
            else:
                facts[question.id] = _read(question.fact, given)
        return Precisions(facts, answers)

    def clean(self) -> dict[str, Any]:
        for name, given in list(self.cleaned_data.items()):
            if isinstance(given, list) and _NONE in given and len(given) > 1:
                self.add_error(
                    name, "Ces réponses se contredisent : cochez « Rien de tout cela », ou le reste."
                )
        if not self.errors:
            self.refuse(precisions_problems(self._precisions(), on=self.stage.today))
        return self.cleaned_data

    def answers(self) -> dict[str, object]:
        return {"precisions": self._precisions()}


def _read(fact: Fact, given: Any) -> Value:
    if fact.kind is Kind.YES_NO:
        return bool(given == "yes")
    if fact.kind is Kind.SEVERAL:
        return frozenset(given) - {_NONE}
    return given  # type: ignore[no-any-return]  # a number, a day or a choice: what its field gives


def _shown(fact: Fact, value: Any) -> object:
    if fact.kind is Kind.YES_NO:
        return _yes(value)
    if fact.kind is Kind.SEVERAL:
        return sorted(value) or [_NONE]
    return value


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _radio(label: str, choices: Any) -> forms.ChoiceField:
    """One choice among several; not to know is one of them, so nothing is called optional."""
    field = forms.ChoiceField(
        label=label, choices=choices, required=False, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    field.need = True  # type: ignore[attr-defined]  # read by the component of a field
    return field


def _boxes(fact: Fact) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=fact.question,
        help_text="Cochez tout ce qui convient ; rien, si vous ne savez pas.",
        choices=[*fact.choices, (_NONE, "Rien de tout cela")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )


def _number(fact: Fact) -> forms.IntegerField:
    refused = f"Écrivez un nombre entre 0 et {fact.most}."
    return forms.IntegerField(
        label=fact.question,
        min_value=0,
        max_value=fact.most,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short-input"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), refused),
    )


_FIELDS: Final[Mapping[Kind, Callable[[Fact], forms.Field]]] = {
    Kind.YES_NO: lambda fact: _radio(fact.question, _YES_NO),
    Kind.CHOICE: lambda fact: _radio(fact.question, [*fact.choices, _UNKNOWN]),
    Kind.SEVERAL: _boxes,
    Kind.NUMBER: _number,
    Kind.DAY: lambda fact: FrenchDateField(label=fact.question, required=False),
}
