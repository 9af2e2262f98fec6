"""The organiser's pages: its modules, its sessions, changing and cancelling them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.identifiers import bound_id
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.roles import Permission
from maillage.training import actions, queries
from maillage.training.models import Module, Session
from maillage.training.policies import can_keep, can_run, is_open
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.refusals import place
from maillage.web.rules import acting_member, page
from maillage.web.training import words
from maillage.web.training.forms import ModuleForm, PlanForm, ReasonForm, SessionForm
from maillage.web.training.reading import ABOVE, session_or_404


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def module_new(request: MemberRequest) -> HttpResponse:
    """Prepare a module."""
    member = acting_member(request)
    form = ModuleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.add_module(
                new_id=bound_id(form.new_id(), organisation=member.organisation, author=member.user),
                described=form.described(),
                by=member,
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Module ajouté. Prévoyez-en une séance quand vous voulez.")
            return redirect("training:modules")
    return _form(
        request, form, "Ajouter un module", reverse("training:modules"), lead="Vos partenaires le lisent."
    )


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def module_change(request: MemberRequest, module: UUID) -> HttpResponse:
    """Say a module otherwise, or offer it no more."""
    row = _kept(request, module)
    given = {
        name: getattr(row, name)
        for name in ("theme", "other_theme", "title", "teaches", "audiences", "e_learning")
    }
    form = ModuleForm(request.POST if request.method == "POST" else None, initial=given)
    del form.fields["token"]
    if form.is_valid():
        try:
            actions.change_module(module=row, described=form.described(), by=acting_member(request))
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Module enregistré.")
            return redirect("training:modules")
    withdraw_url = reverse("training:module_withdraw", args=[module]) if row.withdrawn_at is None else ""
    return _form(
        request, form, "Changer le module", reverse("training:modules"), row.title, withdraw_url=withdraw_url
    )


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def module_withdraw(request: MemberRequest, module: UUID) -> HttpResponse:
    """Offer a module no more; its sessions stay."""
    actions.withdraw_module(module=_kept(request, module), by=acting_member(request), at=request.instant)
    messages.success(request, "Module retiré : il n’est plus proposé. Ses séances restent.")
    return redirect("training:modules")


def _kept(request: MemberRequest, module: UUID) -> Module:
    member = acting_member(request)
    row = queries.modules(member).filter(id=module).first()
    if row is None:
        raise Http404
    if not can_keep(member, row):
        raise PermissionDenied("Ce module est celui d’un autre organisme.")
    return row


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def session_new(request: MemberRequest) -> HttpResponse:
    """Plan a session."""
    member = acting_member(request)
    offered = list(queries.modules(member).filter(organisation=member.organisation, withdrawn_at=None))
    if not offered:
        messages.info(request, "Ajoutez d’abord un module : une séance est toujours celle d’un module.")
        return redirect("training:module_new")
    form = SessionForm(
        request.POST if request.method == "POST" else None,
        modules=offered,
        conventions=queries.conventions_of(member),
        initial={"capacity": 12},
    )
    if form.is_valid():
        try:
            made = actions.plan(
                new_id=bound_id(form.new_id(), organisation=member.organisation, author=member.user),
                module=UUID(form.cleaned_data["module"]),
                convention=form.convention_id(),
                planned=form.plan(),
                by=member,
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Séance prévue. Les organismes concernés peuvent s’inscrire.")
            return redirect("training:session", made)
    return _form(request, form, "Prévoir une séance", reverse("training:list"))


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def session_change(request: MemberRequest, session: UUID) -> HttpResponse:
    """Another day, hour, place, number of places."""
    row = organised(request, session)
    back = reverse("training:session", args=[session])
    if not is_open(row, request.instant):
        messages.info(request, actions.BEGUN)
        return redirect(back)
    zone = queries.zone_of(row)
    starts, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    given = {
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        **{name: getattr(row, name) for name in ("place", "link", "capacity", "trainer")},
    }
    form = PlanForm(request.POST if request.method == "POST" else None, initial=given)
    del form.fields["token"]
    if form.is_valid():
        try:
            actions.change(session=row, planned=form.plan(), by=acting_member(request), at=request.instant)
        except Refused as refused:
            place(form, refused)
        except TransitionRefused as refused:
            messages.warning(request, str(refused))
            return redirect(back)
        else:
            messages.success(
                request,
                "Séance enregistrée. Si le jour, l’heure ou le lieu change, les inscrits sont prévenus.",
            )
            return redirect(back)
    return _form(request, form, "Changer la séance", back, words.dated(row))


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def cancel(request: MemberRequest, session: UUID) -> HttpResponse:
    """Cancel a session, with its reason."""
    row = organised(request, session)
    back = reverse("training:session", args=[session])
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.cancel(
                session=row, reason=form.cleaned_data["reason"], by=acting_member(request), at=request.instant
            )
        except Refused as refused:
            place(form, refused)
        except TransitionRefused as refused:
            messages.warning(request, str(refused))
            return redirect(back)
        else:
            messages.success(request, "Séance annulée. Les organismes inscrits sont prévenus.")
            return redirect(back)
    return _form(request, form, "Annuler la séance", back, words.dated(row), button="Annuler la séance")


def organised(request: MemberRequest, session: UUID) -> Session:
    """A session that the member's organisation holds; 403 to a partner."""
    row = session_or_404(request, session)
    if not can_run(acting_member(request), row):
        raise PermissionDenied("Seul l’organisateur change une séance.")
    return row


def _form(
    request: MemberRequest,
    form: forms.Form,
    title: str,
    back: str,
    lead: str = "",
    *,
    button: str = "Enregistrer",
    withdraw_url: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "lead": lead,
        "breadcrumb": list(ABOVE),
        "back": back,
        "button": button,
        "withdraw_url": withdraw_url,
    }
    return render(request, "training/form.html", context)
