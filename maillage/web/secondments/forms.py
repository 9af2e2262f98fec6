"""The forms of secondments and appointments. What they accept is what the rules accept: messages stand at their fields."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.html import format_html

from maillage.beneficiaries.rules import MEANS, Identity, Told
from maillage.core.identifiers import compact_number
from maillage.secondments.actions import Arrangement
from maillage.secondments.queries import Opening
from maillage.secondments.rules import LONGEST_PLACE, MOST_WEEKS, OUTCOMES, PAPERS, WEEKDAYS, Slot, Weekly
from maillage.web.presentation.dates import weekday_date
from maillage.web.presentation.days import FIRST, LAST, DayField
from maillage.web.presentation.forms import FrenchDateField, TokenForm
from maillage.web.referrals.steps import PersonForm
from maillage.web.secondments.words import hours

_CHOOSE = {"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une réponse de la liste."}
_SLOT = "Choisissez un créneau encore libre."
SHOWN = 60
"""Free slots of one form; the agenda shows them all."""


class ArrangementForm(TokenForm):
    """Who is lent, where she receives, from when to when."""

    agent = forms.ChoiceField(
        label="Quel agent ?", help_text="Une personne de votre caisse qui reçoit.", error_messages=_CHOOSE
    )
    place = forms.CharField(
        label="Où reçoit-elle ou reçoit-il ?",
        max_length=LONGEST_PLACE,
        help_text="Bâtiment, étage, bureau, chez le partenaire.",
        error_messages={
            "required": "Dites où l’agent reçoit.",
            "max_length": f"Écrivez {LONGEST_PLACE} caractères au plus.",
        },
    )
    since = DayField(label="Premier jour")
    until = DayField(label="Dernier jour", required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        people: Sequence[tuple[UUID, str]],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.choose("agent", [("", "Choisir"), *((str(user), name) for user, name in people)])

    def arrangement(self) -> Arrangement:
        """What was answered."""
        values = self.cleaned_data
        return Arrangement(UUID(values["agent"]), values["place"], values["since"], values["until"])


class LendForm(ArrangementForm):
    """A new secondment: first, under which convention."""

    authorisation = forms.ChoiceField(
        label="Selon quelle convention ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une convention.",
            "invalid_choice": "Choisissez une convention.",
        },
    )
    field_order = ("token", "authorisation", "agent", "place", "since", "until")

    def __init__(
        self,
        data: Any = None,
        *,
        people: Sequence[tuple[UUID, str]],
        openings: Sequence[Opening],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, people=people, initial=initial)
        self.choose("authorisation", [(str(one.authorisation), _opening(one)) for one in openings])
        if len(openings) == 1:
            self.initial.setdefault("authorisation", str(openings[0].authorisation))


def _opening(one: Opening) -> str:
    return format_html(
        '<strong>{}</strong><br><span class="small soft">Article {} de la convention « {} ».</span>',
        one.host,
        one.article,
        one.title,
    )


class ChangeForm(ArrangementForm):
    """The same, once set up: the first day stays."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["since"].disabled = True
        del self.fields["token"]


class PermanenceForm(TokenForm):
    """A day of the week, hours, the length of an appointment."""

    weekday = forms.TypedChoiceField(
        label="Jour", choices=list(WEEKDAYS.items()), coerce=int, error_messages=_CHOOSE
    )
    starts = forms.TimeField(
        label="De",
        help_text="Par exemple 9:00, à l’heure du lieu d’accueil.",
        widget=forms.TimeInput(format="%H:%M"),
    )
    ends = forms.TimeField(label="À", widget=forms.TimeInput(format="%H:%M"))
    minutes = forms.IntegerField(label="Durée d’un rendez-vous, en minutes")
    every = forms.TypedChoiceField(
        label="Elle revient",
        choices=[(1, "chaque semaine"), *((n, f"toutes les {n} semaines") for n in range(2, MOST_WEEKS + 1))],
        coerce=int,
        error_messages=_CHOOSE,
    )
    since = DayField(label="À partir du")
    until = DayField(label="Jusqu’au", required=False)

    def __init__(self, data: Any = None, *, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)
        for name in ("starts", "ends"):
            self.fields[name].widget.attrs |= {"inputmode": "text", "class": "short-input"}
            self.fields[name].error_messages |= {
                "invalid": "Écrivez une heure, comme 9:00.",
                "required": "Écrivez une heure, comme 9:00.",
            }
        self.fields["minutes"].error_messages |= dict.fromkeys(
            ("required", "invalid"), "Écrivez un nombre de minutes."
        )

    def weekly(self) -> Weekly:
        """What was answered."""
        values = {name: self.cleaned_data[name] for name in self.fields if name != "token"}
        return Weekly(**values)


