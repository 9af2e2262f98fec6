"""The forms of the journal: its filters (ids and days only, they stand in the address), a word about an alert, the threshold."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from maillage.audit.queries import Wanted
from maillage.cases.rules import HIGHEST_THRESHOLD, LONGEST_WORD, LOWEST_THRESHOLD
from maillage.core.text import sort_key
from maillage.web.journal.objects import OBJECTS
from maillage.web.journal.words import filter_words
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import ParagraphsField

DAYS_SHOWN = 30


class JournalFilters(forms.Form):
    """Thirty days unless others are asked for."""

    du = DayField(label="Du", required=False)
    au = DayField(label="Au", required=False)
    personne = forms.ChoiceField(label="Personne", required=False)
    action = forms.ChoiceField(
        label="Action",
        required=False,
        choices=[("", "Toutes"), *sorted(filter_words().items(), key=lambda verb: sort_key(verb[1]))],
    )
    objet = forms.ChoiceField(
        label="Sur quoi",
        required=False,
        choices=[("", "Tout"), *sorted(OBJECTS.items(), key=lambda kind: sort_key(kind[1]))],
    )
    lectures = forms.BooleanField(label="Lectures de données personnelles", required=False)

    def __init__(self, data: Any, *, people: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(data)
        field = self.fields["personne"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "Toutes"), *((str(user), name) for user, name in people)]

    def wanted(self, *, today: date, zone: ZoneInfo) -> Wanted:
        """What to show; a filter that was not understood limits nothing, and says so at its field."""
        self.is_valid()
        known = self.cleaned_data
        last = known.get("au") or today
        first = known.get("du") or last - timedelta(days=DAYS_SHOWN - 1)
        return Wanted(
            since=datetime.combine(first, time.min, zone),
            before=datetime.combine(last + timedelta(days=1), time.min, zone),
            person=UUID(known["personne"]) if known.get("personne") else None,
            verb=known.get("action", ""),
            object_type=known.get("objet", ""),
            personal=bool(known.get("lectures")),
        )


class WordForm(forms.Form):
    """What was done about an alert."""

    word = ParagraphsField(
        label="Suite donnée",
        help_text="En quelques mots, sans nom ni information de santé. Ce texte est gardé.",
        max_length=LONGEST_WORD,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={
            "required": "Dites en quelques mots la suite donnée.",
            "max_length": f"Écrivez {LONGEST_WORD} caractères au plus.",
        },
    )


class ThresholdForm(forms.Form):
    """How many cases one person may open in a day before it is told."""

    cases = forms.IntegerField(
        label="Dossiers ouverts par une même personne en un jour",
        help_text=(
            f"De {LOWEST_THRESHOLD} à {HIGHEST_THRESHOLD}. Au-delà, l’administration et le DPO sont informés ; "
            "personne n’est bloqué."
        ),
        min_value=LOWEST_THRESHOLD,
        max_value=HIGHEST_THRESHOLD,
        widget=forms.NumberInput(attrs={"class": "short-input"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Choisissez un nombre de {LOWEST_THRESHOLD} à {HIGHEST_THRESHOLD}.",
        ),
    )
