"""The forms of a referral. What they accept is what the rules accept: each message comes from there and stands at its field."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from maillage.beneficiaries.rules import (
    MEANS,
    Identity,
    Told,
    identity_problems,
    name_to_search,
    nir_search_problem,
    told_problems,
)
from maillage.catalogue.services import SERVICES
from maillage.core.identifiers import compact_number, uuid7
from maillage.referrals.content import Content, Situation, situation_problems
from maillage.referrals.queries import View, Wanted
from maillage.referrals.routes import OpenRoute
from maillage.referrals.rules import MOTIVES, NARRATIVE_LONGEST
from maillage.referrals.states import State
from maillage.web.presentation.forms import FrenchDateField, ParagraphsField
from maillage.web.presentation.numbers import number
from maillage.web.referrals.stage import Stage

_CHOOSE = {"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une réponse de la liste."}


def _text(
    label: str, length: int, help_text: str = "", *, missing: str = "", **options: Any
) -> forms.CharField:
    """A line of text that the browser neither remembers nor proposes again."""
    attrs = {"autocomplete": "off", "spellcheck": "false", **options.pop("attrs", {})}
    return forms.CharField(
        label=label,
        max_length=length,
        help_text=help_text,
        required=bool(missing),
        widget=forms.TextInput(attrs=attrs),
        error_messages={"max_length": f"Écrivez {length} caractères au plus.", "required": missing},
        **options,
    )


class StepForm(forms.Form):
    """One step: its answers, as `Content.accepting` takes them."""

    def __init__(self, data: Any = None, *, stage: Stage, **options: Any) -> None:
        self.stage = stage
        super().__init__(data, initial=self.stored(stage.content), **options)

    def stored(self, content: Content) -> dict[str, object]:
        """What the draft already holds, to show it again."""
        raise NotImplementedError

    def answers(self) -> dict[str, object]:
        """The accepted answers."""
        raise NotImplementedError

    def refuse(self, problems: dict[str, str]) -> None:
        """Put each message at its field, unless the field already has one."""
        for field, message in problems.items():
            if field not in self.errors:
                self.add_error(field, message)


class ServiceForm(StepForm):
    """To which service: one of those open now, each with the article that allows it."""

    authorisation = forms.ChoiceField(
        label="À quel service orientez-vous la personne ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un service.",
            "invalid_choice": "Ce service n’est pas, ou n’est plus, ouvert à votre organisme : choisissez-en un autre.",
        },
    )

    def __init__(self, data: Any = None, *, stage: Stage, **options: Any) -> None:
        super().__init__(data, stage=stage, **options)
        field = self.fields["authorisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(str(route.authorisation), _route_label(route)) for route in stage.routes]
        if len(stage.routes) == 1:
            self.initial.setdefault("authorisation", str(stage.routes[0].authorisation))

    def stored(self, content: Content) -> dict[str, object]:
        return {"authorisation": str(content.authorisation)} if content.authorisation else {}

    def answers(self) -> dict[str, object]:
        return {"authorisation": UUID(self.cleaned_data["authorisation"])}


def _route_label(route: OpenRoute) -> SafeString:
    return format_html(
        "<strong>{}</strong>, {}<br><span>{}</span><br>"
        '<span class="small soft">Possible parce que l’article {} de la convention « {} » l’autorise.</span>',
        route.name,
        route.recipient_name,
        route.purpose,
        route.article,
        route.convention_title,
    )


class PersonForm(StepForm):
    """Who she is, and how to reach her safely."""

    surname = _text("Nom", 100, missing="Écrivez le nom de la personne.")
    given_name = _text("Prénom", 100, missing="Écrivez le prénom de la personne.")
    birth_date = FrenchDateField(label="Date de naissance")
    phone = _text("Téléphone", 30, attrs={"inputmode": "tel"})
    email = _text("Adresse électronique", 200, attrs={"inputmode": "email"})
    other_way = _text(
        "Autre façon de la joindre", 200, "Par exemple : par le foyer où elle loge, par un proche."
    )
    safe_time = _text(
        "Quand et comment l’appeler sans risque",
        200,
        "Moments à éviter, message à ne pas laisser, langue parlée.",
    )
    nir = _text(
        "Numéro de sécurité sociale",
        25,
        "Jamais obligatoire : la caisse retrouve la personne sans lui. 15 chiffres, clé comprise.",
        attrs={"inputmode": "text"},
    )

    def stored(self, content: Content) -> dict[str, object]:
        person = content.person
        return {name: getattr(person, name) for name in self.base_fields} if person else {}

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        # Names and dates that failed already have their message; the others are judged all the same.
        probe = Identity(**{
            "surname": "?", "given_name": "?", "birth_date": self.stage.today, **values
        })  # fmt: skip
        self.refuse(identity_problems(probe, on=self.stage.today))
        return values

    def answers(self) -> dict[str, object]:
        return {"person": Identity(**{**self.cleaned_data, "nir": compact_number(self.cleaned_data["nir"])})}


class SituationForm(StepForm):
    """Why: the motives of the texts, a short account, and whether it is urgent."""

    motives = forms.MultipleChoiceField(
        label="Qu’est-ce qui l’empêche de se soigner ou d’avoir ses droits ?",
        help_text="Cochez tout ce qui convient.",
        choices=list(MOTIVES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez au moins un motif."),
    )
    narrative = ParagraphsField(
        label="Sa situation, en quelques phrases",
        help_text="L’essentiel pour que la caisse l’aide, ni diagnostic, ni détail inutile. "
        f"{number(NARRATIVE_LONGEST)} caractères au plus.",
        required=False,
        max_length=NARRATIVE_LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        error_messages={
            "max_length": f"Écrivez {number(NARRATIVE_LONGEST)} caractères au plus : l’essentiel suffit."
        },
    )
    urgent = forms.BooleanField(label="C’est urgent : des soins proches sont compromis", required=False)

    def stored(self, content: Content) -> dict[str, object]:
        found = content.situation
        if found is None:
            return {}
        return {"motives": list(found.motives), "narrative": found.narrative, "urgent": found.urgent}

    def _situation(self) -> Situation:
        values = self.cleaned_data
        return Situation(tuple(values["motives"]), values["narrative"], values["urgent"])

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            self.refuse(situation_problems(self._situation()))
        return self.cleaned_data

    def answers(self) -> dict[str, object]:
        return {"situation": self._situation()}


class InformationForm(StepForm):
    """What she was told before her data leave."""

    given_on = FrenchDateField(label="Quand l’avez-vous informée ?")
    means = forms.ChoiceField(
        label="Comment ?", choices=list(MEANS.items()), widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    recipient_named = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, stage: Stage, **options: Any) -> None:
        super().__init__(data, stage=stage, **options)
        self.fields[
            "recipient_named"
        ].label = f"Elle sait que ses données sont envoyées à {stage.recipient_name}"

    def stored(self, content: Content) -> dict[str, object]:
        told = content.told
        if told is None:
            return {"given_on": self.stage.today}
        return {"given_on": told.given_on, "means": told.means, "recipient_named": told.recipient_named}

    def clean(self) -> dict[str, Any]:
        person = self.stage.content.person
        probe = Told(
            self.cleaned_data.get("given_on", self.stage.today),
            self.cleaned_data.get("means", "oral"),
            self.cleaned_data["recipient_named"],
        )
        birth_date = person.birth_date if person else None
        self.refuse(told_problems(probe, on=self.stage.today, birth_date=birth_date))
        return self.cleaned_data

    def answers(self) -> dict[str, object]:
        return {"told": Told(**self.cleaned_data)}


class TokenForm(forms.Form):
    """The id that a new draft gets, made when its form is shown; one that was tampered with is replaced."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def value(self) -> UUID:
        """The token, or a new one."""
        found = self.cleaned_data.get("token") if self.is_bound and self.is_valid() else None
        return found if isinstance(found, UUID) else uuid7()


