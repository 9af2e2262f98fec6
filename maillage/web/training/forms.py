"""The forms of trainings. What they accept is what the rules accept: messages stand at their fields."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import capfirst

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import uuid7
from maillage.training.actions import Described
from maillage.training.models import Attendee, Module, Registration
from maillage.training.queries import Seat
from maillage.training.registering import Person
from maillage.training.rules import (
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_TEXT,
    LONGEST_THEME,
    LONGEST_TITLE,
    Audience,
    Plan,
    Theme,
)
from maillage.training.signing_off import Newcomer, Sheet, mark_field
from maillage.web.conventions.writing.uploads import PapersForm, file_field
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import ParagraphsField, TokenForm
from maillage.web.presentation.typography import typeset

_CHOOSE = {"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une réponse de la liste."}
_HOUR = dict.fromkeys(("required", "invalid"), "Écrivez une heure, comme 9:00.")
NEWCOMERS = 5
"""Lines of the sheet for those who came without a place."""


def _long(label: str, longest: int, help_text: str = "", *, required: bool = True) -> forms.CharField:
    return ParagraphsField(
        label=label,
        help_text=typeset(help_text),
        max_length=longest,
        required=required,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Écrivez quelques mots.",
            "max_length": f"Écrivez {longest} caractères au plus.",
        },
    )


def _short(label: str, longest: int, help_text: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=typeset(help_text),
        max_length=longest,
        required=required,
        error_messages={
            "required": "Écrivez une réponse.",
            "max_length": f"Écrivez {longest} caractères au plus.",
        },
    )


def _link(label: str, help_text: str) -> forms.URLField:
    return forms.URLField(
        label=label,
        help_text=typeset(help_text),
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Écrivez une adresse, comme https://exemple.fr/module."},
    )


class ModuleForm(TokenForm):
    """What one teaches."""

    theme = forms.ChoiceField(
        label="Thème", choices=[(one.value, capfirst(one.label)) for one in Theme], error_messages=_CHOOSE
    )
    other_theme = forms.CharField(
        label="Lequel, si c’est un autre thème",
        required=False,
        max_length=LONGEST_THEME,
        help_text="Il se compte avec « Autre thème ».",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": f"Écrivez {LONGEST_THEME} caractères au plus."},
    )
    title = _short("Titre", LONGEST_TITLE)
    teaches = _long(
        "Ce qu’on y apprend", LONGEST_TEXT, "En quelques lignes : les partenaires le lisent avant d’inscrire."
    )
    audiences = forms.MultipleChoiceField(
        label="Pour qui",
        choices=[(one.value, capfirst(one.label)) for one in Audience],
        widget=forms.CheckboxSelectMultiple,
        error_messages={**_CHOOSE, "required": "Dites pour qui."},
    )
    e_learning = _link("Module en ligne", "Adresse d’un module à suivre seul, s’il y en a un.")

    def described(self) -> Described:
        """What was answered."""
        values = self.cleaned_data
        return Described(
            values["theme"],
            values["title"],
            values["teaches"],
            tuple(values["audiences"]),
            values["e_learning"],
            values["other_theme"],
        )


class PlanForm(TokenForm):
    """A day, hours, a place, how many."""

    day = DayField(label="Jour")
    starts = forms.TimeField(
        label="De", help_text="Par exemple 9:00, à l’heure de votre organisme.", error_messages=_HOUR,
        widget=forms.TimeInput(format="%H:%M", attrs={"inputmode": "text", "class": "short-input"}),
    )  # fmt: skip
    ends = forms.TimeField(
        label="À", error_messages=_HOUR,
        widget=forms.TimeInput(format="%H:%M", attrs={"inputmode": "text", "class": "short-input"}),
    )  # fmt: skip
    place = _short(
        "Lieu", LONGEST_PLACE, "Salle et adresse ; ou laissez vide et donnez un lien.", required=False
    )
    link = _link("Lien de la visioconférence", "Montré aux organismes qui peuvent suivre la séance.")
    capacity = forms.IntegerField(
        label="Nombre de places",
        error_messages=dict.fromkeys(("required", "invalid"), "Écrivez un nombre de places."),
    )
    trainer = _short(
        "Qui anime",
        LONGEST_NAME,
        "Une fonction, pas un nom : « Conseillère de la Mission accompagnement santé ».",
    )

    def plan(self) -> Plan:
        """What was answered."""
        return Plan(**{name: self.cleaned_data[name] for name in PlanForm.base_fields if name != "token"})


class SessionForm(PlanForm):
    """The same, of which module and for whom."""

    module = forms.ChoiceField(label="Module", error_messages=_CHOOSE)
    convention = forms.ChoiceField(
        label="Pour qui",
        required=False,
        help_text=typeset(
            "« Tous partenaires » : les parties de toutes vos conventions signées ou en vigueur."
        ),
        error_messages=_CHOOSE,
    )
    field_order = ("token", "module", "convention")

    def __init__(
        self,
        data: Any = None,
        *,
        modules: Sequence[Module],
        conventions: Sequence[Convention],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.choose("module", [("", "Choisir"), *((str(one.id), one.title) for one in modules)])
        self.choose(
            "convention", [("", "Tous partenaires"), *((str(one.id), one.title) for one in conventions)]
        )

    def convention_id(self) -> UUID | None:
        """To which convention it is dedicated, if to one."""
        return UUID(self.cleaned_data["convention"]) if self.cleaned_data["convention"] else None


class ReasonForm(forms.Form):
    """Why a session is cancelled."""

    use_required_attribute = False
    reason = _long("Pourquoi", LONGEST_TEXT, "Les organismes inscrits le liront ; ne nommez personne.")


class PersonForm(TokenForm):
    """Who somebody of one's organisation is."""

    name = _short("Nom et prénom", LONGEST_NAME)
    function = _short("Fonction", LONGEST_NAME)
    email = forms.CharField(
        label="Adresse professionnelle",
        required=False,
        max_length=254,
        help_text="Lue par l’organisateur de la séance.",
    )
    is_another = forms.BooleanField(label="C’est quelqu’un d’autre", required=False)

    def __init__(self, data: Any = None, *, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)
        if data is None or not data.get("is_another"):
            self.fields["is_another"].widget = forms.HiddenInput()

    def person(self) -> Person:
        """What was answered."""
        values = self.cleaned_data
        return Person(values["name"], values["function"], values["email"], bool(values["is_another"]))

    def ask_again(self) -> None:
        """She looks like somebody known: let the form say that she is somebody else."""
        self.fields["is_another"].widget = forms.CheckboxInput()


