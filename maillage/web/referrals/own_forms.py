"""The forms of the caisse's own file: its assessment, an action to plan, how an action ended."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms

from maillage.core.identifiers import uuid7
from maillage.referrals.own.rules import ACTION_KINDS, ACTION_LONGEST, ENDINGS, HEADING_LONGEST, HEADINGS
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import ParagraphsField
from maillage.web.presentation.numbers import number
from maillage.web.referrals.fields import CHOOSE
from maillage.web.referrals.working_forms import ActForm


class OwnForm(ActForm):
    """A form of the own file: drawn in its own part of the page."""


def _heading(heading: str) -> ParagraphsField:
    return ParagraphsField(
        label=HEADINGS[heading],
        required=False,
        max_length=HEADING_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"max_length": f"Écrivez {number(HEADING_LONGEST)} caractères au plus."},
    )


class AssessmentForm(OwnForm):
    """The assessment of rights and needs, heading by heading; `after` is the version from which it was written."""

    name = "assessment"
    after = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=32_767,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "Rechargez la page."),
    )
    rights = _heading("rights")
    needs = _heading("needs")
    obstacles = _heading("obstacles")

    def texts(self) -> dict[str, str]:
        """What it says, by heading."""
        return {heading: self.cleaned_data[heading] for heading in HEADINGS}


class PlanForm(OwnForm):
    """An action to plan; the form carries the id of the row that it makes."""

    name = "plan"
    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Rechargez la page."})
    kind = forms.ChoiceField(
        label="Quelle action ?", choices=list(ACTION_KINDS.items()), error_messages=CHOOSE
    )
    due_on = DayField(label="Pour quel jour ?", help_text="Elle vient ce jour-là dans votre « À faire ».")
    words = forms.CharField(
        label="Précisions",
        required=False,
        max_length=ACTION_LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": f"Écrivez {ACTION_LONGEST} caractères au plus."},
    )

    def __init__(self, data: Any = None, *, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial={"token": uuid7(), **(initial or {})})


class EndForm(OwnForm):
    """How an action of the plan ended."""

    name = "end"
    ending = forms.ChoiceField(
        label="Qu’en est-il ?", choices=list(ENDINGS.items()), widget=forms.RadioSelect, error_messages=CHOOSE
    )

    @classmethod
    def of(cls, action: UUID, data: Any = None) -> "EndForm":
        """The form of one action: several stand on the page."""
        return cls(data, auto_id=f"end_{action}_%s")
