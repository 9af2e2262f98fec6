"""The forms of the steps of a referral. What they accept is what the rules accept: each message stands at its field."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from maillage.beneficiaries.rules import MEANS, Identity, Told, told_problems
from maillage.catalogue.facts import CARE, FACTS, RENUNCIATION_REASONS
from maillage.conventions.terms.criteria import Value
from maillage.core.identifiers import compact_number, uuid7
from maillage.referrals.content import (
    Content,
    Situation,
    person_problems,
    renunciations_from,
    situation_problems,
)
from maillage.referrals.routes import OpenRoute
from maillage.referrals.routing.situation import MOST_RENUNCIATIONS
from maillage.referrals.rules import MOTIVES, NARRATIVE_LONGEST
from maillage.web.presentation.forms import FrenchDateField, ParagraphsField
from maillage.web.presentation.numbers import number
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.agreeing import AgreementFields, stored_agreement
from maillage.web.referrals.fields import CHOOSE, private_text
from maillage.web.referrals.stage import Stage
from maillage.web.referrals.ways import met


class StepForm(forms.Form):
    """One step: its answers, as `Content.accepting` takes them.

    `shown`: answers to show as they were typed, without judging them yet.
    """

    def __init__(
        self, data: Any = None, *, stage: Stage, shown: Mapping[str, Any] | None = None, **options: Any
    ) -> None:
        self.stage = stage
        initial = self.stored(stage.content) if shown is None else shown
        super().__init__(data, initial=dict(initial), **options)

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


STATEMENTS: Final = {
    "care_compromised": "Des soins immédiats ou futurs sont compromis",
    "care_imminent": "Des soins sont imminents, et un problème de droits les menace",
    "first_level_given": "Nous avons déjà apporté une première aide : information, démarches simples",
    "request_expressed": "Elle a elle-même exprimé une demande",
}


def _ticked(fact: str) -> forms.BooleanField:
    """A fact that is true when its box is ticked, and unknown otherwise: the precisions ask it if a route needs it."""
    return forms.BooleanField(label=STATEMENTS[fact], required=False)


class SituationForm(StepForm):
    """Why: the motives of the texts, care she goes without line by line, urgency as two facts, a short account."""

    motives = forms.MultipleChoiceField(
        label="Qu’est-ce qui l’empêche de se soigner ou d’avoir ses droits ?",
        help_text="Cochez tout ce qui convient.",
        choices=list(MOTIVES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez au moins un motif."),
    )
    care_compromised = _ticked("care_compromised")
    care_imminent = _ticked("care_imminent")
    rights_to_open = forms.MultipleChoiceField(
        label="Droits à ouvrir ou à renouveler",
        choices=list(FACTS["rights_to_open"].choices),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=CHOOSE,
    )
    first_level_given = _ticked("first_level_given")
    request_expressed = _ticked("request_expressed")
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

    def __init__(
        self, data: Any = None, *, stage: Stage, shown: Mapping[str, Any] | None = None, more: int = 0
    ) -> None:
        """`more`: how many lines of care to add to those that were typed."""
        super().__init__(data, stage=stage, shown=shown)
        given = self.data if self.is_bound else self.initial
        lines = [index for index in range(MOST_RENUNCIATIONS) if f"care_{index}" in given]
        self.lines = min(max(lines, default=0) + 1 + more, MOST_RENUNCIATIONS)
        self.may_add = self.lines < MOST_RENUNCIATIONS
        for index in range(self.lines):
            self.fields[f"care_{index}"] = _listed("Soin", index, CARE)
            self.fields[f"reason_{index}"] = _listed("Raison", index, RENUNCIATION_REASONS)
        if more:
            self.fields[f"care_{self.lines - 1}"].widget.attrs["autofocus"] = True

    @property
    def renounced(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The lines of care, each with its reason."""
        return [(self[f"care_{index}"], self[f"reason_{index}"]) for index in range(self.lines)]

    def stored(self, content: Content) -> dict[str, object]:
        found = content.situation
        if found is None:
            return {}
        lines: dict[str, object] = {}
        for index, one in enumerate(found.renunciations):
            lines |= {f"care_{index}": one.care, f"reason_{index}": one.reason}
        facts = {**found.facts, "rights_to_open": sorted(_several(found.facts.get("rights_to_open")))}
        return {"motives": list(found.motives), "narrative": found.narrative, **lines, **facts}

    def _situation(self) -> Situation:
        values = self.cleaned_data
        facts: dict[str, Value] = {key: True for key in STATEMENTS if values[key]}
        if values["rights_to_open"]:
            facts["rights_to_open"] = frozenset(values["rights_to_open"])
        pairs = [(values[f"care_{index}"], values[f"reason_{index}"]) for index in range(self.lines)]
        renounced = renunciations_from(dict.fromkeys(pair for pair in pairs if all(pair)))
        return Situation(tuple(values["motives"]), values["narrative"], renounced, facts)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        for index in range(self.lines):
            care, reason = values.get(f"care_{index}"), values.get(f"reason_{index}")
            if care and reason == "":
                self.add_error(f"reason_{index}", "Dites pourquoi elle y renonce.")
            elif reason and care == "":
                self.add_error(f"care_{index}", "Dites à quel soin elle renonce.")
        if not self.errors:
            self.refuse(situation_problems(self._situation()))
        return values

    def answers(self) -> dict[str, object]:
        return {"situation": self._situation()}


