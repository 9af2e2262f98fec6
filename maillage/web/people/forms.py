"""The forms about people: a training, an invitation, a role, an end, an absence."""

from datetime import date
from typing import Any, Final, cast
from uuid import UUID

from django import forms

from maillage.organisations.roles import ROLES, suits
from maillage.web.accounts.forms import password_field
from maillage.web.presentation.forms import FrenchDateField

CHOOSE: Final = {"required": "Choisissez.", "invalid_choice": "Choisissez dans la liste."}


class TrainingForm(forms.Form):
    """When someone was trained in the protection of personal data, and by which training."""

    use_required_attribute = False
    done_on = FrenchDateField(label="Formation suivie le")
    title = forms.CharField(
        label="Quelle formation", max_length=200, help_text="Par exemple : « RGPD, module du service juridique ».",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Indiquez de quelle formation il s’agit.", "max_length": "200 caractères au plus."},
    )  # fmt: skip


def roles_offered(kind: str) -> list[tuple[str, str]]:
    """The roles that a body of this kind gives, with what each is for."""
    return [
        (role.value, f"{declared.label} : {declared.description}")
        for role, declared in ROLES.items()
        if suits(role, kind)
    ]


class InvitationForm(forms.Form):
    """Who, at which address, as what, from when to when."""

    use_required_attribute = False
    full_name = forms.CharField(
        label="Prénom et nom", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Donnez le nom de la personne.", "max_length": "150 caractères au plus."},
    )  # fmt: skip
    email = forms.CharField(
        label="Adresse électronique professionnelle", max_length=254,
        help_text="Le lien part à cette adresse ; le compte s’ouvre sous elle, et sous aucune autre.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        error_messages={"required": "Écrivez son adresse.", "max_length": "254 caractères au plus."},
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label="Rôles", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un rôle.", "invalid_choice": "Choisissez dans la liste."},
    )  # fmt: skip
    since = FrenchDateField(label="À partir du")
    until = FrenchDateField(
        label="Dernier jour", required=False, help_text="Vide si la fin n’est pas connue. Jour, mois, année."
    )

    def __init__(self, data: Any = None, *, kind: str, **options: Any) -> None:
        super().__init__(data, **options)
        cast("forms.MultipleChoiceField", self.fields["roles"]).choices = roles_offered(kind)


class RoleForm(forms.Form):
    """One role more."""

    use_required_attribute = False
    role = forms.ChoiceField(label="Rôle", widget=forms.RadioSelect, error_messages=CHOOSE)
    since = FrenchDateField(label="À partir du")
    until = FrenchDateField(
        label="Dernier jour", required=False, help_text="Vide si la fin n’est pas connue. Jour, mois, année."
    )

    def __init__(self, data: Any = None, *, kind: str, **options: Any) -> None:
        super().__init__(data, **options)
        cast("forms.ChoiceField", self.fields["role"]).choices = roles_offered(kind)


class EndForm(forms.Form):
    """When a role ends: at once, or after a day."""

    use_required_attribute = False
    when = forms.ChoiceField(
        label="Quand", widget=forms.RadioSelect, error_messages=CHOOSE,
        choices=[("day", "Après un dernier jour"), ("now", "Tout de suite : dès la prochaine page que la personne ouvre")],
    )  # fmt: skip
    last = FrenchDateField(
        label="Dernier jour", required=False, help_text="Jour, mois, année. Ne sert pas à « Tout de suite »."
    )

    def clean(self) -> dict[str, Any]:
        """A day is asked for where there is one."""
        given = self.cleaned_data
        if given.get("when") == "day" and not given.get("last") and "last" not in self.errors:
            self.add_error("last", "Écrivez le dernier jour.")
        return given

    @property
    def last_day(self) -> date | None:
        """The last day, None for at once."""
        return self.cleaned_data["last"] if self.cleaned_data["when"] == "day" else None


class NewcomerForm(forms.Form):
    """The name and the password of a new account; the address is that of the invitation."""

    use_required_attribute = False
    full_name = forms.CharField(
        label="Prénom et nom", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Écrivez votre nom.", "max_length": "150 caractères au plus."},
    )  # fmt: skip
    password = password_field(
        "Mot de passe", "new-password", "Choisissez un mot de passe.",
        "12 caractères au moins ; ni courant, ni proche de votre nom ou de votre adresse.",
    )  # fmt: skip
    again = password_field("Le même, une seconde fois", "new-password", "Écrivez-le une seconde fois.")

    def clean(self) -> dict[str, Any]:
        """It was typed twice alike."""
        given = self.cleaned_data
        if {"password", "again"} <= given.keys() and given["password"] != given["again"]:
            self.add_error("again", "Les deux saisies du mot de passe diffèrent.")
        return given


class AbsenceForm(forms.Form):
    """From when to when, and who replaces."""

    use_required_attribute = False
    since = FrenchDateField(label="Premier jour d’absence")
    until = FrenchDateField(label="Dernier jour d’absence")
    replaced_by = forms.TypedChoiceField(
        label="Remplacée par", coerce=UUID, widget=forms.RadioSelect, error_messages=CHOOSE,
        help_text="Elle verra les brouillons de la personne absente et ce qui l’attend, dans la limite de ses propres rôles.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **options)
        cast("forms.ChoiceField", self.fields["replaced_by"]).choices = people


class HandOverForm(forms.Form):
    """Which draft, to whom."""

    use_required_attribute = False
    draft = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.TypedChoiceField(label="Remettre à", coerce=UUID, error_messages=CHOOSE)

    def __init__(self, data: Any = None, *, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **options)
        cast("forms.ChoiceField", self.fields["to"]).choices = people
