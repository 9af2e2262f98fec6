"""Signing an avenant: one's own party, or an absent one with its document."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.amendments.models import Amendment
from maillage.conventions.lifecycle.loaded import LoadedConvention, PartyRow
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.signatures.actions import Act
from maillage.conventions.signatures.amending import sign_amendment
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.absent import to_ask
from maillage.web.conventions.writing.amending.showing import described
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.signature_forms import SignatureForm
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.conventions.writing.uploads import keep_files, rebind, show_kept
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_date
from maillage.web.rules import acting_member, page


@page(permission=Permission.SIGN_CONVENTIONS, methods=("GET", "POST"), fresh=True)
def sign(request: MemberRequest, convention: UUID, amendment: UUID, key: str) -> HttpResponse:
    """Record one party's signature of an avenant."""
    known = reached(request, convention)
    signing_party(known)
    row, party = Amendment.objects.filter(pk=amendment, convention=known.row).first(), known.party(key)
    if row is None or party is None:
        raise Http404
    today = day_of(known.row, request.instant)
    own = party.organisation == acting_member(request).organisation
    if request.method != "POST":
        if not own and (refusal := to_ask(known, party)) is not None:
            context = {"refusal": refusal, "breadcrumb": _above(known, row)}
            return render(request, "conventions/writing/signs_itself.html", context)
        form = SignatureForm(own=own, today=today, initial={"token": uuid7(), "seen_hash": row.content_hash})
        return _show(request, known, row, party, form)
    form = SignatureForm(request.POST, request.FILES, own=own, today=today)
    if form.is_valid() and keep_files(request, form, known):
        try:
            done = sign_amendment(
                amendment=row, act=_act(form, key), by=acting_member(request), at=request.instant
            )
        except Refused as refused:
            place(form, refused)
        else:
            effect = long_date(row.effect_on)
            messages.success(
                request,
                f"Toutes les parties ont signé l’avenant : il prend effet le {effect}."
                if done.complete
                else f"Signature de {party.short_name} enregistrée.",
            )
            return redirect("conventions:amendment", convention, amendment)
    return _show(request, known, row, party, form)


def _act(form: SignatureForm, key: str) -> Act:
    values = form.cleaned_data
    return Act(
        signature_id=values["token"],
        seen_hash=values["seen_hash"],
        signed_on=values["signed_on"],
        function=values["function"],
        party=key,
        by_delegation=values["by_delegation"],
        delegation_document=form.kept("delegation_document"),
        document=form.kept("document"),
    )


def _show(
    request: MemberRequest, known: LoadedConvention, row: Amendment, party: PartyRow, form: SignatureForm
) -> HttpResponse:
    if form.is_bound and form.errors and form.data.get("seen_hash") != row.content_hash:
        rebind(form, seen_hash=row.content_hash)
    show_kept(request, form)
    context: dict[str, Any] = {
        **described(request, known, row),
        "convention": known.row,
        "form": form,
        "party": party,
        "breadcrumb": _above(known, row),
    }
    return render(request, "conventions/writing/sign_amendment.html", context)


def _above(known: LoadedConvention, row: Amendment) -> list[tuple[str, str]]:
    address = reverse("conventions:amendment", args=[known.id, row.pk])
    return [*breadcrumb(known), (f"Avenant n° {row.number}", address)]
