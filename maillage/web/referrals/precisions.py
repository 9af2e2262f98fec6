"""The form of the precisions: a field for each thing that may still decide a route, from the catalogue's or the text's words."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django import forms

from maillage.catalogue.facts import FACTS, Fact, Kind
from maillage.conventions.terms.criteria import Value
from maillage.referrals.content import Content, Precisions, precisions_problems
from maillage.referrals.routing.router import Question
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
            self.fields[question.id] = field_of(question)

    def stored(self, content: Content) -> dict[str, object]:
        precisions = content.precisions
        found = {key: _shown(FACTS[key], value) for key, value in precisions.facts.items()}
        return found | {key: _yes(value) for key, value in precisions.answers.items()}

    def clean(self) -> dict[str, Any]:
        self.refuse(contradictions(self.cleaned_data))
        if not self.errors:
            given = given_precisions(self.stage.questions, self.cleaned_data)
            self.refuse(precisions_problems(given, on=self.stage.today))
        return self.cleaned_data

    def answers(self) -> dict[str, object]:
        return {"precisions": given_precisions(self.stage.questions, self.cleaned_data)}


def field_of(question: Question) -> forms.Field:
    """The field that asks something: a fact of the catalogue, or a line of a text."""
    fact = question.fact
    return _FIELDS[fact.kind](fact) if fact else _radio(question.text, _YES_NO)


def contradictions(given: Mapping[str, Any]) -> dict[str, str]:
    """Answers that contradict themselves, by field."""
    return {
        name: "Ces réponses se contredisent : cochez « Rien de tout cela », ou le reste."
        for name, values in given.items()
        if isinstance(values, list) and _NONE in values and len(values) > 1
    }


def given_precisions(questions: Iterable[Question], given: Mapping[str, Any]) -> Precisions:
    """What was answered, read from the clean values of the fields; what was not stays unknown."""
    facts: dict[str, Value] = {}
    answers: dict[str, bool] = {}
    for question in questions:
        value = given.get(question.id)
        if value in (None, "", []):
            continue
        if question.fact is None:
            answers[question.id] = value == "yes"
        else:
            facts[question.id] = _read(question.fact, value)
    return Precisions(facts, answers)


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
