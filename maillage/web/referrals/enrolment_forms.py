"""The forms of PRADO: who the mother is, the visit and what it reads, the presentation, her answer, her midwife."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms

from maillage.organisations.models import Organisation
from maillage.referrals.enrolling import Begun, Corrected
from maillage.referrals.enrolment_files import Mother
from maillage.referrals.models import Enrolment
from maillage.referrals.prado.rules import ANSWERS, MIDWIFE_LONGEST, NAME_LONGEST, PHONE_LONGEST
from maillage.referrals.routing.router import Question
from maillage.web.presentation.days import DayField
from maillage.web.referrals.fields import CHOOSE, private_text
from maillage.web.referrals.precisions import field_of, given_precisions
from maillage.web.referrals.working_forms import ActForm, OnceForm

_CHOOSE_MATERNITY: Final = dict.fromkeys(
    ("required", "invalid_choice"), "Choisissez une maternité de la liste."
)


class EnrolForm(OnceForm):
    """A mother to enrol; the day of a pre-registration, when there was one."""

    name = "enrol"
    maternity = forms.ChoiceField(label="Maternité", error_messages=_CHOOSE_MATERNITY)
    surname = private_text("Nom", NAME_LONGEST, missing="Écrivez son nom.")
    given_name = private_text("Prénom", NAME_LONGEST, missing="Écrivez son prénom.")
    phone = private_text("Téléphone", PHONE_LONGEST)
    preregistered_on = DayField(
        label="Préinscrite le",
        required=False,
        help_text="Si elle s’est préinscrite pendant la grossesse ; rien, si vous la rencontrez à la maternité.",
    )

    def __init__(self, data: Any = None, *, maternities: Iterable[Organisation]) -> None:
        super().__init__(data)
        field = self.fields["maternity"]
        field.choices = [("", "Choisir"), *((str(one.pk), one.name) for one in maternities)]  # type: ignore[attr-defined]

    def begun(self, new: UUID) -> Begun:
        """What it says, under the id that the row will bear."""
        said = self.cleaned_data
        mother = Mother(said["surname"], said["given_name"], said["phone"])
        return Begun(new, UUID(said["maternity"]), mother, said["preregistered_on"])


class VisitForm(ActForm):
    """The visit: its day, and what the conditions of the text read. What is not answered stays unknown."""

    name = "visit"
    visited_on = DayField(label="Jour de la visite")

    def __init__(self, data: Any = None, *, questions: Iterable[Question], **options: Any) -> None:
        super().__init__(data, **options)
        self.questions = list(questions)
        for question in self.questions:
            self.fields[question.id] = field_of(question)

    def values(self) -> dict[str, Any]:
        """What it says, as the action takes it."""
        given = given_precisions(self.questions, self.cleaned_data)
        return {
            "visited_on": self.cleaned_data["visited_on"],
            "facts": given.facts,
            "answers": given.answers,
        }


def _home_help() -> forms.BooleanField:
    return forms.BooleanField(
        label="L’aide à domicile de la CAF lui a été proposée, et le guide remis",
        required=False,
        help_text="Compté sans rien d’elle : la CAF ne reçoit aucun nom.",
    )


class PresentForm(ActForm):
    """The presentation of the offer, and the CAF's home help proposed at the same time (S0 art. 3.1)."""

    name = "present"
    presented_on = DayField(label="Jour de la présentation")
    home_help = _home_help()

    def values(self) -> dict[str, Any]:
        """What it says, as the action takes it."""
        return dict(self.cleaned_data)


def _midwife(*, required: bool) -> forms.CharField:
    missing = "Écrivez le nom de la sage-femme, et comment la joindre."
    return private_text(
        "Sage-femme de son choix",
        MIDWIFE_LONGEST,
        "Son nom, et comment la joindre.",
        missing=missing if required else "",
    )


class AnswerForm(ActForm):
    """What she answers; her midwife, if she has named her."""

    name = "answer"
    given = forms.ChoiceField(
        label="Que répond-elle ?",
        choices=list(ANSWERS.items()),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    answered_on = DayField(label="Jour de sa réponse")
    midwife = _midwife(required=False)

    def values(self) -> dict[str, Any]:
        """What it says, as the action takes it."""
        return dict(self.cleaned_data)


class MidwifeForm(ActForm):
    """The midwife of her choice."""

    name = "midwife"
    midwife = _midwife(required=True)

    def values(self) -> dict[str, Any]:
        """What it says, as the action takes it."""
        return dict(self.cleaned_data)


class CorrectForm(ActForm):
    """What should have been noted of the presentation, of the home help and of her answer."""

    name = "correct"
    presented_on = DayField(
        label="Jour de la présentation",
        required=False,
        help_text="Rien, si l’offre ne lui a pas été présentée. Jour, mois, année : 14/11/2024",
    )
    home_help = _home_help()
    given = forms.ChoiceField(
        label="Que répond-elle ?",
        choices=[("", "Pas encore de réponse"), *ANSWERS.items()],
        required=False,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    answered_on = DayField(label="Jour de sa réponse", required=False)

    @classmethod
    def of(cls, row: Enrolment, mother: Mother) -> "CorrectForm":
        """What is noted, to be corrected."""
        noted = {"presented_on": row.presented_on, "answered_on": row.answered_on}
        return cls(initial={**noted, "given": row.reason or row.answer, "home_help": mother.home_help})

    def values(self) -> dict[str, Any]:
        """What it says, as the action takes it."""
        return {"corrected": Corrected(**self.cleaned_data)}


def shown_visit(mother: Mother, visited_on: date | None) -> Mapping[str, Any]:
    """A visit already noted, as its form shows it again."""
    facts = {
        key: ("yes" if value else "no") if isinstance(value, bool) else value
        for key, value in mother.facts.items()
    }
    answers = {key: "yes" if value else "no" for key, value in mother.answers.items()}
    return {**facts, **answers, **({"visited_on": visited_on} if visited_on else {})}
