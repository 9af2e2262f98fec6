"""Fields that several forms of referrals share."""

from typing import Any, Final

from django import forms

CHOOSE: Final = {
    "required": "Choisissez une réponse.",
    "invalid_choice": "Choisissez une réponse de la liste.",
}


def private_text(
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
