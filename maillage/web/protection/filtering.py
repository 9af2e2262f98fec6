"""What a list of the data-protection desk is limited to, in its address: a state, which says nothing of anybody."""

from collections.abc import Iterable
from typing import Any

from django import forms


class StateFilter(forms.Form):
    """In which state."""

    etat = forms.ChoiceField(
        label="État", required=False, error_messages={"invalid_choice": "Choisissez un état de la liste."}
    )

    def __init__(self, data: Any, *, choices: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["etat"].choices = [("", "Tous"), *choices]  # type: ignore[attr-defined]

    def state(self) -> str:
        """The state asked for; none where it is no state, which the field says."""
        self.is_valid()
        return str(self.cleaned_data.get("etat", ""))

    def is_set(self) -> bool:
        """Whether the address asks for a state, known or not."""
        return bool(self["etat"].value())
