"""Campaigns: a national text's questions asked of all its local conventions, who has answered, what was published together."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.recording import day_of
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.spreadsheets.writing import csv_file, xlsx
from maillage.core.states import TransitionRefused
from maillage.indicators.campaigns import actions, queries
from maillage.indicators.campaigns.models import Campaign
from maillage.indicators.campaigns.policies import can_open, can_open_on_templates, can_run, is_national
from maillage.indicators.campaigns.rules import USUAL, ZONE, days_before, reminder_days
from maillage.indicators.campaigns.states import WORDS, State
from maillage.indicators.consolidated.protecting import ALL, NATION
from maillage.indicators.consolidated.reading import Line, lines
from maillage.indicators.figures import Year
from maillage.indicators.years import years_of
from maillage.organisations.roles import Permission
from maillage.organisations.territories import regions
from maillage.web.conventions.reading.texts import breadcrumb
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.indicators import campaign_tables as tables
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.days import DayField
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.refusals import place
from maillage.web.presentation.tables import Table
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

TITLE: Final = "Campagnes annuelles"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES: Final[dict[str, tuple[str, Callable[[list[tuple[str, ...]]], bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", lambda rows: csv_file(tables.EXPORTED, rows)),
    "xlsx": (_XLSX, lambda rows: xlsx("Campagne", tables.EXPORTED, rows)),
}


class RemindersField(forms.CharField):
    """Days before the closing day, typed as a list."""

    def __init__(self) -> None:
        super().__init__(
            label="Rappels, en jours avant cette date",
            required=False,
            max_length=60,
            help_text="Aux conventions qui n’ont pas transmis leur fiche. Par exemple 30, 14, 3 ; vide : aucun rappel.",
        )

    def prepare_value(self, value: Any) -> Any:
        """As it is typed: the days one after the other."""
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """The days, the earliest reminder first."""
        try:
            return days_before(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class OpenForm(forms.Form):
    """Which year, and until when answers are waited for."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput)
    year = forms.TypedChoiceField(label="Année", coerce=int)
    due_on = DayField(label="Réponses attendues pour le")
    reminders = RemindersField()

    def __init__(self, data: Any = None, *, years: tuple[Year, ...], **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["year"].choices = [(one.number, str(one.number)) for one in years]  # type: ignore[attr-defined]  # a ChoiceField


class OpenOnTemplateForm(OpenForm):
    """The same, and over which template of the library."""

    template = forms.ChoiceField(
        label="Modèle",
        error_messages={"invalid_choice": actions.NOT_HEADED, "required": actions.NOT_HEADED},
    )
    field_order = ("token", "template", "year", "due_on", "reminders")

    def __init__(
        self, data: Any = None, *, known: list[queries.Template], years: tuple[Year, ...], **options: Any
    ) -> None:
        super().__init__(data, years=years, **options)
        self.fields["template"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (one.name, typeset(f"{one.title} ({counted(one.conventions, 'convention')})")) for one in known
        ]


class DateForm(forms.Form):
    """Another day until which answers are waited for, and how long before it those who have not answered are reminded."""

    use_required_attribute = False
    due_on = DayField(label="Réponses attendues pour le")
    reminders = RemindersField()


def _done(
    request: MemberRequest, form: forms.Form, act: Callable[[dict[str, Any]], UUID], said: str
) -> HttpResponse | None:
    """What a right form does, then the page of its campaign; None where there is something to correct."""
    if not form.is_valid():
        return None
    try:
        campaign = act(form.cleaned_data)
    except Refused as refused:
        place(form, refused)
        return None
    messages.success(request, said)
    return redirect("indicators:campaign", campaign)


@page(permission=Permission.READ_CONVENTIONS)
def campaigns(request: MemberRequest) -> HttpResponse:
    """All campaigns: what they published is everybody's."""
    opens = can_open_on_templates(acting_member(request)) and bool(queries.templates())
    context = {
        "title": TITLE,
        "table": tables.listed_table(queries.campaigns()),
        "open_url": reverse("indicators:campaign_open_template") if opens else "",
    }
    return render(request, "indicators/campaigns.html", context)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def open_campaign(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Ask the questions of a national text about a year."""
    known = reached(request, convention)
    signing_party(known)
    member = acting_member(request)
    if not can_open(member, known):
        raise PermissionDenied(
            "L’organisme qui tient un texte signé interroge les conventions qui le mettent en œuvre."
        )
    if not is_national(known):
        messages.warning(request, actions.NOT_NATIONAL)
        return redirect("conventions:convention", known.id)
    on = day_of(known.row, request.instant)
    form = OpenForm(
        request.POST if request.method == "POST" else None,
        years=years_of(known, on),
        initial={"token": uuid7(), "year": on.year, "reminders": USUAL},
    )

    def act(values: dict[str, Any]) -> UUID:
        return actions.open_campaign(
            token=values["token"],
            framework=known.row,
            year=Year(values["year"]),
            due_on=values["due_on"],
            reminders=values["reminders"],
            by=member,
            at=request.instant,
        ).id

    said = "Campagne ouverte : les conventions qui mettent ce texte en œuvre ont ses questions."
    if (done := _done(request, form, act, said)) is not None:
        return done
    context = {
        "form": form,
        "back": reverse("conventions:convention", args=[known.id]),
        "title": "Ouvrir une campagne annuelle",
        "lead": typeset("Les questions de ce texte, posées à chaque convention locale qui le met en œuvre."),
        "breadcrumb": breadcrumb(known),
    }
    return render(request, "one_form.html", context)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def open_on_template(request: MemberRequest) -> HttpResponse:
    """Ask the questions of a template of all the conventions made from it."""
    member, known = acting_member(request), queries.templates()
    on = request.instant.astimezone(ZONE).date()
    first = min((one.since.year for one in known), default=on.year)
    form = OpenOnTemplateForm(
        request.POST if request.method == "POST" else None,
        known=known,
        years=tuple(Year(number) for number in range(on.year, first - 1, -1)),
        initial={"token": uuid7(), "year": on.year, "reminders": USUAL},
    )

    def act(values: dict[str, Any]) -> UUID:
        return actions.open_on_template(
            token=values["token"],
            template=values["template"],
            year=Year(values["year"]),
            due_on=values["due_on"],
            reminders=values["reminders"],
            by=member,
            at=request.instant,
        ).id

    said = "Campagne ouverte : les conventions faites de ce modèle ont ses questions."
    if (done := _done(request, form, act, said)) is not None:
        return done
    context = {
        "form": form if known else None,
        "title": "Ouvrir une campagne sur un modèle",
        "lead": typeset("Les questions d’un modèle, posées à chaque convention qui en est faite.")
        if known
        else typeset("Aucun organisme de votre réseau ne tient de convention faite d’un modèle."),
        "breadcrumb": [(TITLE, reverse("indicators:campaigns"))],
        "back": reverse("indicators:campaigns"),
    }
    return render(request, "one_form.html", context)


@page(permission=Permission.READ_CONVENTIONS)
def campaign(request: MemberRequest, campaign: UUID) -> HttpResponse:
    """One campaign: who has answered for whoever opened it, what was published for everybody."""
    row, member = _found(campaign), acting_member(request)
    runs = can_run(member, row)
    territory, network = _chosen(request, row)
    found = _answers(row, territory, network)
    context: dict[str, Any] = {
        "campaign": row,
        "title": f"Campagne {row.year}",
        "lead": typeset(row.title),
        "breadcrumb": [(TITLE, reverse("indicators:campaigns"))],
        "state": WORDS[State(row.state)],
        "due": f"Réponses attendues pour le {long_date(row.due_on)}.",
        "runs": runs and row.state == State.OPEN,
        "progress": tables.progress_table(queries.progress(row, member)) if runs else None,
        "reminders": _reminders(row, request.instant) if runs else None,
        "refused": row.refused,
        "answered": counted(row.answered or 0, "fiche validée", "fiches validées"),
        "tables": tables.lines_tables(found),
        "here": reverse("indicators:campaign", args=[row.id]),
        "territories": _choices([(NATION, tables.territory_words(NATION)), *_regions()], territory),
        "networks": _choices(
            [(ALL, "Tous les réseaux"), *((one, tables.network_words(one)) for one in queries.networks_of(row))],
            network,
        ),
        "exports": [
            (kind.upper(), reverse("indicators:campaign_export", args=[row.id, kind])) for kind in _TYPES
        ]
        if found
        else [],
    }  # fmt: skip
    return render(request, "indicators/campaign.html", context)


def _reminders(row: Campaign, at: datetime) -> Table:
    """Which reminders left, and which are to come: those of a closed campaign are over."""
    on = at.astimezone(ZONE).date()
    planned = reminder_days(row.reminders, row.due_on, row.opened_at.astimezone(ZONE).date())
    return tables.reminders_table(row, queries.reminders_left(row), planned, on)


def _found(campaign: UUID) -> Campaign:
    row = Campaign.objects.select_related("opened_for").filter(id=campaign).first()
    if row is None:
        raise Http404
    return row


def _regions() -> list[tuple[str, str]]:
    return sorted(((code, one.name) for code, one in regions().items()), key=lambda one: one[1])


def _choices(known: list[tuple[str, str]], chosen: str) -> list[tuple[str, str, bool]]:
    return [(code, label, code == chosen) for code, label in known]


def _chosen(request: MemberRequest, row: Campaign) -> tuple[str, str]:
    """The territory and the network of the address; all of them for anything unknown."""
    territory, network = request.GET.get("territoire", NATION), request.GET.get("reseau", ALL)
    known = {NATION, *dict(_regions())}
    return (
        territory if territory in known else NATION,
        network if network in {ALL, *queries.networks_of(row)} else ALL,
    )


def _answers(row: Campaign, territory: str, network: str) -> list[Line]:
    if row.state != State.RELEASED:
        return []
    found = queries.published(row, network=network, territories=[territory])
    amounts = {key: amount for (key, _), amount in found.items()}
    return list(lines(queries.questions_of(row), amounts)) if amounts else []


@page(permission=Permission.READ_CONVENTIONS)
def campaign_export(request: MemberRequest, campaign: UUID, kind: str) -> HttpResponse:
    """What was published, everywhere and with each network, one answer a line."""
    del request
    if kind not in _TYPES:
        raise Http404
    row = _found(campaign)
    rows = [
        line
        for network in (ALL, *queries.networks_of(row))
        for territory in (NATION, *(code for code, _ in _regions()))
        for line in tables.exported(territory, network, _answers(row, territory, network))
    ]
    content_type, write = _TYPES[kind]
    answer = HttpResponse(write(rows), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="campagne-{row.year}.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def close(request: MemberRequest, campaign: UUID) -> HttpResponse:
    """Close a campaign that one's organisation opened."""
    row = _run(request, campaign)
    try:
        actions.close_campaign(campaign=row, by=acting_member(request), at=request.instant)
    except (Refused, TransitionRefused) as refused:
        messages.warning(request, typeset(str(refused)))
    else:
        messages.success(
            request,
            "Campagne close : les fiches validées sont mises ensemble, puis publiées sous quelques minutes.",
        )
    return redirect("indicators:campaign", campaign)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def move(request: MemberRequest, campaign: UUID) -> HttpResponse:
    """Wait for the answers until another day."""
    row = _run(request, campaign)
    given = {"due_on": row.due_on, "reminders": row.reminders}
    form = DateForm(request.POST if request.method == "POST" else None, initial=given)

    def act(values: dict[str, Any]) -> UUID:
        actions.move_date(
            campaign=row,
            due_on=values["due_on"],
            reminders=values["reminders"],
            by=acting_member(request),
            at=request.instant,
        )
        return campaign

    if (done := _done(request, form, act, "Date et rappels changés.")) is not None:
        return done
    context = {
        "form": form,
        "title": "Changer la date et les rappels",
        "lead": typeset(row.title),
        "breadcrumb": [(TITLE, reverse("indicators:campaigns"))],
        "back": reverse("indicators:campaign", args=[row.id]),
    }
    return render(request, "one_form.html", context)


def _run(request: MemberRequest, campaign: UUID) -> Campaign:
    row = _found(campaign)
    if not can_run(acting_member(request), row):
        raise PermissionDenied("L’organisme qui a ouvert la campagne la conduit.")
    return row
