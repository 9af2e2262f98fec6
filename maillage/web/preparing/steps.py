"""The forms of the steps of a file, but its pieces. What they accept is what the rules accept: each message stands at its field."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.beneficiaries.agreement import ALL_STEPS
from maillage.beneficiaries.rules import MEANS, Identity, Told, identity_problems, told_problems
from maillage.core.identifiers import compact_number
from maillage.rights.content import LINKS, MOST_RELATIVES, Content, Relative, relatives_problems
from maillage.rights.declared.rights import Right, question
from maillage.web.preparing.openings import Opening, promise_words, proofs_of
from maillage.web.preparing.stage import Stage
from maillage.web.presentation.amounts import EurosField
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import FrenchDateField
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.agreeing import AgreementFields, stored_agreement
from maillage.web.referrals.fields import CHOOSE, private_text
from maillage.web.referrals.steps import PersonForm as ReferralPersonForm

ESTIMATED: Final = ("ame", "c2s")
"""The rights whose ceilings are known."""
_YES, _NO = "yes", "no"
_ANSWERS: Final = {_YES: "Oui", _NO: "Non", "": "Je ne sais pas encore"}


class StepForm(forms.Form):
    """One step: its answers, as `Content.accepting` takes them.

    `shown`: answers to show as they were typed, without judging them yet.
    """

    def __init__(
        self, data: Any = None, files: Any = None, *, stage: Stage, shown: Mapping[str, Any] | None = None
    ) -> None:
        self.stage = stage
        super().__init__(data, files, initial=dict(self.stored(stage.content) if shown is None else shown))

    def stored(self, content: Content) -> dict[str, object]:
        """What the file already holds, to show it again."""
        raise NotImplementedError

    def answers(self) -> dict[str, object]:
        """The accepted answers."""
        raise NotImplementedError

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put each message at its field, unless the field already has one."""
        for field, message in problems.items():
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, typeset(message))

    def choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Give a field its choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so
        field.choices = choices


class RightForm(StepForm):
    """Under which convention, which right; urgent or not, and by what that is shown."""

    authorisation = forms.ChoiceField(
        label="À quelle caisse, selon quelle convention ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une convention.",
            "invalid_choice": "Cette convention n’est pas, ou n’est plus, ouverte : choisissez-en une autre.",
        },
    )
    right = forms.ChoiceField(
        label="Quel droit demande-t-elle ?",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez un droit."),
    )
    urgent = forms.BooleanField(label="C’est urgent", required=False)
    proof = forms.ChoiceField(
        label="Par quoi l’urgence est-elle montrée ?",
        help_text="Si c’est urgent. Une seule preuve suffit ; ajoutez-la aux pièces.",
        required=False,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )

    def __init__(self, data: Any = None, files: Any = None, *, stage: Stage, **options: Any) -> None:
        super().__init__(data, files, stage=stage, **options)
        openings = stage.openings
        self.choose("authorisation", [(str(one.row.id), opening_label(one)) for one in openings])
        known = {right.key: right for one in openings for right in one.rights}
        self.choose("right", [(key, _right_label(right, openings)) for key, right in known.items()])
        if len(openings) == 1:
            self.initial["authorisation"] = str(openings[0].row.id)
        proofs = proofs_of(openings)
        if proofs:
            self.fields["proof"].need = True  # type: ignore[attr-defined]  # not optional once it is urgent
            self.choose("proof", [(key, _proof_label(*words)) for key, words in proofs.items()])
        else:
            del self.fields["urgent"], self.fields["proof"]

    def stored(self, content: Content) -> dict[str, object]:
        return {
            "authorisation": str(content.authorisation or ""),
            "right": content.right,
            "urgent": content.urgent,
            "proof": content.proof,
        }

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        wanted, right = values.get("authorisation"), values.get("right", "")
        opening = next((one for one in self.stage.openings if str(one.row.id) == wanted), None)
        if opening is None or not right:
            return values
        if right not in {one.key for one in opening.rights}:
            self.refuse({"right": "Cette convention ne porte pas les demandes de ce droit."})
        elif values.get("urgent"):
            self._judge_urgency(opening, right)
        return values

    def _judge_urgency(self, opening: Opening, right: str) -> None:
        clock, proof = opening.urgent_clock(right), self.cleaned_data.get("proof", "")
        if clock is None:
            self.refuse(
                {"urgent": "La convention ne dit rien de l’urgence pour ce droit : décochez cette case."}
            )
        elif not proof:
            self.refuse({"proof": "Dites par quoi l’urgence est montrée."})
        elif proof not in {one.key for one in clock.proofs}:
            self.refuse({"proof": "La convention n’admet pas cette preuve pour ce droit."})

    def answers(self) -> dict[str, object]:
        values = self.cleaned_data
        urgent = bool(values.get("urgent"))
        return {
            "authorisation": UUID(values["authorisation"]),
            "right": values["right"],
            "urgent": urgent,
            "proof": values.get("proof", "") if urgent else "",
        }