class RegisterForm(PersonForm):
    """Somebody known, or somebody new; and under which convention, where there is a choice."""

    attendee = forms.ChoiceField(label="Qui", required=False, error_messages=_CHOOSE)
    convention = forms.ChoiceField(label="Au titre de quelle convention", error_messages=_CHOOSE)
    field_order = ("token", "attendee", "name", "function", "email", "is_another", "convention")

    def __init__(
        self,
        data: Any = None,
        *,
        people: Sequence[Attendee],
        seats: Sequence[Seat],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.seats = {str(one.convention or ""): one for one in seats}
        for name in ("name", "function"):
            self.fields[name].required = False
        known = [(str(one.id), f"{one.name}, {one.function}") for one in people]
        self.choose("attendee", [("", "Quelqu’un qui n’est pas dans la liste"), *known])
        if known:
            self.fields["name"].help_text = typeset("Si la personne n’est pas dans la liste.")
        else:
            del self.fields["attendee"]
        self.choose("convention", [(key, one.title) for key, one in self.seats.items()])
        if len(self.seats) < 2:
            del self.fields["convention"]

    def attendee_id(self) -> UUID | None:
        """Somebody of the list, if one was chosen."""
        found = self.cleaned_data.get("attendee")
        return UUID(found) if found else None

    def convention_id(self) -> UUID | None:
        """Under which convention she comes."""
        if "convention" in self.fields:
            return self.seats[self.cleaned_data["convention"]].convention
        return next((one.convention for one in self.seats.values()), None)


class SignOffForm(PapersForm):
    """Who came, of those who had a place; who else; the public; the signed sheet."""

    papers = ("document",)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    publics = forms.IntegerField(
        label="Personnes du public",
        required=False,
        help_text="Un nombre : personne n’est nommé.",
        error_messages={"invalid": "Écrivez un nombre."},
    )
    document = file_field("Feuille signée", "PDF, PNG ou JPEG, 20 Mo au plus. Votre organisme seul la lit.")

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        places: Sequence[Registration],
        seats: Sequence[Seat],
        people: Sequence[Attendee],
        corrects: bool = False,
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, files, initial={"token": uuid7(), **(initial or {})})
        self.places, self.people = list(places), {str(one.id): one for one in people}
        self.seats = {f"{one.organisation}.{one.convention or ''}": one for one in seats}
        for one in self.places:
            self.fields[mark_field(one.id)] = forms.ChoiceField(
                label=f"{one.attendee.name}, {one.partner.short_name}",
                choices=[("yes", "Présent·e"), ("no", "Absent·e")],
                widget=forms.RadioSelect,
                error_messages={"required": "Dites si elle ou il est venu·e.", "invalid_choice": "Dites si elle ou il est venu·e."},
            )  # fmt: skip
        for line in range(NEWCOMERS):
            self._add_line(line)
        if corrects:
            self.fields["reason"] = _long(
                "Pourquoi corriger", LONGEST_TEXT, "Les deux versions restent lisibles ; ne nommez personne."
            )

    def _add_line(self, line: int) -> None:
        seats = [
            (key, f"{one.name} ({one.title})" if one.title else one.name) for key, one in self.seats.items()
        ]
        known = [
            (key, f"{one.name}, {one.function} ({one.organisation.short_name})")
            for key, one in self.people.items()
        ]
        self.fields[f"seat_{line}"] = forms.ChoiceField(
            label="Organisme",
            required=False,
            choices=[("", "Aucun : ligne vide"), *seats],
            error_messages=_CHOOSE,
        )
        self.fields[f"attendee_{line}"] = forms.ChoiceField(
            label="Déjà connue", required=False, choices=[("", "Non"), *known], error_messages=_CHOOSE
        )
        self.fields[f"name_{line}"] = _short("Nom et prénom", LONGEST_NAME, required=False)
        self.fields[f"function_{line}"] = _short("Fonction", LONGEST_NAME, required=False)
        self.fields[f"another_{line}"] = forms.BooleanField(
            label="C’est quelqu’un d’autre que la personne déjà connue", required=False
        )

    def marks(self) -> list[Any]:
        """The fields of those who had a place."""
        return [self[mark_field(one.id)] for one in self.places]

    def lines(self) -> list[list[Any]]:
        """The fields of those who came without one, line by line."""
        parts = ("seat", "attendee", "name", "function", "another")
        return [[self[f"{part}_{line}"] for part in parts] for line in range(NEWCOMERS)]

    def new_id(self) -> UUID:
        """The token as it came back, or a new one."""
        found = self.cleaned_data.get("token")
        return found if isinstance(found, UUID) else uuid7()

    def sheet(self) -> Sheet:
        """What was answered."""
        values = self.cleaned_data
        came = {one.id: values[mark_field(one.id)] == "yes" for one in self.places}
        newcomers = [self._newcomer(line) for line in range(NEWCOMERS) if values[f"seat_{line}"]]
        return Sheet(came, newcomers, values["publics"] or 0, self.kept("document"))

    def _newcomer(self, line: int) -> Newcomer:
        values = self.cleaned_data
        seat = self.seats[values[f"seat_{line}"]]
        if values[f"attendee_{line}"]:
            return Newcomer(line, seat, UUID(values[f"attendee_{line}"]))
        person = Person(
            values[f"name_{line}"], values[f"function_{line}"], is_another=values[f"another_{line}"]
        )
        return Newcomer(line, seat, person=person)

    def clean(self) -> dict[str, Any]:
        """A line with a name and no organisation is not lost in silence."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for line in range(NEWCOMERS):
            written = values.get(f"name_{line}") or values.get(f"attendee_{line}")
            if written and not values.get(f"seat_{line}") and f"seat_{line}" not in self.errors:
                self.add_error(f"seat_{line}", "Dites de quel organisme.")
        return values
