"""Avenants: clauses chosen and changed one by one, proposed, signed by all; what is out of reach says its article."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.amendments import actions
from maillage.conventions.amendments.models import Amendment
from maillage.conventions.amendments.queries import amendments as all_of
from maillage.conventions.amendments.states import AmendmentState
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import BINDING, can_record
from maillage.conventions.lifecycle.recording import day_of, own_id
from maillage.conventions.terms import Terms
from maillage.conventions.terms.base import article_named
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.fields import SECTIONS
from maillage.web.conventions.writing.amending import clauses
from maillage.web.conventions.writing.amending.forms import AboutForm, ChangeForm
from maillage.web.conventions.writing.amending.showing import (
    OPERATIONS,
    described,
    names_in,
    said,
    with_query,
)
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.questions import article_rank
from maillage.web.conventions.writing.refusals import place, sentence
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

_OPEN = (AmendmentState.DRAFT, AmendmentState.PROPOSED, AmendmentState.PARTLY_SIGNED)


@page(permission=Permission.WRITE_CONVENTIONS)
def listed(request: MemberRequest, convention: UUID) -> HttpResponse:
    """The avenants of a convention."""
    known = _amended(request, convention)
    rows = [
        (
            f"Avenant n° {row.number} : {row.title}",
            AmendmentState(row.state).label,
            f"effet le {long_date(row.effect_on)}",
            _url("amendment", known, row),
        )
        for row in all_of(known)
    ]
    context = {
        "rows": rows,
        "is_open": known.row.state in BINDING,
        "clauses_url": reverse("conventions:amendment_clauses", args=[convention]),
    }
    return _render(request, known, "amendments.html", context)


@page(permission=Permission.WRITE_CONVENTIONS)
def choose(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Which clause to change, article by article."""
    known = _amended(request, convention)
    row, text = _draft(request, known), _text(request, known)
    groups: dict[str, list[tuple[str, str, bool]]] = {}
    for one in clauses.chosen_from(text):
        url = with_query("amendment_clause", known, row, chemin=one.path) if one.is_open else ""
        groups.setdefault(one.article, []).append((typeset(one.words), url, one.reach.value == "letter"))
    adding = [
        (heading, with_query("amendment_change", known, row, chemin=section, operation="add"))
        for section, (heading, _) in SECTIONS.items()
        if isinstance(getattr(text, section), tuple) and section not in {"signatures", "narrative", "parties"}
    ]
    context = {
        "groups": [(article_named(article), groups[article]) for article in sorted(groups, key=article_rank)],
        "adding": adding,
        "amendment_article": article_named(text.amendment.article or "") if text.amendment else "",
    }
    return _render(request, known, "amendment_clauses.html", context)


@page(permission=Permission.WRITE_CONVENTIONS)
def clause(request: MemberRequest, convention: UUID) -> HttpResponse:
    """The values of one clause: each may be changed; the whole may be written again or taken out."""
    known = _amended(request, convention)
    row, text, path = _draft(request, known), _text(request, known), request.GET.get("chemin", "")
    found = next((one for one in clauses.chosen_from(text) if one.path == path), None)
    if found is None:
        raise Http404
    names = names_in(known, text)
    context = {
        "found": found,
        "is_letter": found.reach.value == "letter",
        "amendment_article": article_named(text.amendment.article or "") if text.amendment else "",
        "title": typeset(found.words),
        "lines": [
            (
                one.label,
                said(text, one.path, names),
                with_query("amendment_change", known, row, chemin=one.path, operation="replace"),
            )
            for one in clauses.fields_of_clause(text, path)
        ],
        "whole_url": with_query("amendment_change", known, row, chemin=path, operation="replace"),
        "remove_url": with_query("amendment_change", known, row, chemin=path, operation="remove")
        if "[" in path
        else "",
    }
    return _render(request, known, "amendment_clause.html", context)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def change(request: MemberRequest, convention: UUID) -> HttpResponse:
    """One change, added to an avenant or opening one."""
    known = _amended(request, convention)
    row, text, path = _draft(request, known), _text(request, known), request.GET.get("chemin", "")
    operation = request.GET.get("operation", "replace")
    if operation not in OPERATIONS or not path:
        raise Http404
    value = None if operation == "add" else clauses.value_of(text, path)
    kind = clauses.kind_of(value)
    initial = {"value": clauses.typed_of(value), "token": uuid7()}
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        kind=kind, removing=operation == "remove", is_new=row is None, initial=initial,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            wanted: dict[str, Any] = {"operation": operation, "path": path}
            if operation != "remove":
                wanted["value"] = clauses.parsed(kind, form.cleaned_data["value"])
            kept = _keep(request, known, row, wanted, form.cleaned_data)
        except Refused as refused:
            _place(form, refused)
        else:
            return redirect("conventions:amendment", convention, kept.pk)
    context = {
        "form": form,
        "title": f"{OPERATIONS[operation]} : {typeset(clauses.place({'path': path}, text))}",
        "before": said(text, path, names_in(known, text)) if value is not None else "",
        "removing": operation == "remove",
    }
    return _render(request, known, "amendment_change.html", context)


def _keep(
    request: MemberRequest,
    known: LoadedConvention,
    row: Amendment | None,
    wanted: dict[str, Any],
    given: dict[str, Any],
) -> Amendment:
    common: dict[str, Any] = {"by": acting_member(request), "at": request.instant}
    if row is None:
        return actions.draft_amendment(
            convention=known.row,
            new_id=own_id(given["token"], acting_member(request)),
            title=given["title"],
            changes=[wanted],
            effect_on=given["effect_on"],
            **common,
        )
    others = [one for one in row.changes if not _same_place(one, wanted)]
    kept, voided = actions.change_amendment(
        amendment=row, title=row.title, changes=[*others, wanted], effect_on=row.effect_on, **common
    )
    _tell(request, known, voided)
    return kept


