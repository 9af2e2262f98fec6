"""The form that says what came of each care and of each right. Its fields are those of the case: one for each row."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms

from maillage.catalogue.facts import CARE, RENUNCIATION_REASONS
from maillage.referrals.ending.rules import CARE_ANSWERS, RIGHT_OUTCOMES, RIGHTS, answer_of
from maillage.referrals.models import PlannedAction, Renunciation, RightFollowed
from maillage.referrals.outcomes import STILL_PLANNED, Found, Noted, action_field, care_field, right_field
from maillage.referrals.own.rules import ACTION_KINDS, ENDINGS
from maillage.web.presentation.dates import long_date
from maillage.web.referrals.fields import CHOOSE
from maillage.web.referrals.working_forms import ActForm

_UNSETTLED: Final = "Pas encore d’issue"
_UNSAID: Final = "Dites ce qu’il en est de ce soin."


class OutcomesForm(ActForm):
    """What came of it so far. With `closing`, each care needs its answer."""

    name = "outcomes"

    def __init__(
        self,
        data: Any = None,
        *,
        renunciations: Iterable[Renunciation],
        rights: Iterable[RightFollowed],
        actions: Iterable[PlannedAction] = (),
        closing: bool = False,
    ) -> None:
        super().__init__(data)
        self.closing = closing
        self.renunciations = tuple(renunciations)
        for row in self.renunciations:
            self.fields[care_field(row.id)] = _select(
                f"Soin : {care_words(row)}", CARE_ANSWERS, _UNSETTLED, answer_of(row.outcome, row.why)
            )
        self.fields["found_care"] = _select(
            "Un autre soin auquel elle renonce, que vous avez repéré", CARE, "Aucun", optional=True
        )
        self.fields["found_reason"] = _select(
            "Pourquoi y renonce-t-elle ?", RENUNCIATION_REASONS, "Choisir", optional=True
        )
        self.fields["found_answer"] = _select(
            "Ce qu’il en est de cet autre soin", CARE_ANSWERS, _UNSETTLED, optional=True
        )
        known = {row.right: row.outcome for row in rights}
        for right, label in RIGHTS.items():
            blank = None if right in known else "Pas en cause"
            self.fields[right_field(right)] = _select(
                f"Droit : {label}", RIGHT_OUTCOMES, blank, known.get(right, "")
            )

        self.actions = tuple(actions)
        for action in self.actions:
            self.fields[action_field(action.id)] = _select(
                f"Action prévue : {action_words(action)}", ENDINGS, "Encore prévue"
            )

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        care, reason, answer = (values.get(name) for name in ("found_care", "found_reason", "found_answer"))
        if (reason or answer) and care == "":
            self.add_error("found_care", "Dites de quel soin il s’agit, ou laissez tout vide.")
        if care and reason == "":
            self.add_error("found_reason", "Dites pourquoi elle y renonce.")
        if self.closing and care and answer == "":
            self.add_error("found_answer", _UNSAID)
        for row in self.renunciations if self.closing else ():
            if values.get(care_field(row.id)) == "":
                self.add_error(care_field(row.id), _UNSAID)
        for action in self.actions if self.closing else ():
            if values.get(action_field(action.id)) == "":
                self.add_error(action_field(action.id), STILL_PLANNED)
        return values

    def noted(self) -> Noted:
        """What it says."""
        values: Mapping[str, str] = self.cleaned_data
        found = Found(values["found_care"], values["found_reason"], values["found_answer"])
        rights = {right: values[right_field(right)] for right in RIGHTS}
        return Noted(
            # A care that a colleague added since the form was shown is not in it: it keeps what was said of it.
            care={
                row.id: values[care_field(row.id)]
                for row in self.renunciations
                if care_field(row.id) in self.data
            },
            rights={right: outcome for right, outcome in rights.items() if outcome},
            found=(found,) if found.care else (),
            actions={action.id: values[action_field(action.id)] for action in self.actions},
        )


def care_words(row: Renunciation) -> str:
    """A renunciation in a few words."""
    care, reason = CARE.get(row.care, row.care), RENUNCIATION_REASONS.get(row.reason, row.reason)
    return f"{care.lower()} ({reason.lower()})"


def action_words(row: PlannedAction) -> str:
    """An action of the plan in a few words, without those that are sealed."""
    kind = ACTION_KINDS.get(row.kind, row.kind)
    return f"{kind[0].lower()}{kind[1:]}, pour le {long_date(row.due_on)}"


def _select(
    label: str, choices: Mapping[str, str], blank: str | None, value: str = "", *, optional: bool = False
) -> forms.ChoiceField:
    """A list; `blank` says what no answer means. Without `optional` its label does not call it so: closing may need it."""
    field = forms.ChoiceField(
        label=label,
        choices=[*([] if blank is None else [("", blank)]), *choices.items()],
        required=blank is None,
        initial=value,
        error_messages=CHOOSE,
    )
    field.need = not optional  # type: ignore[attr-defined]  # read by components/field.html
    return field
