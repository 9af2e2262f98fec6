"""The forms of what is written on a sheet: one for each kind, and one for each step of a study."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from django import forms

from maillage.conventions.terms.base import Labelled
from maillage.steering.sheets.rules import DETAILS, LEAD, STEPS, Entry, Gravity, Kind, Pace, Said, Step
from maillage.web.presentation.days import DayField
from maillage.web.presentation.typography import typeset

_LONG: Final = {"max_length": "Écrivez 1 000 caractères au plus."}
_CHOOSE: Final = {
    "required": "Choisissez une réponse.",
    "invalid_choice": "Choisissez une réponse de la liste.",
}


def _text(
    label: str, help_text: str = "", *, rows: int = 2, required: bool = True, empty: str = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=typeset(help_text),
        max_length=1000,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        error_messages={**_LONG, "required": empty or "Écrivez quelque chose ici."},
    )


def _line(label: str, help_text: str = "", *, required: bool = False, empty: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=typeset(help_text),
        max_length=1000,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={**_LONG, "required": empty or "Écrivez quelque chose ici."},
    )


def _choice(label: str, among: Iterable[Labelled]) -> forms.ChoiceField:
    pairs = [(one.value, typeset(one.label[0].upper() + one.label[1:])) for one in among]
    return forms.ChoiceField(label=label, choices=pairs, widget=forms.RadioSelect, error_messages=_CHOOSE)


class EntryForm(forms.Form):
    """What every entry has: the id made when its form was shown, and a text. `before` is the entry that it takes the place of."""

    use_required_attribute = False
    kind: ClassVar[Kind]
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        parties: Mapping[str, str],
        before: Entry | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        said = before.said if before else None
        known = (
            {"text": said.text, "day": said.day, "done_on": said.done_on, "step": said.step, **said.detail}
            if said
            else {}
        )
        super().__init__(data, initial={**known, **(initial or {})})
        self.parties = parties
        self.build()

    def build(self) -> None:
        """Add the fields that hang on the convention."""

    def said(self) -> Said:
        """What was written, as actions take it."""
        values = self.cleaned_data
        names = (*DETAILS.get(self.kind, ()), *(name for name in self.fields if name.startswith(LEAD)))
        detail = {name: str(values[name]).strip() for name in names if values.get(name)}
        step = values.get("step")
        return Said(
            values.get("text", ""),
            Step.of(step) if step else None,
            values.get("day"),
            values.get("done_on"),
            detail,
        )


class SheetForm(EntryForm):
    """The title, the leads on each side, the partners, the indicators."""

    kind = Kind.SHEET
    text = _line("Titre de la fiche", required=True, empty="Donnez un titre à cette fiche.")
    partners = _text("Partenaires", "Les organismes associés à l’action.", required=False)
    indicators = _text("Indicateurs", "À quoi l’on verra que l’action avance.", required=False)

    def build(self) -> None:
        for key, name in self.parties.items():
            self.fields[f"{LEAD}{key}"] = _line(
                f"Pilote, {name}", "Une fonction, un service : jamais le nom d’une personne."
            )
        leads = [name for name in self.fields if name.startswith(LEAD)]
        self.order_fields(["token", "text", *leads, "partners", "indicators"])


class MilestoneForm(EntryForm):
    """A dated step of the action."""

    kind = Kind.MILESTONE
    text = _line("Jalon", required=True, empty="Dites quel est ce jalon.")
    day = DayField(label="Échéance", required=False)
    step = _choice("Où il en est", STEPS[Kind.MILESTONE])
    done_on = DayField(label="Fait le", required=False, help_text="Seulement pour un jalon fait : 14/11/2024")


class ExchangeForm(EntryForm):
    """Data that one party hands over to another."""

    kind = Kind.EXCHANGE
    text = _text(
        "Ce qui est échangé",
        "Des données agrégées : aucune donnée d’une personne.",
        empty="Dites ce qui est échangé.",
    )
    supplier = forms.ChoiceField(label="Fourni par", widget=forms.RadioSelect, error_messages=_CHOOSE)
    format = _line("Format", "Un tableur, un fichier, un accès à un outil…")
    pace = _choice("Rythme", Pace)
    day = DayField(label="Première livraison attendue le", required=False)
    legal_basis = _line(
        "Base légale",
        "Le texte qui permet cet échange : un article, un décret.",
        required=True,
        empty="Dites sur quelle base légale : sans elle, rien ne circule.",
    )
    step = _choice("Où il en est", STEPS[Kind.EXCHANGE])

    def build(self) -> None:
        self.fields["supplier"].choices = list(self.parties.items())  # type: ignore[attr-defined]  # a ChoiceField


class DeliveryForm(EntryForm):
    """One delivery of an exchange."""

    kind = Kind.DELIVERY
    day = DayField(label="Livré le")
    text = _line(
        "Ce qui a été livré", "La période, la version.", required=True, empty="Dites ce qui a été livré."
    )


class RiskForm(EntryForm):
    """What may go wrong, and what is done about it."""

    kind = Kind.RISK
    text = _text("Risque", empty="Dites quel est ce risque.")
    gravity = _choice("Niveau", Gravity)
    answer = _text("Réponse", "Ce qui est fait, ou le sera.", required=False)
    step = _choice("Où il en est", STEPS[Kind.RISK])


class NoteForm(EntryForm):
    """Where the action stands."""

    kind = Kind.NOTE
    day = DayField(label="Jour")
    text = _text("Note", "Jamais le nom ni la situation d’une personne.", rows=4, empty="Écrivez la note.")


class StudyForm(EntryForm):
    """A joint study that one party asks for."""

    kind = Kind.STUDY
    day = DayField(label="Demandée le")
    text = _text(
        "Étude demandée",
        "La question posée, les données qu’il y faut, qui s’en servira.",
        rows=4,
        empty="Dites ce qui est demandé.",
    )


class AnswerForm(EntryForm):
    """The other party agrees, or refuses, in writing."""

    kind = Kind.STUDY
    day = DayField(label="Répondu le")
    reference = _line(
        "Écrit qui le dit",
        "Une lettre, un courriel : sa date, sa référence.",
        required=True,
        empty="Dites quel écrit le dit : une lettre, un courriel, sa date.",
    )


class DataForm(EntryForm):
    """The data that were handed over."""

    kind = Kind.STUDY
    day = DayField(label="Remises le")
    delivered = _text(
        "Données remises",
        "Quels tableaux, quelle période, quel champ.",
        empty="Dites quelles données ont été remises.",
    )
    aggregates = forms.BooleanField(
        label="Ce sont des agrégats : ni donnée d’une personne, ni effectif où l’on en reconnaîtrait une.",
        error_messages={"required": "Seuls des agrégats se remettent : confirmez que ce sont des agrégats."},
    )


class ResultForm(EntryForm):
    """What the study showed."""

    kind = Kind.STUDY
    day = DayField(label="Terminée le")
    result = _text(
        "Résultat", "Ce que l’étude a montré, où la lire.", rows=4, empty="Dites ce que l’étude a montré."
    )


FORMS: Final[Mapping[Kind, type[EntryForm]]] = {
    one.kind: one
    for one in (SheetForm, MilestoneForm, ExchangeForm, DeliveryForm, RiskForm, NoteForm, StudyForm)
}
"""The form that writes an entry of each kind, or says it anew."""
STUDY_STEPS: Final[Mapping[str, tuple[Step, type[EntryForm], str]]] = {
    "accord": (Step.AGREED, AnswerForm, "Accepter l’étude"),
    "refus": (Step.REFUSED, AnswerForm, "Refuser l’étude"),
    "remise": (Step.DELIVERED, DataForm, "Noter la remise des données"),
    "resultat": (Step.CONCLUDED, ResultForm, "Noter le résultat"),
}
"""The steps of a study by the word of their address: where they lead, their form, what their page is called."""
