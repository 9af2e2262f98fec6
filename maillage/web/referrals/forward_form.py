"""The form by which a caisse forwards a case: to which service, what it must know, what its text asks, what the person was told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from maillage.beneficiaries.rules import MEANS, Told, told_problems
from maillage.organisations.kinds import with_article
from maillage.referrals.content import Content, Precisions, precisions_problems
from maillage.referrals.forwarding.sequels import Sequel
from maillage.referrals.leaving import needs_agreement
from maillage.referrals.routing.router import Question
from maillage.referrals.rules import NARRATIVE_LONGEST
from maillage.web.presentation.forms import FrenchDateField, ParagraphsField
from maillage.web.presentation.numbers import number
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.agreeing import AgreementFields
from maillage.web.referrals.fields import CHOOSE
from maillage.web.referrals.precisions import contradictions, field_of, given_precisions
from maillage.web.referrals.working_forms import OnceForm

_TOO_LONG = f"Écrivez {number(NARRATIVE_LONGEST)} caractères au plus : l’essentiel suffit."


class ForwardForm(AgreementFields, OnceForm):
    """One page: what is known already is not asked again, but the person is told again, for the recipient is another."""

    name = "forward"
    authorisation = forms.ChoiceField(
        label="À quel service ?", widget=forms.RadioSelect, error_messages=CHOOSE
    )
    narrative = ParagraphsField(
        label="Sa situation, en quelques phrases",
        help_text="Reprise de l’orientation : gardez ce dont ce service a besoin, ajoutez ce que vous avez appris. "
        f"{number(NARRATIVE_LONGEST)} caractères au plus.",
        required=False,
        max_length=NARRATIVE_LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        error_messages={"max_length": _TOO_LONG},
    )
    given_on = FrenchDateField(label="Quand l’avez-vous informée de cette transmission ?")
    means = forms.ChoiceField(
        label="Comment ?", choices=list(MEANS.items()), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    recipient_named = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, content: Content, sequels: Sequence[Sequel], on: date) -> None:
        situation = content.situation
        initial: dict[str, object] = {"narrative": situation.narrative if situation else "", "given_on": on}
        if len(sequels) == 1:
            initial["authorisation"] = str(sequels[0].id)
        super().__init__(data, initial=initial)
        self._content, self._on = content, on
        field = self.fields["authorisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [
            (str(one.id), typeset(f"{one.opened.name} ({one.opened.recipient_name})")) for one in sequels
        ]
        names = {with_article(one.opened.recipient_name, one.opened.recipient_kind) for one in sequels}
        self.fields[
            "recipient_named"
        ].label = f"Elle sait que ses données sont envoyées à {' ou '.join(sorted(names))}"
        self._questions = _asked(content, sequels, on)
        self.fields |= {one.id: field_of(one) for one in self._questions}
        self._needing = {str(one.id) for one in sequels if needs_agreement(one.route(content, on=on))}
        self.ask_agreement(needed=bool(sequels) and len(self._needing) == len(sequels))
        self.order_fields(
            [
                *("token", "authorisation", *(one.id for one in self._questions), "narrative"),
                *("given_on", "means", "language", "notice", "recipient_named"),
            ]
        )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        told = Told(given.get("given_on", self._on), given.get("means", "oral"), given["recipient_named"])
        needed = given.get("authorisation") in self._needing
        person = self._content.person
        problems = contradictions(given)
        problems |= told_problems(told, on=self._on, birth_date=person.birth_date if person else None)
        problems |= self.agreement_faults(needed=needed)
        if not self.errors and not problems:
            problems = precisions_problems(given_precisions(self._questions, given), on=self._on)
        for name, message in problems.items():
            if name not in self.errors:
                self.add_error(name, message)
        return given

    @property
    def asking(self) -> str | None:
        """The field at which what is missing is said, where one alone asks it; None for the whole form."""
        return self._questions[0].id if len(self._questions) == 1 else None

    def content(self) -> Content:
        """The situation as this form completes it; after `is_valid`."""
        given, before = self.cleaned_data, self._content.precisions
        more = given_precisions(self._questions, given)
        situation = self._content.situation
        return replace(
            self._content,
            authorisation=UUID(given["authorisation"]),
            situation=replace(situation, narrative=given["narrative"]) if situation else None,
            precisions=Precisions({**before.facts, **more.facts}, more.answers),
            told=Told(
                given["given_on"],
                given["means"],
                given["recipient_named"],
                given["language"],
                given["notice"],
            ),
            agreement=self.agreement(),
        )


def _asked(content: Content, sequels: Sequence[Sequel], on: date) -> list[Question]:
    """What these services still ask, each thing once; the motives and her age are known."""
    found: Mapping[str, Question] = {
        one.id: one for sequel in sequels for one in sequel.questions(content, on=on)
    }
    return list(found.values())
