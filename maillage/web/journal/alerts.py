"""What somebody must look at: the list, one alert with its word, the threshold, and the lines of « À faire »."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.audit.models import Entry
from maillage.cases.models import Alert
from maillage.cases.rules import alert_reference
from maillage.cases.vigilance import alerts_visible_to, look_at, set_threshold, threshold_of, to_look_at
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.organisations.models import User
from maillage.organisations.roles import Permission
from maillage.referrals.references import reference
from maillage.web.home.tasks import Task
from maillage.web.journal.forms import ThresholdForm, WordForm
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date, long_instant, short_instant
from maillage.web.presentation.tables import Column, Row, Table, headings
from maillage.web.presentation.tones import Tone
from maillage.web.rules import acting_member, page

_SHOWN = 100
_COLUMNS = [Column("Signalement"), Column("Qui"), Column("Quoi"), Column("Quand"), Column("Suite")]


def what_words(alert: Alert) -> str:
    """What an alert is about, in a few words."""
    if alert.kind == "volume":
        return f"{alert.cases} dossiers ouverts en un jour (seuil : {alert.threshold})"
    return f"Consultation sans suivi du dossier {reference(alert.case_id) if alert.case_id else ''}"


@page(permission=Permission.READ_JOURNAL)
def alerts(request: MemberRequest) -> HttpResponse:
    """The hundred latest, those that nobody has looked at first."""
    member = acting_member(request)
    found = list(alerts_visible_to(member)[:_SHOWN])
    found.sort(key=lambda alert: alert.seen_at is not None)
    names = _names(*(alert.user_id for alert in found))
    zone = ZoneInfo(member.time_zone)
    rows = [
        Row(
            (
                alert_reference(alert.id),
                names.get(alert.user_id, ""),
                what_words(alert),
                short_instant(alert.raised_at, zone),
                alert.word if alert.seen_at else state_cell("À examiner", Tone.SOON),
            ),
            url=reverse("journal:alert", args=[alert.id]),
        )
        for alert in found
    ]
    table = Table(
        name="signalements",
        caption="Signalements",
        headings=headings(_COLUMNS, query={}),
        rows=rows,
        empty="Aucun signalement : le journal n’a rien remarqué d’inhabituel.",
    )
    return render(request, "journal/alerts.html", {"table": table, "journal_url": reverse("journal:journal")})


@page(permission=Permission.READ_JOURNAL, methods=("GET", "POST"))
def alert(request: MemberRequest, alert: UUID) -> HttpResponse:
    """One alert, with the reason that was given, and the word that closes it."""
    member = acting_member(request)
    found = alerts_visible_to(member).filter(id=alert).first()
    if found is None:
        raise Http404
    form = WordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            done = look_at(alert=found, word=form.cleaned_data["word"], by=member, at=request.instant)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            if done:
                messages.success(request, "Signalement examiné.")
            else:
                messages.info(request, "Ce signalement avait déjà été examiné.")
            return redirect("journal:alerts")
    context = {
        "reference": alert_reference(found.id),
        "facts": _facts(found, member),
        "form": form if found.seen_at is None and found.user_id != member.user else None,
        "is_own": found.user_id == member.user,
        "alerts_url": reverse("journal:alerts"),
    }
    return render(request, "journal/alert.html", context)


def _facts(found: Alert, member: Member) -> list[Fact]:
    zone = ZoneInfo(member.time_zone)
    names = _names(found.user_id, *([found.seen_by] if found.seen_by else []))
    facts = [
        Fact("Qui", names.get(found.user_id, "")),
        Fact("Quoi", what_words(found)),
        Fact("Jour", long_date(found.day)),
        Fact("Signalé le", long_instant(found.raised_at, zone)),
    ]
    if found.case_id:
        facts.append(Fact("Motif donné", _motive(found)))
    if found.seen_at and found.seen_by:
        facts.append(Fact("Examiné le", long_instant(found.seen_at, zone), names.get(found.seen_by, "")))
        facts.append(Fact("Suite donnée", found.word))
    return facts


def _motive(found: Alert) -> str:
    """What she wrote when she opened the case: it is kept in the journal, and nowhere else."""
    entry = Entry.objects.filter(
        organisation_id=found.organisation_id,
        user_id=str(found.user_id),
        verb="consult",
        object_ref=str(found.case_id),
        at__gte=found.raised_at,
    ).order_by("at")
    return entry.values_list("reason", flat=True).first() or "Le journal de ce jour a été élagué."


def _names(*users: UUID) -> dict[UUID, str]:
    return dict(User.objects.filter(id__in=users).values_list("id", "full_name"))


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"))
def threshold(request: MemberRequest) -> HttpResponse:
    """How many cases one may open in a day before it is told."""
    member = acting_member(request)
    form = ThresholdForm(
        request.POST if request.method == "POST" else None, initial={"cases": threshold_of(member)}
    )
    if form.is_valid():
        set_threshold(cases=form.cleaned_data["cases"], by=member, at=request.instant)
        messages.success(request, "Seuil enregistré.")
        return redirect("journal:journal")
    return render(
        request, "journal/threshold.html", {"form": form, "journal_url": reverse("journal:journal")}
    )


def due(member: Member, on: date) -> list[Task]:
    """Alerts that wait for somebody's eyes; never a name."""
    del on  # no day is due: at once
    if not member.may(Permission.READ_JOURNAL):
        return []
    return [
        Task(
            title=f"Examiner le signalement {alert_reference(found.id)}",
            url=reverse("journal:alert", args=[found.id]),
            due_on=None,
            why=f"{what_words(found)}. Personne n’est bloqué : dites en un mot la suite donnée.",
            kind="journal_alert",
        )
        for found in to_look_at(member, limit=_SHOWN)
    ]
