"""Signing: one's own party, or an absent one with the document that it signed. What is signed is a content hash."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention, PartyRow
from maillage.conventions.lifecycle.policies import can_sign
from maillage.conventions.lifecycle.recording import day_of, own_id
from maillage.conventions.lifecycle.states import State
from maillage.conventions.signatures.actions import Act, SignedText, sign
from maillage.conventions.signatures.models import Signature
from maillage.conventions.terms import blanks
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.absent import awaited, to_ask
from maillage.web.conventions.writing.opening import allowed, reached
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.signature_forms import SignatureForm
from maillage.web.conventions.writing.uploads import keep_files, rebind, show_kept
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date, short_date
from maillage.web.rules import acting_member, page


@page(permission=Permission.SIGN_CONVENTIONS, methods=("GET", "POST"), fresh=True)
def own(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Record the signature of one's own organisation."""
    known = reached(request, convention)
    return _sign(request, known, known.mine.key if known.mine else "")


@page(permission=Permission.SIGN_CONVENTIONS, methods=("GET", "POST"), fresh=True)
def absent(request: MemberRequest, convention: UUID, key: str) -> HttpResponse:
    """Record the signature of a party that has nobody here to sign, with the document that it signed."""
    return _sign(request, reached(request, convention), key)


def _sign(request: MemberRequest, known: LoadedConvention, key: str) -> HttpResponse:
    member = acting_member(request)
    may = allowed(can_sign, request, known)
    party = known.party(key)
    if party is None:
        raise Http404
    is_own = party.organisation == member.organisation
    again = _again(request, known)
    if not may and again is None:
        return _too_late(request, known)
    today = day_of(known.row, request.instant)
    if request.method != "POST":
        if key in _signed(known):
            return _already_signed(request, known, party, is_own=is_own)
        if not is_own and (refusal := to_ask(known, party)) is not None:
            context = {"refusal": refusal, "breadcrumb": breadcrumb(known)}
            return render(request, "conventions/writing/signs_itself.html", context)
        form = SignatureForm(own=is_own, today=today, initial={"token": uuid7()})
        return _show(request, known, party, form)
    form = SignatureForm(request.POST, request.FILES, own=is_own, today=today)
    if form.is_valid() and keep_files(request, form, known):
        try:
            done = sign(convention=known.row, act=_act(form, key), by=member, at=request.instant)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, _done(known, done, party))
            return redirect("conventions:convention", known.id)
    return _show(request, known, party, form)


def _already_signed(
    request: MemberRequest, known: LoadedConvention, party: PartyRow, *, is_own: bool
) -> HttpResponse:
    """One's own party has signed: what is left is to ask the others, or to record those that are absent."""
    if not is_own:
        messages.info(request, f"{party.short_name} a déjà signé ce texte.")
        return redirect("conventions:convention", known.id)
    context = {
        "convention": known.row,
        "party": party,
        "awaited": awaited(known, _signed(known), party.key),
        "breadcrumb": breadcrumb(known),
    }
    return render(request, "conventions/writing/signed_already.html", context)


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


def _again(request: MemberRequest, known: LoadedConvention) -> Signature | None:
    """The signature of a form sent twice."""
    try:
        wanted = own_id(UUID(request.POST.get("token", "")), acting_member(request))
    except ValueError:
        return None
    return Signature.objects.filter(pk=wanted, convention=known.row).first()


def _too_late(request: MemberRequest, known: LoadedConvention) -> HttpResponse:
    if not acting_member(request).may(Permission.SIGN_CONVENTIONS):
        raise PermissionDenied("Votre rôle ne permet pas de signer.")
    if known.row.state == State.DRAFT:
        messages.warning(
            request, "Ce texte est un brouillon : la partie qui rédige doit d’abord le proposer."
        )
    else:
        messages.info(request, "Toutes les parties ont déjà signé cette convention.")
    return redirect("conventions:convention", known.id)


def _done(known: LoadedConvention, done: SignedText, party: PartyRow) -> str:
    row = known.row
    row.refresh_from_db(fields=["state", "starts_on"])
    if not done.complete:
        names = [one.short_name for one in known.signatories if one.key in done.awaited]
        return f"Signature de {party.short_name} enregistrée. Reste à signer : {', '.join(names)}."
    if row.state == State.IN_FORCE:
        since = f" depuis le {long_date(row.starts_on)}" if row.starts_on else ""
        return f"Toutes les parties ont signé : la convention est en vigueur{since}."
    if row.state == State.SIGNED and row.starts_on:
        return f"Toutes les parties ont signé : la convention prendra effet le {long_date(row.starts_on)}."
    return "Toutes les parties ont signé."


def _signed(known: LoadedConvention) -> dict[str, date]:
    rows = Signature.objects.filter(convention=known.row, amendment=None, voided_at=None)
    return dict(rows.values_list("party_key", "signed_on"))


def _show(
    request: MemberRequest, known: LoadedConvention, party: PartyRow, form: SignatureForm
) -> HttpResponse:
    if form.is_bound and form.errors and form.data.get("seen_hash") != known.row.content_hash:
        rebind(form, seen_hash=known.row.content_hash)  # the page shown now is that of the new text
    show_kept(request, form)
    form.initial["seen_hash"] = known.row.content_hash
    signed = _signed(known)
    is_own = party.organisation == acting_member(request).organisation
    context: dict[str, Any] = {
        "convention": known.row,
        "form": form,
        "party": party,
        "own": is_own,
        "short_hash": known.row.content_hash[:12],
        "written": long_date(day_of(known.row, known.written_at)),
        "text_version": known.version,
        "left": len(blanks(known.base)),
        "who": [
            Fact(
                one.name,
                f"a signé, le {short_date(signed[one.key])}" if one.key in signed else "n’a pas encore signé",
            )
            for one in known.signatories
        ],
        "awaited": awaited(known, signed, party.key) if is_own else None,
        "breadcrumb": breadcrumb(known),
    }
    return render(request, "conventions/writing/sign.html", context)


def breadcrumb(known: LoadedConvention) -> list[tuple[str, str]]:
    """The pages above a page of this convention."""
    return [
        ("Conventions", reverse("conventions:list")),
        (known.row.title, reverse("conventions:convention", args=[known.id])),
    ]
