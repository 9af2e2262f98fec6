"""The forms of what happens to a signed convention. Each is shown for one convention, on one day."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms

from maillage.conventions.lifecycle.exits import is_denunciation
from maillage.conventions.lifecycle.models import Event
from maillage.conventions.lifecycle.registered import Letter, exits_of, owed_by
from maillage.conventions.terms.base import article_named
from maillage.web.conventions.writing.facts.scene import (
    Scene,
    clause_choices,
    grounds_of,
    notice_words,
    readings_offered,
    short,
)
from maillage.web.conventions.writing.forms import CHOOSE
from maillage.web.conventions.writing.uploads import Need, PapersForm, file_field
from maillage.web.presentation.days import DayField
from maillage.web.presentation.typography import typeset


def note_field(label: str = "Précision", help_text: str = "") -> forms.CharField:
    """A short note; never a person's situation."""
    return forms.CharField(
        label=label, required=False, max_length=1000,
        help_text=help_text or "Une référence, un résumé. Jamais le nom ni la situation d’une personne.",
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={"max_length": "Écrivez 1 000 caractères au plus."},
    )  # fmt: skip


def choice_field(label: str, pairs: Iterable[tuple[str, str]], **options: Any) -> forms.ChoiceField:
    """One of several, by radio."""
    choices = [(value, typeset(words)) for value, words in pairs]
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages=CHOOSE, **options
    )


class FactForm(PapersForm):
    """What every fact has: the id made when its form was shown, a document, a note. A fact adds its own fields before."""

    papers: ClassVar[Sequence[str]] = ("document",)
    token = forms.UUIDField(widget=forms.HiddenInput)
    document_label: ClassVar[str] = "Document"
    document_need: ClassVar[Need] = Need.OPTIONAL
    last: ClassVar[tuple[str, ...]] = ("note", "document", "document_kept", "token")

    def __init__(self, data: Any = None, files: Any = None, *, scene: Scene, **options: Any) -> None:
        self.scene = scene
        super().__init__(data, files, **options)
        self.fields["note"] = note_field()
        self.fields["document"] = file_field(self.document_label, need=self.document_need)
        self.build()
        self.order_fields([name for name in self.fields if name not in self.last] + list(self.last))

    def build(self) -> None:
        """Add the fields that hang on the convention."""

    def common(self) -> dict[str, Any]:
        """Note, document and id, as every action takes them."""
        return {
            "note": self.cleaned_data["note"],
            "document": self.kept("document"),
            "fact_id": self.cleaned_data["token"],
        }

    def fault_field(self, name: str | None) -> str | None:
        """The field that shows a fault of the action; None for the whole form."""
        return name if name in self.fields else None


class DayForm(FactForm):
    """A fact that is a day."""

    day_label: ClassVar[str] = "Jour"

    def build(self) -> None:
        self.fields["day"] = DayField(label=self.day_label)

    def common(self) -> dict[str, Any]:
        return {**super().common(), "day": self.cleaned_data["day"]}


class DenunciationForm(FactForm):
    """One line for each addressee: sent, first presented, received."""

    document_label = "Copie de la lettre"

    def build(self) -> None:
        found = [one for one in exits_of(self.scene.text) if is_denunciation(one)]
        if len(found) > 1:
            self.fields["clause"] = choice_field("Clause", clause_choices(found))
        for key, name in self.scene.others:
            self.fields[f"sent_on_{key}"] = DayField(label=f"{name} : lettre envoyée le")
            self.fields[f"presented_on_{key}"] = DayField(
                label=f"{name} : première présentation le", required=False, help_text=""
            )
            self.fields[f"received_on_{key}"] = DayField(
                label=f"{name} : reçue le", required=False, help_text=""
            )

    def letters(self) -> list[Letter]:
        """One letter to each other party."""
        values = self.cleaned_data
        return [
            Letter(key, values[f"sent_on_{key}"], values[f"presented_on_{key}"], values[f"received_on_{key}"])
            for key, _ in self.scene.others
        ]


