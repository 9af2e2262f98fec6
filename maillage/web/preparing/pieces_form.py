"""The form of the step of the pieces: one form for a piece to add and for the rest of the step, so that neither loses the other."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django import forms

from maillage.core.identifiers import bound_id, uuid7
from maillage.core.refusals import Refused
from maillage.documents.actions import Upload, too_large
from maillage.rights.content import Content, Step, pieces_problems
from maillage.rights.declared.rules import is_complete
from maillage.rights.preparing import LARGEST_PIECE, Scanned
from maillage.rights.rules import HANDED_TO, WORDS_LONGEST, HandedOver
from maillage.web.preparing.stage import Stage
from maillage.web.preparing.steps import StepForm
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import ParagraphsField
from maillage.web.presentation.numbers import number
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.fields import CHOOSE

ADDED: Final = ("token", "key", "file", "photo", "dated_on", "valid_until")
"""The fields of a piece to add; the others are those of the step."""
_HANDING: Final = ("handed_on", "handed_to")
_UNREAD: Final = {"empty": "Ce fichier est vide.", "missing": "Choisissez un fichier.", "invalid": "Choisissez un fichier."}  # fmt: skip
_NO_FILE: Final = "Choisissez un fichier, ou prenez une photo."


class PiecesForm(StepForm):
    """A piece to add; the handing over; whether the file goes without what is missing; a few words."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    key = forms.ChoiceField(label="Quelle pièce ?", required=False, error_messages=CHOOSE)
    file = forms.FileField(
        label="Le fichier",
        help_text="Un scan ou une photo : PDF, JPEG ou PNG, 10 Mo au plus. Il est chiffré avant d’être enregistré.",
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
        error_messages=_UNREAD,
    )
    photo = forms.FileField(
        label="Ou une photo, prise maintenant",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
        error_messages=_UNREAD,
    )
    dated_on = DayField(label="Datée du", required=False)
    valid_until = DayField(label="Valable jusqu’au", required=False)
    handed_on = DayField(label="Quand le dossier fut-il remis ?", required=False)
    handed_to = forms.ChoiceField(
        label="À qui ?", choices=list(HANDED_TO.items()), required=False, widget=forms.RadioSelect, error_messages=CHOOSE
    )  # fmt: skip
    goes_incomplete = forms.BooleanField(label="Envoyer le dossier sans ces pièces", required=False)
    words = ParagraphsField(
        label="Quelques mots pour la caisse",
        help_text=f"Ce que les pièces ne disent pas. {number(WORDS_LONGEST)} caractères au plus.",
        required=False,
        max_length=WORDS_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"max_length": f"Écrivez {number(WORDS_LONGEST)} caractères au plus."},
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, stage: Stage, shown: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, files, stage=stage, shown=shown)
        self.initial["token"] = uuid7()
        declared = stage.content.declared
        taken = declared.taken(urgent=stage.content.urgent) if declared else ()
        self.choose("key", [("", "Choisir"), *((one.key, one.label) for one in taken)])
        for name in ("key", "file"):
            self.fields[name].need = True  # type: ignore[attr-defined]  # of a piece to add; the piece is what may be left out
        if stage.hands_over is False:
            del self.fields["handed_on"], self.fields["handed_to"]
        elif stage.hands_over:
            for name in _HANDING:
                self.fields[name].need = True  # type: ignore[attr-defined]  # refused by the rules when it is missing
        if is_complete(stage.lines):
            del self.fields["goes_incomplete"]

    def stored(self, content: Content) -> dict[str, object]:
        handed = content.handed
        return {
            "handed_on": handed.on if handed else None,
            "handed_to": handed.to if handed else "",
            "goes_incomplete": content.goes_incomplete,
            "words": content.words,
        }

    @property
    def chosen(self) -> Upload | None:
        """The file of the piece to add, from whichever field."""
        given = self.cleaned_data
        return given.get("file") or given.get("photo")

    def wants_piece(self) -> bool:
        """Whether a piece is to be added: its button, its name, or a file."""
        return "ajouter" in self.data or bool(self.data.get("key")) or bool(self.files)

    def scanned(self) -> Scanned | None:
        """The piece to add; None where something of it is refused, each at its field."""
        given, file = self.cleaned_data, self.chosen
        if not {"file", "photo"} & self.errors.keys() and file is None:
            self.add_error("file", _NO_FILE)
        if "key" not in self.errors and not given.get("key"):
            self.add_error("key", "Dites quelle pièce c’est.")
        if file is None or set(ADDED) & self.errors.keys():
            return None
        return Scanned(
            self._own_id(given.get("token")),
            given["key"],
            file,
            given.get("dated_on"),
            given.get("valid_until"),
        )

    def _own_id(self, token: UUID | None) -> UUID:
        """The id of the piece: the same form sent twice adds it once, and a token read elsewhere leads to another."""
        assert self.stage.preparation is not None  # noqa: S101 - a file that was kept
        return bound_id(token or uuid7(), organisation=self.stage.preparation, author=self.stage.member.user)

    def refuse_piece(self, refused: Refused) -> None:
        """Each fault at its field; what is wrong with a photo stands at the photo."""
        taken_there = not self.cleaned_data.get("file")
        for fault in refused.faults:
            name = "photo" if fault.field == "file" and taken_there else fault.field
            self.add_error(name if name in self.fields else None, typeset(fault.message))

    def cut(self) -> None:
        """The files were more than anybody reads, and none of them is there."""
        self.add_error("file", too_large(LARGEST_PIECE))

    def judge_piece_alone(self) -> None:
        """Somebody who adds a piece is not done with the rest of the step: nothing of it is to be corrected yet."""
        for name in set(self.errors) - set(ADDED):
            del self.errors[name]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        handed = self._handed()
        words = values.get("words", "")  # too long, it has its message already
        probe = self.stage.content.accepting(
            Step.PIECES, **{**self._values(), "handed": handed, "words": words}
        )
        self.refuse(pieces_problems(probe, self.stage.there, on=self.stage.today))
        return values

    def _handed(self) -> HandedOver | None:
        on, to = self.cleaned_data.get("handed_on"), self.cleaned_data.get("handed_to", "")
        if on is None and to:
            self.refuse({"handed_on": "Écrivez la date de la remise, comme 14/11/2024."})
        return HandedOver(on, to) if on is not None else None

    def _values(self) -> dict[str, Any]:
        return {
            "goes_incomplete": bool(self.cleaned_data.get("goes_incomplete")),
            "words": self.cleaned_data.get("words", ""),
        }

    def answers(self) -> dict[str, object]:
        return {**self._values(), "handed": self._handed()}
