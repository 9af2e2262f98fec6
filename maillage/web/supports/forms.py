"""The forms of supports, versions and stocks. What they accept is what the rules accept: messages stand at their fields."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms

from maillage.catalogue.queries import Search
from maillage.catalogue.rights import OFFERED
from maillage.catalogue.rules import (
    AUDIENCES,
    KINDS,
    LANGUAGES,
    LONGEST_CHANGES,
    LONGEST_LABEL,
    LONGEST_LINK,
    LONGEST_PURPOSE,
    LONGEST_REASON,
    LONGEST_TITLE,
    MOST_COPIES,
    MOVEMENTS,
    Described,
    Moved,
    Span,
)
from maillage.web.conventions.writing.uploads import file_field
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import ParagraphsField, TokenForm
from maillage.web.presentation.typography import typeset

_CHOOSE: Final = {
    "required": "Choisissez une réponse.",
    "invalid_choice": "Choisissez une réponse de la liste.",
}
_SEVERAL: Final = {
    "required": "Choisissez au moins une réponse.",
    "invalid_choice": "Choisissez dans la liste.",
    "invalid_list": "Choisissez dans la liste.",
}
_SERVICES: Final = [(one.key, one.name) for one in OFFERED.values()]
_NUMBER: Final = "Écrivez un nombre entier."


def _words(label: str, longest: int, required: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        help_text=typeset(help_text),
        error_messages={"required": required, "max_length": f"Écrivez {longest} caractères au plus."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SearchForm(forms.Form):
    """What the library is limited to, in its address."""

    texte = forms.CharField(label="Mots", required=False, max_length=100)
    nature = forms.ChoiceField(label="Nature", required=False, choices=[("", "Toutes"), *KINDS.items()])
    public = forms.ChoiceField(label="Pour qui", required=False, choices=[("", "Tous"), *AUDIENCES.items()])
    langue = forms.ChoiceField(label="Langue", required=False, choices=[("", "Toutes"), *LANGUAGES.items()])
    service = forms.ChoiceField(label="Service ou droit", required=False, choices=[("", "Tous"), *_SERVICES])
    notres = forms.BooleanField(label="De notre organisme seulement", required=False)
    tous = forms.BooleanField(
        label="Montrer aussi ce qui est obsolète, retiré ou en préparation", required=False
    )

    def search(self) -> Search:
        """The filters that were understood; one that was not limits nothing and says so at its field."""
        self.is_valid()
        known = self.cleaned_data
        return Search(
            text=known.get("texte", ""),
            kind=known.get("nature", ""),
            audience=known.get("public", ""),
            language=known.get("langue", ""),
            service=known.get("service", ""),
            own=known.get("notres", False),
            everything=known.get("tous", False),
        )


class SupportForm(TokenForm):
    """What a support is, whatever its version."""

    title = _words(
        "Titre", LONGEST_TITLE, "Donnez un titre.", "Celui que l’on cherche : « Demander la C2S »."
    )
    kind = forms.ChoiceField(
        label="Nature", choices=[("", "Choisir"), *KINDS.items()], error_messages=_CHOOSE
    )
    purpose = ParagraphsField(
        label="À quoi il sert",
        max_length=LONGEST_PURPOSE,
        help_text="En une ou deux phrases, pour qui ne le connaît pas.",
        error_messages={
            "required": "Dites à quoi il sert.",
            "max_length": f"Écrivez {LONGEST_PURPOSE} caractères au plus.",
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    audience = forms.MultipleChoiceField(
        label="Pour qui",
        choices=list(AUDIENCES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages=_SEVERAL,
    )
    languages = forms.MultipleChoiceField(
        label="Langues",
        choices=list(LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages=_SEVERAL,
    )
    services = forms.MultipleChoiceField(
        label="Services ou droits dont il parle",
        choices=_SERVICES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=_SEVERAL,
    )

    def described(self) -> Described:
        """What was answered."""
        values = self.cleaned_data
        several = {name: tuple(values[name]) for name in ("audience", "languages", "services")}
        return Described(values["kind"], values["title"], values["purpose"], **several)


class VersionForm(TokenForm):
    """One version: its name, then a file or a link."""

    label = _words(
        "Nom de la version",
        LONGEST_LABEL,
        "Nommez cette version.",
        "La référence imprimée, ou une date : « S3711, janvier 2027 ».",
    )
    changes = ParagraphsField(
        label="Ce qui change",
        max_length=LONGEST_CHANGES,
        required=False,
        error_messages={"max_length": f"Écrivez {LONGEST_CHANGES} caractères au plus."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    file = file_field("Fichier", "PDF, PNG ou JPEG, 10 Mo au plus. Ou bien un lien, ci-dessous.")
    link = forms.CharField(
        label="Lien",
        required=False,
        max_length=LONGEST_LINK,
        help_text="Une adresse complète qui commence par https://, pour une vidéo, un simulateur, un e-learning.",
        error_messages={"max_length": f"Écrivez {LONGEST_LINK} caractères au plus."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )


class SpanForm(forms.Form):
    """The days of a version."""

    use_required_attribute = False
    valid_from = DayField(label="Proposée à partir du")
    valid_until = DayField(
        label="Valable jusqu’au",
        required=False,
        help_text=typeset("Dernier jour. Rien : jusqu’à nouvel ordre."),
    )

    def span(self) -> Span:
        """What was answered."""
        return Span(self.cleaned_data["valid_from"], self.cleaned_data["valid_until"])


class UntilForm(forms.Form):
    """Another last day, or none."""

    use_required_attribute = False
    valid_until = DayField(
        label="Valable jusqu’au",
        required=False,
        help_text=typeset("Dernier jour. Rien : jusqu’à nouvel ordre."),
    )


class WithdrawForm(forms.Form):
    """Why a version is withdrawn, and what to use in its place."""

    use_required_attribute = False
    reason = _words(
        "Pourquoi la retirer",
        LONGEST_REASON,
        "Dites pourquoi.",
        "Lu par tous les organismes : « Le plafond a changé ».",
    )
    instead = forms.ChoiceField(label="À utiliser à la place", required=False, error_messages=_CHOOSE)

    def __init__(self, data: Any = None, *, others: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(data)
        field = self.fields["instead"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "Rien"), *((str(key), title) for key, title in others)]

    def other(self) -> UUID | None:
        """What was chosen."""
        chosen = self.cleaned_data["instead"]
        return UUID(chosen) if chosen else None


class MovementForm(TokenForm):
    """Copies received, handed out or counted."""

    kind = forms.ChoiceField(
        label=typeset("Que s’est-il passé ?"),
        choices=[
            ("received", "Nous en avons reçu"),
            ("sent", "Nous en avons remis"),
            ("counted", "Nous les avons comptés"),
        ],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    quantity = forms.IntegerField(
        label=typeset("Combien ?"),
        min_value=0,
        max_value=MOST_COPIES,
        error_messages={
            "required": _NUMBER,
            "invalid": _NUMBER,
            "min_value": _NUMBER,
            "max_value": f"Écrivez un nombre, {MOST_COPIES} au plus.",
        },
        widget=forms.NumberInput(attrs={"class": "short-input"}),
    )
    recipient = forms.ChoiceField(
        label=typeset("Remis à quel organisme ?"),
        required=False,
        help_text="Pour ce qui est remis à un organisme de l’annuaire.",
        error_messages=_CHOOSE,
    )
    day = DayField(label="Jour")

    def __init__(
        self,
        data: Any = None,
        *,
        bodies: Sequence[tuple[UUID, str]],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        assert set(MOVEMENTS) == {"received", "sent", "counted"}  # noqa: S101 - each has its words above
        field = self.fields["recipient"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "Aucun, ou un autre"), *((str(key), name) for key, name in bodies)]

    def moved(self) -> Moved:
        """What was answered."""
        values = self.cleaned_data
        return Moved(values["kind"], values["quantity"], values["day"])

    def sent_to(self) -> UUID | None:
        """To whom."""
        chosen = self.cleaned_data["recipient"]
        return UUID(chosen) if chosen else None


class ThresholdForm(forms.Form):
    """Below how many copies « À faire » says so."""

    use_required_attribute = False
    threshold = forms.IntegerField(
        label="Prévenir quand il en reste moins de",
        required=False,
        min_value=1,
        max_value=MOST_COPIES,
        help_text=typeset("Rien : ne pas prévenir."),
        error_messages={
            "invalid": _NUMBER,
            "min_value": "Écrivez 1 au moins, ou rien.",
            "max_value": f"Écrivez un nombre, {MOST_COPIES} au plus.",
        },
        widget=forms.NumberInput(attrs={"class": "short-input"}),
    )
