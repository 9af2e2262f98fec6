"""The owner's acts on one version: publishing it, saying until when it is valid, withdrawing it everywhere, giving a draft up."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.catalogue import actions, queries
from maillage.catalogue.models import SupportVersion
from maillage.catalogue.states import State
from maillage.conventions.commitments import publications
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.roles import Permission
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Confirmation, Fact
from maillage.web.presentation.dates import between
from maillage.web.presentation.refusals import place
from maillage.web.referrals.tasks import local_day
from maillage.web.rules import acting_member, page
from maillage.web.supports.forms import SpanForm, UntilForm, WithdrawForm
from maillage.web.supports.reading import way_back
from maillage.web.supports.words import content_words
from maillage.web.supports.writing import show_form


def _version_or_404(request: MemberRequest, version: UUID) -> SupportVersion:
    """A version of the member's own organisation."""
    try:
        return queries.version_of(acting_member(request), version)
    except SupportVersion.DoesNotExist as unknown:
        raise Http404 from unknown


def _page_of(row: SupportVersion) -> str:
    return reverse("supports:support", args=[row.support_id])


def _too_late(request: MemberRequest, row: SupportVersion, refused: TransitionRefused) -> HttpResponse:
    messages.warning(request, str(refused))
    return redirect(_page_of(row))


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def publish(request: MemberRequest, version: UUID) -> HttpResponse:
    """A draft, read again, with the days for which it will be given."""
    member, row = acting_member(request), _version_or_404(request, version)
    if row.state != State.DRAFT:
        return redirect(_page_of(row))
    initial = {"valid_from": local_day(request.instant, member)}
    form = SpanForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            publications.publish(version=row, span=form.span(), by=member, at=request.instant)
        except Refused as refused:
            place(form, refused)
        except TransitionRefused as refused:
            return _too_late(request, row, refused)
        else:
            messages.success(request, "Version publiée : elle seule est donnée pendant ces jours.")
            return redirect(_page_of(row))
    context = {
        "draft": row,
        "form": form,
        "breadcrumb": way_back(row.support),
        "back": _page_of(row),
        "facts": [
            Fact("Version", row.label),
            Fact("Contenu", content_words(row)),
            *([Fact("Ce qui change", row.changes)] if row.changes else []),
        ],
        "giving_up": Confirmation(
            "Abandonner ce brouillon",
            reverse("supports:discard", args=[row.id]),
            ("Cette version ne sera pas publiée.", "Le support et ses autres versions restent."),
            "Abandonner",
            is_danger=True,
        ),
    }
    return render(request, "supports/publish.html", context)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def discard(request: MemberRequest, version: UUID) -> HttpResponse:
    """Give up a draft."""
    row = _version_or_404(request, version)
    try:
        actions.discard(version=row, by=acting_member(request), at=request.instant)
    except TransitionRefused as refused:
        return _too_late(request, row, refused)
    messages.success(request, "Brouillon abandonné.")
    return redirect(_page_of(row))


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def prolong(request: MemberRequest, version: UUID) -> HttpResponse:
    """Another last day, for a version that is published; withdrawing it stands beside."""
    member, row = acting_member(request), _version_or_404(request, version)
    days = row.days
    if row.state != State.PUBLISHED or days is None:
        return redirect(_page_of(row))
    form = UntilForm(request.POST if request.method == "POST" else None, initial={"valid_until": days.last})
    if form.is_valid():
        try:
            actions.prolong(
                version=row, until=form.cleaned_data["valid_until"], by=member, at=request.instant
            )
        except Refused as refused:
            place(form, refused)
        except TransitionRefused as refused:
            return _too_late(request, row, refused)
        else:
            messages.success(request, "Fin de validité enregistrée.")
            return redirect(_page_of(row))
    lead = f"« {row.label} », valable {between(days.first, days.last)}."
    other = ("Retirer cette version partout", reverse("supports:withdraw", args=[row.id]))
    title = "Changer la fin de validité"
    return show_form(request, form, title, way_back(row.support), _page_of(row), lead=lead, other=other)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def withdraw(request: MemberRequest, version: UUID) -> HttpResponse:
    """Serve it no more, anywhere, from now on: why, and what to use in its place."""
    member, row = acting_member(request), _version_or_404(request, version)
    if row.state != State.PUBLISHED:
        return redirect(_page_of(row))
    others = queries.usable_instead(member, row.support_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None, others=others)
    if form.is_valid():
        try:
            actions.withdraw(
                version=row,
                reason=form.cleaned_data["reason"],
                instead=form.other(),
                by=member,
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        except TransitionRefused as refused:
            return _too_late(request, row, refused)
        else:
            messages.success(request, "Version retirée : plus aucune adresse ne la donne.")
            return redirect(_page_of(row))
    lead = (
        "La page, le téléchargement et l’adresse imprimée cessent de la donner à l’instant, et disent quoi utiliser à la place."
        " Les exemplaires sur papier restent à détruire."
    )
    return show_form(
        request,
        form,
        f"Retirer « {row.label} »",
        way_back(row.support),
        _page_of(row),
        lead=lead,
        button="Retirer partout",
    )