def _same_place(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """A second change of the same value takes the place of the first; several elements may be added to one list."""
    return bool(one["path"] == other["path"]) and "add" not in {one["operation"], other["operation"]}


def _tell(request: MemberRequest, known: LoadedConvention, voided: tuple[str, ...]) -> None:
    if voided:
        names = ", ".join(party.short_name for party in known.signatories if party.key in voided)
        messages.warning(request, f"L’avenant a changé : la signature de {names} est annulée.")
    else:
        messages.success(request, "Enregistré.")


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def shown_one(request: MemberRequest, convention: UUID, amendment: UUID) -> HttpResponse:
    """An avenant: what it changes, before and after; its object and effect may be put right while not all have signed."""
    known = _amended(request, convention)
    row = _row(known, amendment)
    is_open = row.state in _OPEN and known.row.state in BINDING
    form = AboutForm(
        request.POST if request.method == "POST" else None,
        initial={"title": row.title, "effect_on": row.effect_on},
    )
    if request.method == "POST" and is_open and form.is_valid():
        try:
            _, voided = actions.change_amendment(
                amendment=row,
                changes=row.changes,
                by=acting_member(request),
                at=request.instant,
                **form.cleaned_data,
            )
        except Refused as refused:
            _place(form, refused)
        else:
            _tell(request, known, voided)
            return redirect("conventions:amendment", convention, row.pk)
    return _render(
        request, known, "amendment.html", {"form": form, **described(request, known, row), "is_open": is_open}
    )


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def withdraw(request: MemberRequest, convention: UUID, amendment: UUID, number: int) -> HttpResponse:
    """Take one change out of an avenant; the last one is kept (abandon the avenant instead)."""
    known = _amended(request, convention)
    row = _row(known, amendment)
    left = [one for place_, one in enumerate(row.changes) if place_ != number]
    try:
        _, voided = actions.change_amendment(
            amendment=row, title=row.title, changes=left, effect_on=row.effect_on,
            by=acting_member(request), at=request.instant,
        )  # fmt: skip
    except (Refused, TransitionRefused) as refused:
        messages.error(request, str(refused))
    else:
        _tell(request, known, voided)
    return redirect("conventions:amendment", convention, amendment)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def propose(request: MemberRequest, convention: UUID, amendment: UUID) -> HttpResponse:
    """Give it to the parties to sign."""
    known = _amended(request, convention)
    row = _row(known, amendment)
    try:
        actions.propose_amendment(amendment=row, by=acting_member(request), at=request.instant)
        messages.success(request, "Avenant proposé : chaque partie peut le lire et le signer.")
    except Refused as refused:
        messages.error(request, sentence(refused.faults[0]))
    except TransitionRefused:
        messages.info(request, "C’était déjà fait, ou cet avenant ne se propose plus.")
    return redirect("conventions:amendment", convention, amendment)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def abandon(request: MemberRequest, convention: UUID, amendment: UUID) -> HttpResponse:
    """Give it up; it stays in the history."""
    known = _amended(request, convention)
    row = _row(known, amendment)
    try:
        actions.abandon_amendment(amendment=row, by=acting_member(request))
        messages.success(request, "Avenant abandonné ; il reste dans l’historique.")
    except (Refused, TransitionRefused):
        messages.warning(request, "Cet avenant est signé par toutes les parties, ou déjà abandonné.")
    return redirect("conventions:amendments", convention)


def _amended(request: MemberRequest, convention: UUID) -> LoadedConvention:
    known = reached(request, convention)
    signing_party(known)
    if known.mine is None or not (can_record(acting_member(request), known)):
        raise PermissionDenied("Un avenant suppose une convention signée par toutes les parties.")
    return known


def _row(known: LoadedConvention, amendment: UUID) -> Amendment:
    row = Amendment.objects.filter(pk=amendment, convention=known.row).first()
    if row is None:
        raise Http404
    return row


def _draft(request: MemberRequest, known: LoadedConvention) -> Amendment | None:
    """The avenant that a change goes into, named in the address; None for a new one."""
    wanted = request.GET.get("avenant", "")
    if not wanted:
        return None
    try:
        return _row(known, UUID(wanted))
    except ValueError as error:
        raise Http404 from error


def _text(request: MemberRequest, known: LoadedConvention) -> Terms:
    return known.terms(day_of(known.row, request.instant))


def _place(form: Any, refused: Refused) -> None:
    """Faults of the change stand at the value; the others at their own field."""
    faults = [fault for fault in refused.faults if fault.field in form.fields]
    if faults:
        place(form, refused)
        return
    target = "value" if "value" in form.fields else None
    for fault in refused.faults:
        form.add_error(target, sentence(fault))


def _url(name: str, known: LoadedConvention, row: Amendment) -> str:
    return reverse(f"conventions:{name}", args=[known.id, row.pk])


def _render(
    request: MemberRequest, known: LoadedConvention, name: str, context: dict[str, Any]
) -> HttpResponse:
    above = breadcrumb(known)
    if name != "amendments.html":
        above.append(("Avenants", reverse("conventions:amendments", args=[known.id])))
    return render(
        request, f"conventions/writing/{name}", {"convention": known.row, "breadcrumb": above, **context}
    )