def opening_label(one: Opening) -> SafeString:
    """A convention that is open, as a choice: its caisse, its article, its title."""
    return format_html(
        '<strong>{}</strong><br><span class="small soft">Article {} de la convention « {} ».</span>',
        one.row.recipient.name, one.row.article, one.title,
    )  # fmt: skip


def _right_label(right: Right, openings: list[Opening]) -> SafeString:
    """Its name, who may apply, its form; and what each convention promises, named where there are several."""
    several, unsure = len(openings) > 1, " (à vérifier)" if right.form.unverified else ""
    lines = [typeset(f"Formulaire : {right.form.name}, « {right.form.label} »{unsure}.")]
    for one in openings:
        if right in one.rights:
            words = promise_words(one.promise(right.key))
            lines.append(typeset(f"« {one.title} » : {words}") if several else words)
    return format_html(
        "<strong>{}</strong><br><span>{}</span>{}", typeset(right.label), typeset(right.who),
        format_html_join("", '<br><span class="small soft">{}</span>', ((line,) for line in lines)),
    )  # fmt: skip


def _proof_label(label: str, articles: str) -> SafeString:
    return format_html('{} <span class="small soft">({})</span>', typeset(label), articles)


class QuestionsForm(StepForm):
    """What the check-list asks, who is in the household, its resources: the last for the estimate alone."""

    def __init__(
        self, data: Any = None, files: Any = None, *, stage: Stage, shown: Mapping[str, Any] | None = None, more: int = 0
    ) -> None:  # fmt: skip
        """`more`: how many lines of the household to add to those that were typed."""
        super().__init__(data, files, stage=stage, shown=shown)
        declared = stage.content.declared
        self.asked = declared.questions if declared else ()
        for key in self.asked:
            self.fields[_named(key)] = forms.ChoiceField(
                label=typeset(question(key)), choices=list(_ANSWERS.items()), required=False, widget=forms.RadioSelect,
                error_messages=CHOOSE,
            )  # fmt: skip
            self.fields[_named(key)].need = True  # type: ignore[attr-defined]  # nothing is optional of a question
        self.lines = 0
        if declared and declared.household:
            self._add_lines(more)
        if declared and declared.key in ESTIMATED:
            self.fields["amount"] = EurosField(
                label="Ressources du foyer ces douze derniers mois" if declared.household
                else "Ses ressources ces douze derniers mois",
                help_text="En euros, comme 1 234,50. Pour l’estimation seulement : ce montant reste chez vous.",
                required=False,
            )  # fmt: skip

    def _add_lines(self, more: int) -> None:
        given = self.data if self.is_bound else self.initial
        shown = [index for index in range(MOST_RELATIVES) if f"surname_{index}" in given]
        self.lines = min(max(shown, default=-1) + 1 + more, MOST_RELATIVES)
        for index in range(self.lines):
            number = index + 1
            self.fields |= {
                f"link_{index}": forms.ChoiceField(
                    label=f"Personne {number} : qui est-elle ?",
                    choices=[("", "Choisir"), *((key, LINKS[key]) for key in self._links)],
                    required=False,
                    error_messages=CHOOSE,
                ),
                f"surname_{index}": private_text(f"Nom de la personne {number}", 100),
                f"given_name_{index}": private_text(f"Prénom de la personne {number}", 100),
                f"birth_date_{index}": DayField(label=f"Naissance de la personne {number}", required=False),
            }  # fmt: skip
        if more:
            self.fields[f"link_{self.lines - 1}"].widget.attrs["autofocus"] = True

    @property
    def _links(self) -> tuple[str, ...]:
        declared = self.stage.content.declared
        return declared.household.who if declared and declared.household else ()

    @property
    def may_add(self) -> bool:
        """Whether the household may have one line more."""
        declared = self.stage.content.declared
        return bool(declared and declared.household) and self.lines < MOST_RELATIVES

    @property
    def questions(self) -> list[forms.BoundField]:
        """The questions of the right."""
        return [self[_named(key)] for key in self.asked]

    @property
    def household(self) -> list[list[forms.BoundField]]:
        """The lines of the household."""
        names = ("link", "surname", "given_name", "birth_date")
        return [[self[f"{name}_{index}"] for name in names] for index in range(self.lines)]

    def stored(self, content: Content) -> dict[str, object]:
        found: dict[str, object] = {
            _named(key): _YES if said else _NO for key, said in content.answers.items()
        }
        for index, one in enumerate(content.household):
            found |= {
                f"link_{index}": one.link,
                f"surname_{index}": one.surname,
                f"given_name_{index}": one.given_name,
                f"birth_date_{index}": one.birth_date,
            }
        return {**found, "amount": content.resources}

    def _filled(self) -> list[int]:
        """The lines where something was typed; the others count for nothing."""
        names = ("link", "surname", "given_name", "birth_date")
        given = self.data if self.is_bound else self.initial
        return [
            index
            for index in range(self.lines)
            if any(str(given.get(f"{name}_{index}") or "").strip() for name in names)
        ]

    def _relative(self, index: int) -> Relative:
        values = self.cleaned_data
        return Relative(
            values.get(f"surname_{index}", "?"),
            values.get(f"given_name_{index}", "?"),
            values.get(f"birth_date_{index}") or self.stage.today,
            values.get(f"link_{index}", next(iter(LINKS))),
        )

    def clean(self) -> dict[str, Any]:
        filled, values = self._filled(), self.cleaned_data
        found = relatives_problems(
            [self._relative(index) for index in filled],
            on=self.stage.today,
            links=self._links or tuple(LINKS),
        )
        for field, message in found.items():
            name, _, line = field.rpartition("_")
            self.refuse({f"{name}_{filled[int(line)]}": message})
        for index in filled:
            if values.get(f"birth_date_{index}", self) is None:
                self.refuse({f"birth_date_{index}": "Écrivez sa date de naissance, comme 14/11/2024."})
        return values

    def answers(self) -> dict[str, object]:
        values, kept = self.cleaned_data, dict(self.stage.content.answers)
        for key in self.asked:
            kept.pop(key, None)
            if values[_named(key)]:
                kept[key] = values[_named(key)] == _YES
        found: dict[str, object] = {"answers": kept}
        if "amount" in self.fields:
            found["resources"] = values["amount"]
        declared = self.stage.content.declared
        if declared and declared.household:
            found["household"] = tuple(self._relative(index) for index in self._filled())
        return found