class FindForm(forms.Form):
    """A person whom the organisation knows already: her number, or her name with her birth date. Sent by POST, never kept."""

    nir = _text(
        "Numéro de sécurité sociale",
        25,
        "13 chiffres, ou 15 avec la clé. Il suffit à lui seul.",
        attrs={"inputmode": "text"},
    )
    surname = _text("Nom", 100, "Accents, majuscules et traits d’union ne comptent pas.")
    birth_date = FrenchDateField(label="Date de naissance", required=False)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        problem = nir_search_problem(values.get("nir", ""))
        if problem:
            self.add_error("nir", problem)
        surname, birth_date = values.get("surname"), values.get("birth_date")
        if surname and not name_to_search(surname):
            self.add_error("surname", "Écrivez le nom en lettres.")
        elif surname and not birth_date and "birth_date" not in self.errors:
            self.add_error("birth_date", "Ajoutez la date de naissance : le nom seul ne suffit pas.")
        elif birth_date and not surname:
            self.add_error("surname", "Ajoutez le nom : la date de naissance seule ne suffit pas.")
        elif not (surname or birth_date or values.get("nir") or self.errors):
            self.add_error("nir", "Donnez le numéro de sécurité sociale, ou le nom et la date de naissance.")
        return values


class ListForm(forms.Form):
    """The filters of the list, in the address: never a person's name."""

    vue = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    service = forms.ChoiceField(label="Service", required=False)
    etat = forms.ChoiceField(label="État", required=False)
    urgentes = forms.BooleanField(label="Urgentes seulement", required=False)

    def __init__(self, data: Any, *, states: dict[State, str]) -> None:
        super().__init__(data)
        self._choose("vue", [(view.value, view.value) for view in View])
        self._choose("service", [("", "Tous"), *((key, service.name) for key, service in SERVICES.items())])
        self._choose("etat", [("", "Tous"), *((state.value, words) for state, words in states.items())])

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def wanted(self) -> Wanted:
        """What to show; a filter that is not one of the list's is as if it had not been given."""
        self.is_valid()
        values = self.cleaned_data
        state = values.get("etat", "")
        asked = values.get("vue") or (View.ALL if state else View.OPEN)
        return Wanted(View(asked), values.get("service", ""), state, bool(values.get("urgentes")))