class LastDayForm(forms.Form):
    """When a permanence ends."""

    until = DayField(label="Dernier jour de cette permanence")


class SlotForm(TokenForm):
    """One of the slots still free."""

    slot = forms.ChoiceField(label="Créneau", error_messages={"required": _SLOT, "invalid_choice": _SLOT})

    def __init__(
        self,
        data: Any = None,
        *,
        slots: Sequence[Slot],
        zone: ZoneInfo,
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.slots = {code(slot): slot for slot in slots}
        asked = str((data or self.initial).get("slot", ""))
        shown = list(slots[:SHOWN])
        if asked in self.slots and self.slots[asked] not in shown:
            shown.append(self.slots[asked])
        self.choose("slot", [("", "Choisir"), *_by_day(shown, zone)])

    def chosen(self) -> Slot:
        """The slot."""
        return self.slots[self.cleaned_data["slot"]]


def code(slot: Slot) -> str:
    """A slot in an address or in a form: its first instant."""
    return slot.starts_at.astimezone(UTC).strftime("%Y%m%dT%H%MZ")


def _by_day(slots: Iterable[Slot], zone: ZoneInfo) -> list[tuple[str, list[tuple[str, str]]]]:
    def day(slot: Slot) -> str:
        return weekday_date(slot.starts_at, zone)

    return [
        (name, [(code(slot), f"{name}, {hours(slot, zone)}") for slot in of_day])
        for name, of_day in groupby(slots, key=day)
    ]


class VisitForm(SlotForm):
    """A slot, why, what to bring, and what the person was told."""

    service = forms.ChoiceField(
        label="Pour quoi vient la personne ?", widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    papers = forms.MultipleChoiceField(
        label="Ce qu’elle doit apporter",
        choices=list(PAPERS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=_CHOOSE,
    )
    given_on = FrenchDateField(label="Quand l’avez-vous informée ?")
    means = forms.ChoiceField(
        label="Comment ?", choices=list(MEANS.items()), widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    recipient_named = forms.BooleanField(required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        slots: Sequence[Slot],
        zone: ZoneInfo,
        reasons: Mapping[str, str],
        caisse: str,
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, slots=slots, zone=zone, initial=initial)
        self.choose("service", list(reasons.items()))
        self.fields[
            "recipient_named"
        ].label = f"Elle sait que son nom, de quoi la joindre et son motif vont à {caisse}"

    def told(self) -> Told:
        """What she was told."""
        return Told(**{name: self.cleaned_data[name] for name in ("given_on", "means", "recipient_named")})


class BookForm(VisitForm):
    """The same, with who she is."""

    PERSON = tuple(PersonForm.base_fields)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields |= {name: deepcopy(PersonForm.base_fields[name]) for name in self.PERSON}

    def person(self) -> Identity:
        """Who she is."""
        values = {name: self.cleaned_data[name] for name in self.PERSON}
        return Identity(**{**values, "nir": compact_number(values["nir"])})


class OutcomeForm(forms.Form):
    """What came of an appointment."""

    outcome = forms.ChoiceField(
        label="Quelle suite ?",
        choices=list(OUTCOMES.items()),
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )


class CancelForm(forms.Form):
    """At whose demand."""

    whose = forms.ChoiceField(label="À la demande de qui ?", widget=forms.RadioSelect, error_messages=_CHOOSE)

    def __init__(self, data: Any = None, *, choices: Mapping[str, str]) -> None:
        super().__init__(data)
        field = self.fields["whose"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list(choices.items())


def day_asked(text: str, today: datetime) -> Any:
    """A day of an address (2026-06-02); a broken one, or one that nobody lives in, is today's: weeks are counted from it."""
    try:
        found = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        return today.date()
    return found if FIRST <= found <= LAST else today.date()
