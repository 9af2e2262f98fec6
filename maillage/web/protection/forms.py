"""The forms of the data-protection desk. What they accept is what the actions accept: messages stand at their fields."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from maillage.protection.breaches.following import MEANS
from maillage.protection.breaches.rules import LONGEST, DataKind, Nature, instant_of, noticed_fault
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import ParagraphsField, TokenForm
from maillage.web.presentation.typography import typeset

NOBODY: Final = "Ne nommez aucune personne accompagnée : ni nom, ni numéro, ni adresse."
CHOOSE: Final = {
    "required": "Choisissez une réponse.",
    "invalid_choice": "Choisissez une réponse de la liste.",
    "invalid_list": "Choisissez dans la liste.",
}
GOES_ON: Final = (("non", "Non, c’est fini"), ("oui", "Oui"), ("inconnu", "Je ne sais pas"))
_TICK: Final = {**CHOOSE, "required": "Cochez au moins une réponse."}
_ESTIMATE: Final = {
    "invalid": "Écrivez un nombre entier, ou laissez vide.",
    "min_value": "Écrivez un nombre entier, ou laissez vide.",
}


def words(
    label: str, help_text: str = NOBODY, *, rows: int = 4, required: bool = True, longest: int = LONGEST
) -> ParagraphsField:
    """Several lines of text."""
    said = f"{longest:,}".replace(",", "\u202f")
    return ParagraphsField(
        label=typeset(label), help_text=help_text, max_length=longest, required=required,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        error_messages={"required": "Écrivez quelques mots.", "max_length": f"Écrivez {said} caractères au plus."},
    )  # fmt: skip


def hour(label: str = "Heure", *, required: bool = True) -> forms.TimeField:
    """An hour of a day, as one writes it."""
    return forms.TimeField(
        label=typeset(label), required=required, input_formats=["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%Hh", "%H h"],
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off", "class": "short-input"}), help_text="Exemple : 14:30",
        error_messages={"required": "Écrivez une heure, comme 14:30.", "invalid": "Écrivez une heure, comme 14:30."},
    )  # fmt: skip


def estimate(label: str) -> forms.IntegerField:
    """About how many."""
    return forms.IntegerField(
        label=typeset(label), required=False, min_value=0, help_text="Une estimation suffit. Laissez vide si vous ne savez pas.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short-input"}),
        error_messages=_ESTIMATE,
    )  # fmt: skip


def answers(label: str, choices: Sequence[tuple[str, str]], **more: Any) -> forms.ChoiceField:
    """One answer among a few, shown one under the other."""
    return forms.ChoiceField(
        label=typeset(label), choices=choices, widget=forms.RadioSelect, error_messages=CHOOSE, **more
    )


def happened() -> forms.MultipleChoiceField:
    """What happened to the data."""
    return forms.MultipleChoiceField(
        label=typeset("Qu’est-il arrivé aux données ?"), choices=[(one.value, typeset(one.label)) for one in Nature],
        widget=forms.CheckboxSelectMultiple, error_messages=_TICK,
    )  # fmt: skip


def touched() -> forms.MultipleChoiceField:
    """Which kinds of data."""
    return forms.MultipleChoiceField(
        label=typeset("Quelles données sont touchées ?"), choices=[(one.value, typeset(one.label)) for one in DataKind],
        widget=forms.CheckboxSelectMultiple, error_messages=_TICK,
    )  # fmt: skip


def said_to_go_on(answer: str) -> bool | None:
    """Whether it goes on; None where nobody knows."""
    return {"oui": True, "non": False}.get(answer)


class InstantForm(TokenForm):
    """When something happened: a day and its hour."""

    def instant(self, zone: ZoneInfo, name: str = "happened") -> datetime | None:
        """The instant that a day and its hour name at the organisation's clock; None for an hour that never was."""
        return instant_of(self.cleaned_data[f"{name}_on"], self.cleaned_data[f"{name}_hour"], zone)


