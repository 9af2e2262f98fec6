"""The form of one's own password."""

from typing import Any

from django import forms

from maillage.organisations.models import User


def password_field(label: str, autocomplete: str, missing: str, help_text: str = "") -> forms.CharField:
    """A password, as typed: spaces count."""
    return forms.CharField(
        label=label,
        strip=False,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": missing},
    )


class PasswordForm(forms.Form):
    """The present password, and the new one twice; the action says what is wrong with the new one."""

    use_required_attribute = False

    current = password_field("Mot de passe actuel", "current-password", "Écrivez votre mot de passe actuel.")
    password = password_field(
        "Nouveau mot de passe",
        "new-password",
        "Écrivez le nouveau mot de passe.",
        "12 caractères au moins ; ni courant, ni proche de votre nom ou de votre adresse.",
    )
    again = password_field(
        "Nouveau mot de passe, une seconde fois", "new-password", "Écrivez le nouveau une seconde fois."
    )

    def __init__(self, data: Any = None, *, user: User, may_go_on: bool = True) -> None:
        super().__init__(data)
        self._user, self._may_go_on = user, may_go_on

    def clean_current(self) -> str:
        """It must be hers: a session left open is not enough."""
        current = str(self.cleaned_data["current"])
        if not self._may_go_on:
            raise forms.ValidationError("Trop d’essais : attendez cinq minutes avant de recommencer.")
        if not self._user.check_password(current):
            raise forms.ValidationError("Ce n’est pas votre mot de passe actuel.")
        return current

    def clean(self) -> dict[str, Any]:
        """The new one was typed twice alike, and is another."""
        given = self.cleaned_data
        if {"password", "again"} <= given.keys() and given["password"] != given["again"]:
            self.add_error("again", "Les deux saisies du nouveau mot de passe diffèrent.")
        elif given.get("password") and given["password"] == given.get("current"):
            self.add_error("password", "Choisissez un mot de passe différent de l’actuel.")
        return given