def _named(key: str) -> str:
    """The field of a question: its key may be that of something else of the form."""
    return f"q_{key}"


class PersonForm(StepForm):
    """Who she is, and how to reach her safely: what a referral asks."""

    def __init__(self, data: Any = None, files: Any = None, *, stage: Stage, **options: Any) -> None:
        super().__init__(data, files, stage=stage, **options)
        self.fields |= deepcopy(ReferralPersonForm.base_fields)

    def stored(self, content: Content) -> dict[str, object]:
        person = content.person
        return {name: getattr(person, name) for name in ReferralPersonForm.base_fields} if person else {}

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        # Names and dates that failed already have their message; the others are judged all the same.
        probe = Identity(**{"surname": "?", "given_name": "?", "birth_date": self.stage.today, **values})
        problems = identity_problems(probe, on=self.stage.today)
        if "birth_date" not in values:
            problems.pop("birth_date", None)
        self.refuse(problems)
        return values

    def answers(self) -> dict[str, object]:
        values = self.cleaned_data
        return {"person": Identity(**{**values, "nir": compact_number(values["nir"])})}


class InformationForm(AgreementFields, StepForm):
    """What she was told before her data leave, and what she answered. All that follows returns to whoever sends the file."""

    given_on = FrenchDateField(label="Quand l’avez-vous informée ?")
    means = forms.ChoiceField(
        label="Comment ?", choices=list(MEANS.items()), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    recipient_named = forms.BooleanField(required=False)
    field_order = ("given_on", "means", "language", "notice", "recipient_named")

    def __init__(self, data: Any = None, files: Any = None, *, stage: Stage, **options: Any) -> None:
        super().__init__(data, files, stage=stage, **options)
        del self.fields["progress"]
        self.fields[
            "recipient_named"
        ].label = f"Elle sait que son dossier est envoyé à {stage.recipient_name}"
        self.ask_agreement(needed=False)

    def stored(self, content: Content) -> dict[str, object]:
        told, answered = content.told, stored_agreement(content.agreement, content.told)
        if told is None:
            return {"given_on": self.stage.today, **answered}
        said = {name: getattr(told, name) for name in ("given_on", "means", "recipient_named")}
        return {**said, **answered}

    def clean(self) -> dict[str, Any]:
        values, person = self.cleaned_data, self.stage.content.person
        values["progress"] = ALL_STEPS
        probe = Told(
            values.get("given_on", self.stage.today), values.get("means", "oral"), values["recipient_named"]
        )
        birth_date = person.birth_date if person else None
        self.refuse(told_problems(probe, on=self.stage.today, birth_date=birth_date))
        self.refuse(self.agreement_faults(needed=False))
        return values

    def answers(self) -> dict[str, object]:
        told = {name: self.cleaned_data[name] for name in _TOLD}
        return {"told": Told(**told), "agreement": self.agreement()}


_TOLD: Final = ("given_on", "means", "recipient_named", "language", "notice")
