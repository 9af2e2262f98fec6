"""Files deposited with a form: kept once the form itself is well filled, so that a refusal never asks for them again."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.http import QueryDict

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.core.refusals import Refused
from maillage.documents.actions import describe, store_upload, visible_to
from maillage.web.conventions.writing.refusals import place
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member

_ERRORS: Final = {
    "required": "Choisissez un fichier.",
    "empty": "Ce fichier est vide.",
    "missing": "Choisissez un fichier.",
    "invalid": "Ce fichier n’est pas arrivé jusqu’ici : choisissez-le à nouveau.",
}


class Need(StrEnum):
    """Whether the action asks for the file: never, always, or unless the note says where it is."""

    OPTIONAL = ""
    ALWAYS = "always"
    OR_NOTE = "or_note"


class PaperField(forms.FileField):
    """A file that may already be kept: the action says whether one is needed, `need` only tells it beforehand."""

    def __init__(self, *, need: Need, **options: Any) -> None:
        super().__init__(required=False, error_messages=_ERRORS, allow_empty_file=True, **options)
        self.need = need


def file_field(
    label: str, help_text: str = "PDF, PNG ou JPEG, 20 Mo au plus.", *, need: Need = Need.OPTIONAL
) -> PaperField:
    """A file; whether one is needed is what the action says."""
    told = (
        f"{help_text} Sans document, dites dans « Précision » où il se trouve."
        if need is Need.OR_NOTE
        else help_text
    )
    return PaperField(label=label, help_text=typeset(told), need=need)


class PapersForm(forms.Form):
    """A form with files. `files_kept` are their fields; what was kept comes back in a hidden field, its name shown."""

    use_required_attribute = False
    papers: ClassVar[Sequence[str]] = ()

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, **options)
        for name in self.papers:
            self.fields[f"{name}_kept"] = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def kept(self, name: str) -> UUID | None:
        """The id of the document in this field, once `keep_files` has run."""
        found = self.cleaned_data.get(f"{name}_kept")
        return found if isinstance(found, UUID) else None


def keep_files(request: MemberRequest, form: PapersForm, known: LoadedConvention) -> bool:
    """Keep the files of a well-filled form for all the parties; False when one is refused, which its field then says."""
    member = acting_member(request)
    for name in form.papers:
        file = form.cleaned_data.get(name)
        if not file:
            continue
        try:
            stored = store_upload(
                file=file,
                organisation=member.organisation,
                readers=[party.organisation for party in known.signatories],
                by=member,
                at=request.instant,
                field=name,
            )
        except Refused as refused:
            place(form, refused)
            return False
        form.cleaned_data[f"{name}_kept"] = stored.id
        rebind(form, **{f"{name}_kept": str(stored.id)})
    return True


def rebind(form: forms.Form, **values: str) -> None:
    """Show the form again with these values in its hidden fields."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    for name, value in values.items():
        data[name] = value
    form.data = data


def show_kept(request: MemberRequest, form: PapersForm) -> None:
    """Say, under its field, which file is already kept."""
    ids = {name: form.data.get(f"{name}_kept") for name in form.papers} if form.is_bound else {}
    for name, value in ids.items():
        try:
            row = visible_to(acting_member(request)).filter(id=UUID(str(value))).first() if value else None
        except ValueError:
            row = None
        if row is None and form.errors and name in request.FILES:
            form[name].help_text = "Ce fichier n’a pas été gardé : choisissez-le à nouveau."
        if row is not None:
            form[name].help_text = typeset(
                f"Déjà déposé : {describe(row).name}. Choisissez un fichier seulement pour le remplacer."
            )