def _listed(label: str, index: int, choices: Mapping[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=f"{label} {index + 1}",
        choices=[("", "Choisir"), *choices.items()],
        required=False,
        error_messages=CHOOSE,
    )


def _several(value: object) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()


class ServiceForm(StepForm):
    """To which service: one of those open now, each with the article that allows it."""

    authorisation = forms.ChoiceField(
        label="À quel service orientez-vous la personne ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un service.",
            "invalid_choice": "Ce service n’est pas, ou n’est plus, ouvert à cette situation : choisissez-en un autre.",
        },
    )

    def __init__(self, data: Any = None, *, stage: Stage, **options: Any) -> None:
        super().__init__(data, stage=stage, **options)
        field = self.fields["authorisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(str(route.authorisation), _route_label(route, stage)) for route in stage.routes]
        if len(stage.routes) == 1:
            self.initial.setdefault("authorisation", str(stage.routes[0].authorisation))

    def stored(self, content: Content) -> dict[str, object]:
        return {"authorisation": str(content.authorisation)} if content.authorisation else {}

    def answers(self) -> dict[str, object]:
        return {"authorisation": UUID(self.cleaned_data["authorisation"])}


def _route_label(route: OpenRoute, stage: Stage) -> SafeString:
    asked = next((one.route for one in stage.proposals if one.opened == route), None)
    conditions = " ; ".join(met(asked)) if asked else ""
    return format_html(
        "<strong>{}</strong>, {}<br><span>{}</span><br>"
        '<span class="small soft">Possible parce que l’article {} de la convention « {} » l’autorise.{}</span>',
        typeset(route.name),
        route.recipient_name,
        typeset(route.purpose),
        route.article,
        route.convention_title,
        typeset(f" Conditions remplies : {conditions}.") if conditions else "",
    )


class PersonForm(StepForm):
    """Who she is, and how to reach her safely."""

    surname = private_text("Nom", 100, missing="Écrivez le nom de la personne.")
    given_name = private_text("Prénom", 100, missing="Écrivez le prénom de la personne.")
    birth_date = FrenchDateField(label="Date de naissance")
    representative = private_text(
        "Qui la représente, si elle est mineure ou protégée", 200, "Nom et lien : sa mère, son tuteur."
    )
    phone = private_text("Téléphone", 30, attrs={"inputmode": "tel"})
    email = private_text("Adresse électronique", 200, attrs={"inputmode": "email"})
    other_way = private_text(
        "Autre façon de la joindre", 200, "Par exemple : par SMS, par le foyer où elle loge, par un proche."
    )
    do_not_call = forms.BooleanField(label="Ne pas l’appeler", required=False)
    safe_time = private_text(
        "Quand et comment la joindre sans risque", 200, "Moments à éviter, message à ne pas laisser."
    )
    language = private_text("Langue à parler avec elle", 60, "Si ce n’est pas le français.")
    nir = private_text(
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
        problems = person_problems(self.stage.content, probe, on=self.stage.today)
        if "birth_date" not in values:
            problems.pop("birth_date", None)
        self.refuse(problems)
        return values

    def answers(self) -> dict[str, object]:
        return {"person": Identity(**{**self.cleaned_data, "nir": compact_number(self.cleaned_data["nir"])})}


class InformationForm(AgreementFields, StepForm):
    """What she was told before her data leave, and what she answered."""

    given_on = FrenchDateField(label="Quand l’avez-vous informée ?")
    means = forms.ChoiceField(
        label="Comment ?", choices=list(MEANS.items()), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    recipient_named = forms.BooleanField(required=False)
    field_order = ("given_on", "means", "language", "notice", "recipient_named")

    def __init__(self, data: Any = None, *, stage: Stage, **options: Any) -> None:
        super().__init__(data, stage=stage, **options)
        self.fields[
            "recipient_named"
        ].label = f"Elle sait que ses données sont envoyées à {stage.recipient_name}"
        self.ask_agreement(needed=stage.needs_agreement)

    def stored(self, content: Content) -> dict[str, object]:
        told, answered = content.told, stored_agreement(content.agreement, content.told)
        if told is None:
            return {"given_on": self.stage.today, **answered}
        return {
            "given_on": told.given_on,
            "means": told.means,
            "recipient_named": told.recipient_named,
            **answered,
        }

    def clean(self) -> dict[str, Any]:
        person = self.stage.content.person
        probe = Told(
            self.cleaned_data.get("given_on", self.stage.today),
            self.cleaned_data.get("means", "oral"),
            self.cleaned_data["recipient_named"],
        )
        birth_date = person.birth_date if person else None
        self.refuse(told_problems(probe, on=self.stage.today, birth_date=birth_date))
        self.refuse(dict(self.agreement_faults(needed=self.stage.needs_agreement)))
        return self.cleaned_data

    def answers(self) -> dict[str, object]:
        told = {name: self.cleaned_data[name] for name in _TOLD}
        return {"told": Told(**told), "agreement": self.agreement()}


_TOLD: Final = ("given_on", "means", "recipient_named", "language", "notice")


class TokenForm(forms.Form):
    """The id that a new draft gets, made when its form is shown; one that was tampered with is replaced."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def value(self) -> UUID:
        """The token, or a new one."""
        found = self.cleaned_data.get("token") if self.is_bound and self.is_valid() else None
        return found if isinstance(found, UUID) else uuid7()
