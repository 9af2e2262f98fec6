"""The owner's pages: describing a support, preparing a version of it."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.catalogue import actions
from maillage.catalogue.rules import LARGEST
from maillage.core.identifiers import bound_id
from maillage.core.refusals import Refused
from maillage.documents.actions import describe, store_upload, visible_to
from maillage.organisations.roles import Permission
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.forms import TokenForm
from maillage.web.presentation.refusals import place
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page
from maillage.web.supports.forms import SupportForm, VersionForm
from maillage.web.supports.reading import ABOVE, kept_or_403, way_back

_KEPT: Final = "support_files"
"""Key of the session: files kept of forms that are not accepted yet, by their token. No id of a file comes from a form: whatever
is published is open to all."""


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def new(request: MemberRequest) -> HttpResponse:
    """A support, then its first version."""
    member = acting_member(request)
    form = SupportForm(request.POST if request.method == "POST" else None, initial={"languages": ["fr"]})
    if form.is_valid():
        try:
            made = actions.create(
                new_id=_made_by(form, request), described=form.described(), by=member, at=request.instant
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Support décrit. Ajoutez maintenant son fichier ou son lien.")
            return redirect("supports:version_new", made)
    return show_form(
        request, form, "Ajouter un support", list(ABOVE), reverse("supports:list"), button="Continuer"
    )


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def change(request: MemberRequest, support: UUID) -> HttpResponse:
    """What it is, said otherwise."""
    row = kept_or_403(request, support).support
    initial = {
        "title": row.title,
        "kind": row.kind,
        "purpose": row.purpose,
        "audience": row.audience,
        "languages": row.languages,
        "services": row.services,
    }
    form = SupportForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            actions.amend(support=row, described=form.described(), by=acting_member(request))
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Enregistré.")
            return redirect("supports:support", support)
    back = reverse("supports:support", args=[support])
    return show_form(request, form, "Modifier le support", way_back(row), back)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def version_new(request: MemberRequest, support: UUID) -> HttpResponse:
    """A version to come: a file or a link, that nobody else sees before it is published."""
    member, row = acting_member(request), kept_or_403(request, support).support
    form = VersionForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if form.is_valid() and _keep_file(request, form):
        values = form.cleaned_data
        drafted = actions.Drafted(values["label"], values["changes"], values["link"], _kept(request, form))
        new_id = _made_by(form, request)
        try:
            actions.prepare(new_id=new_id, support=row, drafted=drafted, by=member, at=request.instant)
        except Refused as refused:
            place(form, refused)
        else:
            _forget(request, form)
            messages.success(request, "Version préparée. Relisez-la, puis publiez-la.")
            return redirect("supports:publish", new_id)
    _say_kept(request, form)
    back = reverse("supports:support", args=[support])
    return show_form(request, form, "Préparer une version", way_back(row), back, button="Continuer")


def show_form(
    request: MemberRequest,
    form: forms.Form,
    title: str,
    breadcrumb: list[tuple[Any, Any]],
    back: str,
    **more: object,
) -> HttpResponse:
    """One form for one act."""
    context = {
        "form": form,
        "title": title,
        "breadcrumb": breadcrumb,
        "back": back,
        "button": "Enregistrer",
        **more,
    }
    return render(request, "supports/form.html", context)


def _made_by(form: TokenForm, request: MemberRequest) -> UUID:
    member = acting_member(request)
    return bound_id(form.new_id(), organisation=member.organisation, author=member.user)


def _keep_file(request: MemberRequest, form: VersionForm) -> bool:
    """Keep the file of a well-filled form until it is accepted; False when it is refused, which its field then says."""
    file = form.cleaned_data.get("file")
    if not file:
        return True
    member = acting_member(request)
    try:
        stored = store_upload(
            file=file,
            organisation=member.organisation,
            readers=(),
            by=member,
            at=request.instant,
            field="file",
            largest=LARGEST,
        )
    except Refused as refused:
        place(form, refused)
        return False
    request.session[_KEPT] = {
        **request.session.get(_KEPT, {}),
        str(form.cleaned_data["token"]): str(stored.id),
    }
    return True


def _kept(request: MemberRequest, form: VersionForm) -> UUID | None:
    found = request.session.get(_KEPT, {}).get(str(form.cleaned_data.get("token")))
    return UUID(found) if found else None


def _forget(request: MemberRequest, form: VersionForm) -> None:
    kept = {**request.session.get(_KEPT, {})}
    if kept.pop(str(form.cleaned_data.get("token")), None):
        request.session[_KEPT] = kept


def _say_kept(request: MemberRequest, form: VersionForm) -> None:
    """Say, under its field, which file is already kept."""
    if not form.is_bound:
        return
    kept = _kept(request, form)
    row = visible_to(acting_member(request)).filter(id=kept).first() if kept else None
    if row is not None:
        words = f"Déjà déposé : {describe(row).name}. Choisissez un fichier seulement pour le remplacer."
        form["file"].help_text = typeset(words)
    elif "file" in request.FILES:
        form["file"].help_text = "Ce fichier n’a pas été gardé : choisissez-le à nouveau."
