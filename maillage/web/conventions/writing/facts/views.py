"""Recording what happens to a signed convention. A grave act is first shown with its effect and its dates."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import WRITABLE, can_record
from maillage.conventions.lifecycle.recording import day_of, kept_from
from maillage.conventions.lifecycle.telling import Recorded
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.known import known_by
from maillage.web.conventions.writing.facts.forms import FactForm
from maillage.web.conventions.writing.facts.kinds import KINDS, Kind
from maillage.web.conventions.writing.facts.preparing import offered, prepared
from maillage.web.conventions.writing.facts.rehearsing import consequences, flags, rehearsed
from maillage.web.conventions.writing.facts.scene import Scene
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.refusals import sentence
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.conventions.writing.uploads import keep_files, show_kept
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member, page


@page(permission=Permission.WRITE_CONVENTIONS)
def facts(request: MemberRequest, convention: UUID) -> HttpResponse:
    """What can be recorded of this convention now."""
    known = reached(request, convention)
    signing_party(known)
    if known.row.state in WRITABLE:
        return _too_early(request, known)
    scene = _scene(request, known)
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "everyday": [_line(kind, known) for kind in KINDS.values() if kind.offered(scene) and not kind.grave],
        "grave": [_line(kind, known) for kind in KINDS.values() if kind.offered(scene) and kind.grave],
        "has_letters": any(row.deliveries.all() for row in known.recorded),
    }
    return render(request, "conventions/writing/facts.html", context)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def retain(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Which reading the parties retain."""
    return _record(request, convention, KINDS["lecture"])


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"), fresh=("denonciation",))
def record(request: MemberRequest, convention: UUID, slug: str) -> HttpResponse:
    """Record one fact; a grave one after a second look."""
    if slug not in KINDS:
        raise Http404
    return _record(request, convention, KINDS[slug])


def _record(request: MemberRequest, convention: UUID, kind: Kind) -> HttpResponse:
    known = reached(request, convention)
    signing_party(known)
    if known.row.state in WRITABLE and kind.slug != "bilan-precedent":
        return _too_early(request, known)
    scene = _scene(request, known)
    if (elsewhere := _already(request, known) or _not_offered(request, scene, kind)) is not None:
        return elsewhere
    if request.method != "POST":
        return _show(
            request, scene, kind, kind.form(scene=scene, initial={"token": uuid7(), "day": scene.on})
        )
    form = kind.form(request.POST, request.FILES, scene=scene)
    if "lettre" in request.POST:
        letter = prepared(scene, form, request.POST["lettre"])
        return letter or _show(request, scene, kind, form)
    if "modifier" in request.POST or not (form.is_valid() and keep_files(request, form, known)):
        return _show(request, scene, kind, form)
    return _answer(request, scene, kind, form)


def _answer(request: MemberRequest, scene: Scene, kind: Kind, form: FactForm) -> HttpResponse:
    def act() -> Recorded:
        return kind.record(form, scene, acting_member(request), request.instant)

    try:
        if kind.grave and "confirme" not in request.POST:
            return _confirm(request, scene, kind, form, rehearsed(act))
        recorded = act()
    except Refused as refused:
        for fault in refused.faults:
            form.add_error(form.fault_field(fault.field), sentence(fault))
        return _show(request, scene, kind, form)
    messages.success(request, kind.done)
    for flag in flags(recorded):
        messages.warning(request, flag)
    return redirect("conventions:convention", scene.known.id)


def _not_offered(request: MemberRequest, scene: Scene, kind: Kind) -> HttpResponse | None:
    if kind.offered(scene):
        return None
    why = kind.closed(scene) or "Le texte de cette convention ne le prévoit pas."
    said = why if scene.binds else "Cette convention a pris fin."
    messages.info(request, f"« {kind.label} » ne peut pas s’enregistrer aujourd’hui. {said}")
    return redirect("conventions:convention", scene.known.id)


def _scene(request: MemberRequest, known: LoadedConvention) -> Scene:
    return Scene(known_by(known, acting_member(request), day_of(known.row, request.instant)))


def _already(request: MemberRequest, known: LoadedConvention) -> HttpResponse | None:
    """The answer to a form sent twice."""
    if kept_from(request.POST.get("token", ""), known, acting_member(request)):
        messages.info(request, "C’était déjà enregistré : votre premier envoi a suffi.")
        return redirect("conventions:convention", known.id)
    return None


def _too_early(request: MemberRequest, known: LoadedConvention) -> HttpResponse:
    if not can_record(acting_member(request), known) and known.mine is None:
        raise PermissionDenied
    messages.warning(request, "Cette convention n’est pas encore signée par toutes les parties.")
    return redirect("conventions:convention", known.id)


def _line(kind: Kind, known: LoadedConvention) -> tuple[str, str, str]:
    return kind.label, reverse("conventions:fact", args=[known.id, kind.slug]), kind.lead


def _show(request: MemberRequest, scene: Scene, kind: Kind, form: FactForm) -> HttpResponse:
    show_kept(request, form)
    context = {**_context(scene, kind), "form": form, "letters": offered(scene, form)}
    return render(request, "conventions/writing/fact.html", context)


def _confirm(
    request: MemberRequest, scene: Scene, kind: Kind, form: FactForm, played: Recorded
) -> HttpResponse:
    given = [
        (bound.label, words)
        for bound in form
        if not bound.is_hidden and (words := _typed(form, bound.name)) and bound.name != "document"
    ]
    hidden = [
        (name, value)
        for name in form.fields
        for value in form.data.getlist(name)  # type: ignore[attr-defined]  # a bound form's data is a QueryDict
        if value
    ]
    context = {
        **_context(scene, kind),
        "given": given,
        "hidden": hidden,
        "consequences": consequences(played, scene),
        "letters": offered(scene, form),
        "others": " et ".join(name for _, name in scene.others),
    }
    return render(request, "conventions/writing/fact_confirm.html", context)


def _typed(form: FactForm, name: str) -> str:
    field, value = form.fields[name], form.data.get(name, "")
    for key, label in getattr(field, "choices", ()):
        inside = label if isinstance(label, list) else [(key, label)]
        for choice, words in inside:
            if str(choice) == value:
                return str(words) if value else ""
    return str(value)


def _context(scene: Scene, kind: Kind) -> dict[str, Any]:
    row = scene.known.row
    return {
        "convention": row,
        "kind": kind,
        "url": reverse("conventions:fact", args=[row.id, kind.slug]),
        "breadcrumb": [
            *breadcrumb(scene.known),
            ("Enregistrer un fait", reverse("conventions:record", args=[row.id])),
        ],
    }