class NoticeForm(FactForm):
    """A formal notice: the commitment not kept, and the letter's days."""

    document_label = "Copie de la lettre"

    def build(self) -> None:
        self.fields["commitment"] = forms.ChoiceField(
            label="Engagement qui n’est pas tenu",
            choices=[("", "Choisissez un engagement"), *self._owed()],
            help_text="Tels que le texte les écrit, partie par partie.",
            error_messages=CHOOSE,
        )
        self.fields["sent_on"] = DayField(label="Lettre envoyée le")
        self.fields["presented_on"] = DayField(label="Première présentation le", required=False)
        self.fields["received_on"] = DayField(label="Reçue le", required=False)

    def _owed(self) -> list[tuple[str, list[tuple[str, str]]]]:
        text = self.scene.text
        articles = {one.key: one.article for one in (*text.commitments, *text.obligations)}
        found = []
        for party, name in self.scene.others:
            lines = [
                (f"{party}|{key}", typeset(f"{short(what)} ({article_named(articles[key])})"))
                for key, what in owed_by(text, party).items()
            ]
            if lines:
                found.append((name, lines))
        return found

    def letter(self) -> tuple[Letter, str]:
        """The letter and the commitment's key."""
        values = self.cleaned_data
        addressee, _, commitment = values["commitment"].partition("|")
        days = (values["sent_on"], values["presented_on"], values["received_on"])
        return Letter(addressee, *days), commitment

    def fault_field(self, name: str | None) -> str | None:
        for field in ("sent_on", "presented_on", "received_on"):
            if name and name.startswith(field):
                return field
        return "commitment" if name == "addressee" else super().fault_field(name)


class ComplianceForm(DayForm):
    """Which notice, and its proof."""

    day_label = "Jour de la mise en conformité"
    document_label = "Preuve"
    document_need = Need.OR_NOTE

    def build(self) -> None:
        self.fields["notice"] = notice_field(self.scene, self.scene.notices())
        super().build()


class TerminationForm(DayForm):
    """The decision to terminate after a formal notice."""

    day_label = "Jour de la décision"
    document_label = "Décision"

    def build(self) -> None:
        self.fields["notice"] = notice_field(self.scene, self.scene.expired_notices())
        super().build()
        self.fields["effect"] = effect_field()


class GroundForm(DayForm):
    """Termination at once, or on grounds."""

    day_label = "Jour de la décision"
    document_label = "Décision"
    other: ClassVar[str] = "autre"

    def build(self) -> None:
        clauses = grounds_of(self.scene.text)
        pairs = [
            (f"{clause.name}|{number}", f"{ground} ({article_named(clause.article)})")
            for clause in clauses
            for number, ground in enumerate(clause.grounds)
        ]
        pairs += [
            (
                f"{clause.name}|{self.other}",
                f"Un autre motif, que le texte admet ({article_named(clause.article)})",
            )
            for clause in clauses
            if clause.open_list
        ]
        self.fields["ground"] = choice_field("Motif", pairs)
        if any(clause.open_list for clause in clauses):
            self.fields["other_ground"] = forms.CharField(
                label="Cet autre motif", required=False, max_length=400,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
                error_messages={"max_length": "Écrivez 400 caractères au plus."},
            )  # fmt: skip
        super().build()
        self.fields["effect"] = effect_field()

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("ground", "").endswith(f"|{self.other}") and not values.get("other_ground", "").strip():
            self.add_error("other_ground", "Dites quel est ce motif.")
        return values

    def clause_and_ground(self) -> tuple[str, str]:
        """The exit's name, and the ground's words."""
        name, _, which = self.cleaned_data["ground"].partition("|")
        if which == self.other:
            return name, str(self.cleaned_data["other_ground"]).strip()
        clause = next(one for one in grounds_of(self.scene.text) if one.name == name)
        return name, str(clause.grounds[int(which)])


class RenewalForm(DayForm):
    """A renewal that is recorded with its evidence."""

    day_label = "Premier jour du terme renouvelé"
    document_label = "Accord de renouvellement, s’il y en a un"

    def build(self) -> None:
        super().build()
        if getattr(self.scene.text.renewal, "mode", "") == "express":
            self.fields["day"].label = "Jour où les parties l’ont décidé"
        self.fields["until"] = DayField(label="Dernier jour du terme renouvelé", required=False)
        self.fields["until"].help_text = "Seulement si les parties l’ont dit. Jour, mois, année : 14/11/2025"


