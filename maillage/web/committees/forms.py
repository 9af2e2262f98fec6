"""The forms of committees. What they accept is what the actions accept: messages stand at their fields."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms

from maillage.steering.committees.agenda import Point
from maillage.steering.committees.minutes import GENERAL
from maillage.steering.committees.rules import LONGEST_PLACE, LONGEST_TEXT, LONGEST_WORD
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import ParagraphsField, TokenForm
from maillage.web.presentation.typography import typeset

NOBODY: Final = "Ne parlez d’aucune personne : ni nom, ni numéro, ni situation que l’on reconnaîtrait."
CHOOSE: Final = {
    "required": "Choisissez une réponse.",
    "invalid_choice": "Choisissez une réponse de la liste.",
}
KINDS: Final = (("regular", "Réunion ordinaire"), ("final", "Bilan final de la convention"))
NATURES: Final = (("alert", "Alerte"), ("practice", "Bonne pratique"), ("path", "Piste d’amélioration"))


def short_text(
    label: str, help_text: str = "", *, longest: int = LONGEST_PLACE, required: bool = False
) -> forms.CharField:
    """One line."""
    return forms.CharField(
        label=label, help_text=help_text, max_length=longest, required=required,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez quelques mots.", "max_length": f"Écrivez {longest} caractères au plus."},
    )  # fmt: skip


def long_text(
    label: str, help_text: str = NOBODY, *, longest: int = LONGEST_WORD, rows: int = 4, required: bool = True
) -> ParagraphsField:
    """Several lines."""
    said = f"{longest:,}".replace(",", "\u202f")
    return ParagraphsField(
        label=label, help_text=help_text, max_length=longest, required=required,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        error_messages={"required": "Écrivez quelques mots.", "max_length": f"Écrivez {said} caractères au plus."},
    )  # fmt: skip


def _typeset(choices: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(value, typeset(words)) for value, words in choices]


class PlanForm(TokenForm):
    """Which committee, for when, inside what."""

    committee = forms.ChoiceField(label="Quel comité ?", widget=forms.RadioSelect, error_messages=CHOOSE)
    kind = forms.ChoiceField(
        label="Nature de la réunion", choices=KINDS, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    planned_on = DayField(label="Jour envisagé")
    inside = short_text(
        "Tenue au sein d’une autre réunion",
        "Laissez vide pour une réunion à part. Exemple : COPIL multi-partenaires de la PASS.",
    )
    needed = forms.MultipleChoiceField(
        label="Parties qui doivent être représentées (quorum)", widget=forms.CheckboxSelectMultiple, required=False,
        help_text="Aucune case cochée : toutes les parties membres.", error_messages=CHOOSE,
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, committees: Sequence[tuple[str, str]], parties: Sequence[tuple[str, str]],
        initial: Mapping[str, object] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=initial)
        self.choose("committee", _typeset(committees))
        self.choose("needed", _typeset(parties))


class ConveneForm(forms.Form):
    """The day, the hour, the place or the link."""

    use_required_attribute = False
    day = DayField(label="Jour")
    hour = forms.TimeField(
        label="Heure", input_formats=["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%Hh", "%H h"],
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off", "class": "short-input"}), help_text="Exemple : 14:30",
        error_messages={"required": "Écrivez une heure, comme 14:30.", "invalid": "Écrivez une heure, comme 14:30."},
    )  # fmt: skip
    place = short_text("Lieu")
    link = forms.URLField(
        label="Lien pour se réunir à distance", required=False, max_length=500, assume_scheme="https",
        error_messages={"invalid": "Écrivez une adresse complète, comme https://visio.example.org/salle."},
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    inside = short_text("Tenue au sein d’une autre réunion", "Laissez vide pour une réunion à part.")
    with_pack = forms.BooleanField(label="Figer le dossier avec la convocation", required=False)

    def __init__(
        self, data: Any = None, *, zone: ZoneInfo, initial: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.zone = zone

    def starts_at(self) -> datetime:
        """The instant, at the caisse's clock."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"], self.zone)


class ReasonForm(forms.Form):
    """Why."""

    use_required_attribute = False
    reason = long_text("Pourquoi", rows=3)


class ItemForm(TokenForm):
    """A point of the agenda."""

    text = long_text("Point à ajouter", rows=3)


class RemarkForm(TokenForm):
    """An alert, a good practice, a path of improvement."""

    kind = forms.ChoiceField(label="Nature", choices=NATURES, widget=forms.RadioSelect, error_messages=CHOOSE)
    text = long_text("Texte")


