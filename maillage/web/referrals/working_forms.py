"""The forms by which both sides work a referral. Each has ids of its own: several stand on the page of a case."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from maillage.beneficiaries.agreement import PROGRESS, SPOKEN
from maillage.core.identifiers import uuid7
from maillage.referrals.rules import (
    CANCEL_REASONS,
    PAUSE_REASONS,
    REDIRECT_REASONS,
    REFUSAL_REASONS,
    WAYS,
    WITHDRAWAL_REASONS,
    WORDS_LONGEST,
)
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import ParagraphsField
from maillage.web.presentation.numbers import number

_CHOOSE = {"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une réponse de la liste."}
_REASON = dict.fromkeys(("required", "invalid_choice"), "Choisissez une raison dans la liste.")


def _words(label: str, help_text: str = "", *, rows: int = 4, **options: Any) -> ParagraphsField:
    """A text for the other side, that the browser does not propose again."""
    return ParagraphsField(
        label=label,
        help_text=help_text,
        max_length=WORDS_LONGEST,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        error_messages={
            "required": "Écrivez quelques mots.",
            "max_length": f"Écrivez {number(WORDS_LONGEST)} caractères au plus.",
        },
        **options,
    )


def _reasons(reasons: Mapping[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Pourquoi ?", choices=list(reasons.items()), widget=forms.RadioSelect, error_messages=_REASON
    )


class ActForm(forms.Form):
    """An act on the page of a case: `name` makes its ids."""

    name = ""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, auto_id=options.pop("auto_id", f"{self.name}_%s"), **options)


class OnceForm(ActForm):
    """An act that may be done again on purpose, never by a second click: the form carries the id of the row that it makes."""

    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Rechargez la page."})

    def __init__(self, data: Any = None, *, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial={"token": uuid7(), **(initial or {})})


class ContactForm(OnceForm):
    """One try to reach the person."""

    name = "contact"
    day = DayField(label="Quel jour ?")
    way = forms.ChoiceField(
        label="Comment ?", choices=list(WAYS.items()), widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    reached = forms.ChoiceField(
        label="L’avez-vous jointe ?",
        choices=[("yes", "Oui"), ("no", "Non")],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )

    @classmethod
    def on(cls, day: date, *, calls: bool = True) -> "ContactForm":
        """The form as it is first shown: today, by telephone unless she asked not to be called."""
        return cls(initial={"day": day, "way": "call" if calls else None})


class RefuseForm(ActForm):
    """Why the caisse does not take the person on."""

    name = "refuse"
    reason = _reasons(REFUSAL_REASONS)
    words = _words(
        "Ce que l’organisme qui a orienté doit savoir",
        "Nécessaire pour une autre raison. Dites où la personne peut s’adresser, si vous le savez.",
        required=False,
    )


class RedirectForm(ActForm):
    """Under which other way of the convention the demand falls, and why."""

    name = "redirect"
    target = forms.ChoiceField(label="Vers quel service ?", widget=forms.RadioSelect, error_messages=_CHOOSE)
    reason = _reasons(REDIRECT_REASONS)
    words = _words(
        "Ce que l’organisme qui a orienté doit savoir",
        "Nécessaire pour une autre raison. Rien sur la santé de la personne.",
        required=False,
    )

    def __init__(self, data: Any = None, *, targets: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list(targets)


class PauseForm(ActForm):
    """Why the caisse waits, and until when."""

    name = "pause"
    reason = _reasons(PAUSE_REASONS)
    look_again_on = DayField(
        label="Quel jour la revoir ?",
        help_text="Elle revient alors dans « À faire ». Jour, mois, année : 14/11/2024",
    )


class AskForm(OnceForm):
    """What the caisse asks of the sender."""

    name = "ask"
    question = _words(
        "Votre question", "Demandez tout en une fois, et seulement ce qui manque pour aider la personne."
    )


class AnswerForm(ActForm):
    """What the sender answers."""

    name = "answer"
    answer = _words("Votre réponse", "L’essentiel, sans diagnostic ni détail inutile.")


class ChoiceForm(ActForm):
    """What the person now lets the sender know: which choice, how she said it, on which day."""

    name = "choose_progress"
    progress = forms.ChoiceField(
        label="Que pourra savoir l’organisme qui l’oriente ?",
        choices=list(PROGRESS.items()),
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    how = forms.ChoiceField(
        label="Comment l’a-t-elle dit ?",
        choices=list(SPOKEN.items()),
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    said_on = DayField(label="Quel jour ?")


class WithdrawForm(ActForm):
    """Why the sender stops it."""

    name = "withdraw"
    reason = _reasons(WITHDRAWAL_REASONS)


class CancelForm(ActForm):
    """What was wrong with what the sender entered."""

    name = "cancel"
    reason = _reasons(CANCEL_REASONS)
