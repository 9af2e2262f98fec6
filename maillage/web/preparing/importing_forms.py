"""The forms of a table of applications: the file and its convention, then which column means what."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms

from maillage.core.identifiers import bound_id, uuid7
from maillage.core.spreadsheets.reading import LARGEST
from maillage.core.spreadsheets.tables import cell_name
from maillage.organisations.member import Member
from maillage.rights.bulk.acting import TOO_LARGE
from maillage.rights.importing.columns import COLUMNS
from maillage.web.preparing.openings import Opening
from maillage.web.preparing.steps import opening_label
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.fields import CHOOSE

_COLUMN: Final = "column_"
_IGNORED: Final = "Ne pas importer"
_SAID: Final = "Une colonne le dit, ligne par ligne"


class TableForm(forms.Form):
    """A table, and under which convention its applications are prepared."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    authorisation = forms.ChoiceField(
        label="À quelle caisse, selon quelle convention ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une convention.",
            "invalid_choice": "Cette convention n’est pas, ou n’est plus, ouverte : choisissez-en une autre.",
        },
    )
    file = forms.FileField(
        label="Le tableau",
        help_text=typeset(
            f"CSV, XLSX ou ODS, {LARGEST // 1_000_000} Mo et 100 000 lignes au plus. La première ligne donne les titres des colonnes, dans "
            "n’importe quel ordre. Il est chiffré avant d’être enregistré."
        ),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods,text/csv"}),
        error_messages={
            "required": "Choisissez un fichier.",
            "invalid": "Ce fichier n’est pas arrivé : choisissez-le à nouveau.",
        },
    )

    def __init__(self, data: Any = None, files: Any = None, *, openings: Sequence[Opening]) -> None:
        super().__init__(data, files, initial={"token": uuid7()})
        field = self.fields["authorisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so
        field.choices = [(str(one.row.id), opening_label(one)) for one in openings]
        if len(openings) == 1:
            self.initial["authorisation"] = str(openings[0].row.id)

    def clean_file(self) -> Any:
        """Before it is read: what was too large came empty."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(TOO_LARGE)
        return file

    def new_id(self, member: Member) -> UUID:
        """The id of the table: the same however often this form is sent."""
        token = self.cleaned_data.get("token") or uuid7()
        return bound_id(token, organisation=member.organisation, author=member.user)


class ColumnsForm(forms.Form):
    """What each column says, and the right asked for where none says it."""

    right = forms.ChoiceField(label="Quel droit est demandé ?", required=False, error_messages=CHOOSE)

    def __init__(
        self,
        data: Any = None,
        *,
        header: Sequence[str],
        first: Sequence[str] = (),
        places: Mapping[str, int],
        right: str,
        rights: Mapping[str, str],
    ) -> None:
        super().__init__(data, initial={"right": right})
        self.header = header
        asked = self.fields["right"]
        assert isinstance(asked, forms.ChoiceField)  # noqa: S101 - declared so
        asked.choices = [
            ("", _SAID),
            *((key, f"{label}, pour toutes les lignes") for key, label in rights.items()),
        ]
        asked.need = True  # type: ignore[attr-defined]  # its first choice is an answer
        known = {place: field for field, place in places.items()}
        choices = [("", _IGNORED), *((one.field, _named(one.label, one.is_required)) for one in COLUMNS)]
        for place, title in enumerate(header):
            name = f"{_COLUMN}{place}"
            self.fields[name] = forms.ChoiceField(
                label=_title(place, title),
                help_text=_example(first[place]) if place < len(first) else "",
                choices=choices,
                required=False,
                error_messages=CHOOSE,
            )
            self.fields[name].need = True  # type: ignore[attr-defined]  # passing a column over is an answer too
            self.initial[name] = known.get(place, "")

    @property
    def columns(self) -> Iterator[forms.BoundField]:
        """A field for each column of hers."""
        return (self[f"{_COLUMN}{place}"] for place in range(len(self.header)))

    def named(self) -> dict[int, str]:
        """The field that each column says, by place."""
        return {place: self.cleaned_data.get(f"{_COLUMN}{place}", "") for place in range(len(self.header))}


def _named(label: str, is_required: bool) -> str:
    return f"{label[:1].upper()}{label[1:]}{' (nécessaire)' if is_required else ''}"


def _example(cell: str) -> str:
    return typeset(f"Première ligne : « {cell} »") if cell else "Première ligne : vide"


def _title(place: int, title: str) -> str:
    letters = cell_name(1, place)[:-1]
    return typeset(f"Colonne {letters} : « {title[:80]} »" if title else f"Colonne {letters}, sans titre")