class HoldForm(forms.Form):
    """Who was represented, by which function; what the meeting shows to be kept."""

    use_required_attribute = False
    presence = forms.MultipleChoiceField(
        label="Parties représentées", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une partie représentée.", "invalid_choice": "Choisissez dans la liste."},
    )  # fmt: skip
    shows = forms.MultipleChoiceField(
        label="Engagements de votre organisme que cette réunion montre tenus", widget=forms.CheckboxSelectMultiple,
        required=False, error_messages=CHOOSE,
    )  # fmt: skip
    with_pack = forms.BooleanField(label="Figer le dossier de la réunion", required=False, initial=True)

    def __init__(
        self, data: Any = None, *, parties: Sequence[tuple[str, str, str]], owed: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data, initial={"presence": [key for key, _, _ in parties]})
        self.fields["presence"].choices = [(key, name) for key, name, _ in parties]  # type: ignore[attr-defined]
        self.keys = [key for key, _, _ in parties]
        functions = {
            f"presence_{key}": short_text(
                f"Par quelle fonction : {name}", "Une fonction, jamais un nom.", longest=200
            )
            for key, name, _ in parties
        }
        for key, _, function in parties:
            functions[f"presence_{key}"].initial = function
        self.fields = {"presence": self.fields["presence"], **functions, **self.fields}
        if owed:
            self.fields["shows"].choices = [(key, typeset(what)) for key, what in owed]  # type: ignore[attr-defined]
        else:
            del self.fields["shows"]

    def present(self) -> dict[str, str]:
        """Each party represented, by which function."""
        values = self.cleaned_data
        return {key: values.get(f"presence_{key}", "") for key in self.keys if key in values["presence"]}


class MinutesForm(forms.Form):
    """A text for each point of the agenda, then a general one; `base` is the version that was read."""

    use_required_attribute = False
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, points: Sequence[Point], initial: Mapping[str, object]) -> None:
        super().__init__(data, initial=dict(initial))
        self.points = [point.key for point in points]
        for number, point in enumerate(points, 1):
            label = typeset(f"{number}. {point.title}")
            self.fields[point.key] = long_text(label, "", longest=LONGEST_TEXT, rows=3, required=False)
        self.fields[GENERAL] = long_text("En général", longest=LONGEST_TEXT, rows=5, required=False)

    def body(self) -> dict[str, str]:
        """What was written, by point."""
        return {key: self.cleaned_data.get(key, "") for key in (*self.points, GENERAL)}


class DecisionForm(TokenForm):
    """What was decided, who has charge of it, for when."""

    text = long_text("Décision", rows=3)
    owner = forms.ChoiceField(label="À la charge de", widget=forms.RadioSelect, error_messages=CHOOSE)
    due_on = DayField(label="Pour le")

    def __init__(
        self,
        data: Any = None,
        *,
        parties: Sequence[tuple[str, str]],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.choose("owner", _typeset(parties))


class NoteForm(forms.Form):
    """A word with what becomes of a decision."""

    use_required_attribute = False
    words = long_text("Précision", required=False, rows=3)


class WhyForm(forms.Form):
    """Why a decision is given up."""

    use_required_attribute = False
    words = long_text("Pourquoi", rows=3)


class ConfirmForm(forms.Form):
    """The later meeting that confirms a decision."""

    use_required_attribute = False
    meeting = forms.ChoiceField(
        label="Confirmée par la réunion", widget=forms.RadioSelect, error_messages=CHOOSE
    )

    def __init__(self, data: Any = None, *, meetings: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["meeting"].choices = list(meetings)  # type: ignore[attr-defined]  # a ChoiceField


class DescribeForm(TokenForm):
    """A local action."""

    title = short_text("Intitulé", longest=200, required=True)
    description = long_text("Description", longest=4000, rows=6)


class AnalyseForm(forms.Form):
    """The parties' analysis after the first year."""

    use_required_attribute = False
    done = long_text("Ce qui a été fait", longest=4000)
    results = long_text("Résultats", longest=4000)
    worth = forms.ChoiceField(
        label="Vaut-elle d’être généralisée ?", choices=(("oui", "Oui"), ("non", "Non")), widget=forms.RadioSelect, error_messages=CHOOSE
    )  # fmt: skip


class ArbitrateForm(forms.Form):
    """What the national level decided."""

    use_required_attribute = False
    verdict = forms.ChoiceField(
        label="Arbitrage", choices=(("retenue", "Retenue pour un déploiement"), ("refusee", "Non retenue")),
        widget=forms.RadioSelect, error_messages=CHOOSE,
    )  # fmt: skip
    arbiter = short_text(
        "Arbitrée par",
        "Un organisme ou une fonction : comité de pilotage national.",
        longest=200,
        required=True,
    )
    day = DayField(label="Jour de l’arbitrage")
    why = long_text("Motif", rows=3)


class RollOutForm(forms.Form):
    """Where and since when it is rolled out."""

    use_required_attribute = False
    rollout = long_text("Où, et comment", rows=3)
    day = DayField(label="Depuis le")