class ReportForm(InstantForm):
    """A suspicion, in a minute."""

    what = words("Que s’est-il passé ?", f"Ce que vous savez, même incomplet. {NOBODY}", rows=5)
    noticed_on = DayField(label=typeset("Quand l’avez-vous constaté ?"))
    noticed_hour = hour("À quelle heure ?")
    natures = happened()
    kinds = touched()
    people = estimate("Combien de personnes, environ ?")
    records = estimate("Combien de documents ou de lignes, environ ?")
    goes_on = answers("Est-ce que cela continue ?", GOES_ON)
    conventions = forms.MultipleChoiceField(
        label=typeset("Au titre de quelles conventions ces données vous étaient-elles confiées ?"), required=False,
        widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE,
        help_text="Les parties que chaque texte désigne sont prévenues aussitôt. Dans le doute, laissez vide : votre délégué à la "
        "protection des données les ajoutera.",
    )  # fmt: skip

    def __init__(
        self,
        data: Any = None,
        *,
        conventions: Sequence[tuple[str, str]],
        at: datetime,
        zone: ZoneInfo,
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self._at, self._zone = at, zone
        if conventions:
            self.fields["conventions"].choices = list(conventions)  # type: ignore[attr-defined]
        else:
            del self.fields["conventions"]

    def clean(self) -> dict[str, Any]:
        """What is wrong with the moment is said with all the rest, so that nobody corrects twice."""
        given = self.cleaned_data
        if "noticed_on" in given and "noticed_hour" in given:
            fault = noticed_fault(self.instant(self._zone, "noticed"), self._at)
            if fault is not None:
                self.add_error(fault.field, typeset(fault.message))
        return given

    def chosen(self) -> tuple[UUID, ...]:
        """The conventions that were ticked."""
        return tuple(UUID(one) for one in self.cleaned_data.get("conventions", ()))

    def goes_on_said(self) -> bool | None:
        """Whether it goes on; None where nobody knows."""
        return said_to_go_on(self.cleaned_data["goes_on"])


class TouchForm(forms.Form):
    """More conventions that a breach touches."""

    use_required_attribute = False
    conventions = forms.MultipleChoiceField(
        label="Conventions touchées",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=CHOOSE,
    )

    def __init__(
        self, data: Any = None, *, conventions: Sequence[tuple[str, str]], ticked: Sequence[str]
    ) -> None:
        super().__init__(data, initial={"conventions": list(ticked)})
        self.fields["conventions"].choices = list(conventions)  # type: ignore[attr-defined]


class MomentForm(InstantForm):
    """A day and an hour."""

    happened_on = DayField(label="Jour")
    happened_hour = hour()


class KnowForm(MomentForm):
    """Since when one's organisation knows."""

    why = words("Pourquoi ce moment", rows=2, longest=300)


class ToldForm(MomentForm):
    """How a party without anybody here was told."""

    means = answers("Comment ?", tuple(MEANS.items()))


class EntryForm(MomentForm):
    """Something added to the file."""

    text = words("Texte")
    document = forms.FileField(
        label="Document (PDF, PNG ou JPEG)", required=False,
        help_text="Les parties de ce dossier le liront. Masquez les noms qui n’y sont pas utiles.",
    )  # fmt: skip


class FiledForm(EntryForm):
    """A notice to the authority."""

    late_reason = words("Motif du retard", "À dire si plus de 72 heures ont passé.", rows=2, required=False)
    field_order = ["happened_on", "happened_hour", "text", "late_reason", "document"]


class WindowForm(InstantForm):
    """Between which instants one looks in the journal, and for whose readings."""

    since_on = DayField(label="Depuis le")
    since_hour = hour("Heure de début")
    before_on = DayField(label="Jusqu’au")
    before_hour = hour("Heure de fin")
    person = forms.ChoiceField(label="Compte", required=False, error_messages=CHOOSE)

    def __init__(
        self, data: Any = None, *, people: Sequence[tuple[str, str]], initial: Mapping[str, object] | None = None
    ) -> None:  # fmt: skip
        super().__init__(data, initial=initial)
        self.fields["person"].choices = [("", "Tous les comptes"), *people]  # type: ignore[attr-defined]


class DecideForm(TokenForm):
    """What the controllers decide together."""

    is_breach = answers(
        "Est-ce une violation de données ?", (("oui", "Oui"), ("non", "Non, la suspicion est écartée"))
    )
    reason = words("Si non, pourquoi", "", rows=2, required=False)
    consequences = words("Si oui, conséquences probables pour les personnes", "", rows=3, required=False)
    measures = words("Si oui, mesures prises ou prévues", "", rows=3, required=False)
    authority = answers(
        "Si oui, notifier à la CNIL ?", (("oui", "Oui"), ("non", "Non : pas de risque pour les personnes")), required=False
    )  # fmt: skip
    authority_reason = words("Sans notification, pourquoi il n’y a pas de risque", "", rows=2, required=False)
    persons = answers(
        "Si oui, informer les personnes ?", (("oui", "Oui : le risque est élevé"), ("non", "Non")), required=False
    )  # fmt: skip
    persons_reason = words("Sans information des personnes, pourquoi", "", rows=2, required=False)

    def __init__(self, data: Any = None, *, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)
        for name in (
            "reason",
            "consequences",
            "measures",
            "authority",
            "authority_reason",
            "persons",
            "persons_reason",
        ):
            self.fields[name].need = True  # type: ignore[attr-defined]  # its label says when: it is not optional then


class CloseForm(forms.Form):
    """What a breach teaches."""

    use_required_attribute = False
    lessons = words("Ce que cette violation apprend, ce qui change", rows=4)


class JoinForm(forms.Form):
    """The other report of the same facts."""

    use_required_attribute = False
    into = forms.ChoiceField(label="L’autre signalement", widget=forms.RadioSelect, error_messages=CHOOSE)

    def __init__(self, data: Any = None, *, others: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["into"].choices = list(others)  # type: ignore[attr-defined]