class ReadingForm(DayForm):
    """The reading of an ambiguous clause that the parties retain."""

    day_label = "Jour où les parties l’ont retenue"
    document_label = "Document qui la retient"
    document_need = Need.OR_NOTE

    def build(self) -> None:
        offered = readings_offered(self.scene)
        for name, (legend, pairs) in offered.items():
            self.fields[f"r_{name}"] = choice_field(legend, pairs, required=len(offered) == 1)
            self.fields[f"r_{name}"].error_messages["required"] = "Choisissez une lecture."
        super().build()

    def clean(self) -> dict[str, Any]:
        if not self.errors and len(self._chosen()) != 1:
            names = [name for name in self.fields if name.startswith("r_")]
            raise forms.ValidationError(
                "Choisissez une lecture."
                if len(names) == 1
                else "Choisissez une lecture, pour une seule clause à la fois."
            )
        return self.cleaned_data

    def _chosen(self) -> list[tuple[str, str]]:
        return [
            (name[2:], value) for name, value in self.cleaned_data.items() if name.startswith("r_") and value
        ]

    def clause_and_reading(self) -> tuple[str, str]:
        """The clause's name and the reading's."""
        return self._chosen()[0]

    def fault_field(self, name: str | None) -> str | None:
        return super().fault_field(None if name in {"clause", "reading"} else name)


class AgreementForm(DayForm):
    """All parties agree to end it."""

    day_label = "Jour de l’accord"
    document_label = "Accord signé par toutes les parties"
    document_need = Need.ALWAYS

    def build(self) -> None:
        super().build()
        self.fields["effect"] = effect_field()


class SuccessionForm(DayForm):
    """Another convention replaces it."""

    day_label = "Jour de la décision"
    document_label = "Document qui le dit"

    def build(self) -> None:
        self.fields["successor"] = forms.CharField(
            label="Convention qui remplace celle-ci", max_length=300,
            help_text="Son intitulé ou sa référence, qu’elle soit dans Maillage ou non.",
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={"required": "Nommez la convention qui remplace celle-ci."},
        )  # fmt: skip
        super().build()
        self.fields["effect"] = effect_field()
        self.fields["effect"].required = True
        self.fields["effect"].help_text = "Jour, mois, année : 14/11/2024"
        del self.fields["note"]

    def common(self) -> dict[str, Any]:
        self.cleaned_data.setdefault("note", "")
        return {name: value for name, value in super().common().items() if name != "note"}


class ExternalEndForm(DayForm):
    """The instrument on which the term is aligned has ended."""

    day_label = "Jour où les parties l’ont appris"

    def build(self) -> None:
        super().build()
        self.fields["until"] = DayField(label="Dernier jour de cet instrument")


class PredecessorForm(DayForm):
    """The bilan of the convention that this one succeeds."""

    day_label = "Jour du bilan"
    document_label = "Bilan"
    document_need = Need.OR_NOTE

    def build(self) -> None:
        pairs = [(one.key, one.name) for one in self.scene.text.relations if one.kind.value == "succeeds"]
        pairs += [
            (str(row.pk), row.text or (row.target.title if row.target else ""))
            for row in self.scene.known.row.relations.filter(kind="succeeds", key="").order_by("id")
        ]
        self.fields["relation"] = choice_field("Convention précédente", pairs)
        super().build()


def effect_field() -> DayField:
    """The first day no longer in force."""
    return DayField(
        label="Premier jour où la convention ne s’applique plus",
        required=False,
        help_text="Laissez vide : le jour même de la décision. Sinon jour, mois, année : 14/11/2024",
    )


def notice_field(scene: Scene, rows: Iterable[Event]) -> forms.ChoiceField:
    """One of these formal notices."""
    return choice_field("Mise en demeure", [(str(row.pk), notice_words(scene, row)) for row in rows])
