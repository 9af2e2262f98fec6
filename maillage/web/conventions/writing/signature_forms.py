"""What someone says of a signature."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms

from maillage.web.conventions.writing.uploads import PapersForm, file_field
from maillage.web.presentation.days import DayField


class SignatureForm(PapersForm):
    """Day, function, delegation, signed document. `seen_hash` is that of the text read, `token` the signature's id."""

    papers: ClassVar[Sequence[str]] = ("delegation_document", "document")

    token = forms.UUIDField(widget=forms.HiddenInput)
    seen_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    signed_on = DayField(label="Jour de la signature")
    function = forms.CharField(
        label="Fonction de la personne qui signe",
        max_length=200,
        help_text="Une fonction, jamais un nom : « Directrice », « Président du CCAS ».",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Indiquez la fonction de la personne qui signe.",
            "max_length": "Écrivez 200 caractères au plus.",
        },
    )
    by_delegation = forms.BooleanField(label="Elle signe par délégation (« PO »)", required=False)
    delegation_document = file_field(
        "Acte de délégation", "Si elle signe par délégation. PDF, PNG ou JPEG, 20 Mo au plus."
    )
    document = file_field("Document signé", "Le PDF que cette partie a signé, 20 Mo au plus.")

    def __init__(
        self, data: Any = None, files: Any = None, *, own: bool = True, today: date, **options: Any
    ) -> None:
        options.setdefault("initial", {}).setdefault("signed_on", today)
        super().__init__(data, files, **options)
        if not own:
            self.fields["document"].required = not self.data.get("document_kept")
            self.fields["document"].error_messages["required"] = (
                "La signature d’une autre partie s’enregistre avec le document signé : joignez-le."
            )
