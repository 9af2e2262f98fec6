"""Starting a convention: from a text of the library, from a framework's own template, or from a YAML file."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.drafting import actions
from maillage.conventions.drafting.starting import starting_points
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import visible_to
from maillage.conventions.lifecycle.recording import own_id
from maillage.conventions.terms import MAX_BYTES
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.forms import ImportForm, StartForm, TokenForm
from maillage.web.conventions.writing.refusals import place
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member, page


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def new(request: MemberRequest) -> HttpResponse:
    """Choose the text to start from and give a title; nothing is kept before."""
    member = acting_member(request)
    token = TokenForm(request.POST or None)
    wanted = request.GET.get("texte", "")
    form = StartForm(request.POST or None, points=starting_points(member), initial={"template": wanted})
    if request.method == "POST" and form.is_valid():
        point, title = form.point(), form.cleaned_data["title"]
        common: dict[str, Any] = {
            "new_id": own_id(token.value(), member),
            "title": title,
            "by": member,
            "at": request.instant,
        }
        try:
            if point.framework is None:
                convention = actions.start_from_library(name=point.name, **common)
            else:
                framework = visible_to(member).get(id=point.framework)
                convention = actions.start_under(framework=framework, **common)
        except Refused as refused:
            place(form, refused)
        else:
            return _begun(request, convention)
    return _show(request, "new.html", form, token)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def imported(request: MemberRequest) -> HttpResponse:
    """Read a convention from a YAML file; each problem is listed with its line, its path and what was expected."""
    token = TokenForm(request.POST or None)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            convention = actions.start_from_yaml(
                new_id=own_id(token.value(), acting_member(request)),
                content=_content(form.cleaned_data["file"]),
                my_party=form.cleaned_data["my_party"].strip(),
                file_name=form.cleaned_data["file"].name or "",
                by=acting_member(request),
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        else:
            return _begun(request, convention)
    return _show(request, "import.html", form, token)


def _content(file: "UploadedFile[Any]") -> bytes:
    """What was sent, read no further than what shows that it is too large: past all bounds it arrives empty, with its size."""
    return bytes(file.read(MAX_BYTES + 1)).ljust(min(file.size or 0, MAX_BYTES + 1))


def _begun(request: MemberRequest, convention: Convention) -> HttpResponse:
    messages.success(
        request, "Brouillon créé. Chaque étape s’enregistre : vous pouvez vous arrêter et reprendre."
    )
    return redirect("conventions:step", convention.id, "parties")


def _show(request: MemberRequest, name: str, form: Any, token: TokenForm) -> HttpResponse:
    context = {
        "form": form,
        "token": token.value(),
        "breadcrumb": [("Conventions", reverse("conventions:list"))],
    }
    return render(request, f"conventions/writing/{name}", context)
