"""The forms by which both sides work an application. Each has ids of its own: several stand on its page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms

from maillage.referrals.lists.wanted import View, Wanted
from maillage.rights.clocks.course import LONGEST_GRANTED
from maillage.rights.declared.rights import Right, rights
from maillage.rights.declared.rules import ends_on
from maillage.rights.preparing import LARGEST_PIECE
from maillage.rights.rules import (
    AGAIN_REASONS,
    CANCEL_REASONS,
    NOTIFIED_BY,
    REFUSAL_REASONS,
    WITHDRAWAL_REASONS,
    WORDS_LONGEST,
    Opened,
)
from maillage.rights.states import CAISSE_WORDS, ENDS, PARTNER_WORDS
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import ParagraphsField
from maillage.web.presentation.numbers import number
from maillage.web.presentation.typography import NBSP
from maillage.web.referrals.working_forms import ActForm, OnceForm

CHOOSE: Final = {
    "required": "Choisissez une réponse.",
    "invalid_choice": "Choisissez une réponse de la liste.",
}
_REASON: Final = dict.fromkeys(("required", "invalid_choice"), "Choisissez une raison dans la liste.")
_PIECES: Final = dict.fromkeys(
    ("required", "invalid_choice", "invalid_list"), "Choisissez au moins une pièce de la liste."
)
_DELAY: Final = f"Laissez de 1 à {LONGEST_GRANTED} jours, ou aucun délai."


def _words(label: str, help_text: str = "") -> ParagraphsField:
    """A text for the other side, encrypted with the case."""
    return ParagraphsField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=WORDS_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"max_length": f"Écrivez {number(WORDS_LONGEST)} caractères au plus."},
    )


def _radio(label: str, choices: Mapping[str, str], **options: Any) -> forms.ChoiceField:
    options.setdefault("error_messages", CHOOSE)
    return forms.ChoiceField(label=label, choices=list(choices.items()), widget=forms.RadioSelect, **options)


class ReceiveForm(ActForm):
    """The day of the reception, and whether nothing misses."""

    name = "receive"
    on = DayField(label="Reçu quel jour ?")
    is_complete = _radio(
        "Le dossier est-il complet ?",
        {"yes": "Oui, rien ne manque", "no": "Non, ou pas encore vérifié"},
        help_text="Un dossier complet dès sa réception a la promesse de la convention ; un autre, non.",
    )


class CompleteForm(ActForm):
    """Since which day nothing misses."""

    name = "complete"
    on = DayField(label="Complet depuis quel jour ?")


class AskForm(OnceForm):
    """All that misses, at once."""

    name = "ask"
    keys = forms.MultipleChoiceField(
        label="Que manque-t-il ?",
        help_text="Tout ce qui manque, en une fois : la loi ne permet pas de redemander plus tard ce qui manquait déjà.",
        widget=forms.CheckboxSelectMultiple,
        error_messages=_PIECES,
    )
    granted_days = forms.IntegerField(
        label="Jours laissés pour les envoyer",
        help_text="Laissez vide s’il n’y a pas de délai.",
        required=False,
        min_value=1,
        max_value=LONGEST_GRANTED,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short-input"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _DELAY),
    )
    again = _radio(
        "Des pièces ont déjà été demandées : pourquoi d’autres ?",
        AGAIN_REASONS,
        required=False,
        help_text="Une nouvelle demande est signalée et comptée.",
    )
    words = _words("Ce qu’il faut préciser", "Ce qui ne va pas dans une pièce, ce qui peut la remplacer.")

    def __init__(
        self, data: Any = None, *, right: Right, is_again: bool, missing: Sequence[str] = ()
    ) -> None:
        super().__init__(data, initial={"keys": list(missing)})
        field = self.fields["keys"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [
            (piece.key, piece.label if piece.indispensable else f"{piece.label} (ne suspend rien)")
            for piece in right.pieces
        ]
        if not is_again:
            del self.fields["again"]
        else:
            self.fields["again"].need = True  # type: ignore[attr-defined]  # read by the component of a field


class AnswerForm(ActForm):
    """On which day all that was asked had come."""

    name = "answer"
    on = DayField(label="Toutes les pièces sont là depuis quel jour ?")


class SentForm(ActForm):
    """That all is sent, although nothing was added here since it was asked."""

    name = "sent"
    anyway = forms.BooleanField(
        label="Tout est envoyé par un autre moyen",
        error_messages={
            "required": "Rien n’a été ajouté ici depuis la demande : ajoutez d’abord la pièce, ou cochez cette case."
        },
    )


class PieceForm(OnceForm):
    """A scan or a photo of a piece."""

    name = "add_piece"
    key = forms.ChoiceField(
        label="Quelle pièce ?",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez une pièce de la liste."),
    )
    file = forms.FileField(
        label="Le fichier",
        help_text=f"PDF, PNG ou JPEG, {LARGEST_PIECE // 1_000_000}{NBSP}Mo au plus. Il est chiffré avec le dossier.",
        allow_empty_file=True,
        error_messages={
            "required": "Choisissez un fichier.",
            "invalid": "Ce fichier n’est pas arrivé jusqu’ici : choisissez-le à nouveau.",
        },
    )
    dated_on = DayField(label="Datée du", required=False)
    valid_until = DayField(label="Valable jusqu’au", required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, right: Right, asked: Sequence[str] = ()
    ) -> None:
        super().__init__(data, initial={"key": asked[0] if len(asked) == 1 else ""})
        if files is not None:
            self.files = files
        field = self.fields["key"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [
            ("", "Choisir"),
            *(
                (piece.key, f"{piece.label} (demandée)" if piece.key in asked else piece.label)
                for piece in right.pieces
            ),
        ]


class GrantForm(ActForm):
    """Which right is opened, from when to when, and since when it covers care."""

    name = "grant"
    right = _radio("Quel droit s’ouvre ?", {})
    since = DayField(label="Ouvert du")
    until = DayField(
        label="Jusqu’au",
        required=False,
    )
    covers_since = DayField(
        label="Soins couverts depuis le",
        required=False,
        help_text="Si le droit remonte avant son ouverture, pour la facture de l’hôpital. Jour, mois, année : 14/11/2024",
    )
    on = DayField(label="Décidé le")
    words = _words("Quelques mots au partenaire")

    def __init__(
        self, data: Any = None, *, choices: Mapping[str, str], initial: Mapping[str, object] | None = None
    ) -> None:
        only = next(iter(choices)) if len(choices) == 1 else ""
        super().__init__(data, initial={"right": only, **(initial or {})})
        field = self.fields["right"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list(choices.items())

    def opened(self) -> Opened:
        """The right, after `is_valid`."""
        return Opened(
            **{name: self.cleaned_data[name] for name in ("right", "since", "until", "covers_since")}
        )


class RefuseForm(ActForm):
    """Why no right is opened."""

    name = "refuse"
    reason = _radio("Pourquoi ?", REFUSAL_REASONS, error_messages=_REASON)
    on = DayField(label="Décidé le")
    words = _words("Ce que le partenaire doit savoir", "Nécessaire pour une autre raison.")


class NotifyForm(ActForm):
    """How and when the person was told."""

    name = "notify"
    how = _radio("Comment ?", NOTIFIED_BY)
    on = DayField(label="Quel jour ?")


class WithdrawForm(ActForm):
    """Why the partner stops it."""

    name = "withdraw"
    reason = _radio("Pourquoi ?", WITHDRAWAL_REASONS, error_messages=_REASON)


class CancelForm(ActForm):
    """What was wrong with what was sent."""

    name = "cancel"
    reason = _radio("Pourquoi ?", CANCEL_REASONS, error_messages=_REASON)


class ListForm(forms.Form):
    """The filters of the list of applications. One that is none of the list's is as if it had not been given."""

    vue = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    droit = forms.ChoiceField(label="Droit", required=False)
    etat = forms.ChoiceField(label="État", required=False)
    urgentes = forms.BooleanField(label="Urgentes seulement", required=False)
    retard = forms.BooleanField(label="En retard seulement", required=False)

    def __init__(self, data: Mapping[str, Any], *, receives: bool) -> None:
        super().__init__(data)
        states = CAISSE_WORDS if receives else PARTNER_WORDS
        self._choose("vue", [(view.value, view.value) for view in View])
        self._choose("droit", [("", "Tous"), *((key, right.label) for key, right in rights().items())])
        self._choose("etat", [("", "Tous"), *((state.value, words) for state, words in states.items())])

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def wanted(self) -> Wanted:
        """What to show; without a view, what is under way, or what ended when the state asked for is an end."""
        self.is_valid()
        values = self.cleaned_data
        state = values.get("etat", "")
        ended = state in {one.value for one in ENDS}
        return Wanted(
            View(values.get("vue") or (View.CLOSED if ended else View.OPEN)),
            service=values.get("droit", ""),
            state=state,
            urgent=bool(values.get("urgentes")),
            late=bool(values.get("retard")),
        )


def initial_right(right: Right, *, filed: date, on: date) -> dict[str, object]:
    """From when to when a right would be opened today, as its file and the law say; `filed`: handed over, else received."""
    since = filed if right.valid_from == "filing" else on
    return {"since": since, "until": ends_on(right, filed=filed, decided=on), "on": on}
