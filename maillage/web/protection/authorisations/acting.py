"""Asking for an authorisation, answering one, withdrawing it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.protection.authorisations import answering
from maillage.protection.authorisations.answering import Said
from maillage.protection.authorisations.asking import Asked, ask, askable, who_authorises
from maillage.protection.authorisations.queries import Transfer, in_force
from maillage.protection.authorisations.rules import Kind, regimes
from maillage.web.conventions.writing.refusals import acted, place
from maillage.web.leaving import LIKE, SCOPE
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.typography import typeset
from maillage.web.protection.authorisations.forms import AnswerForm, AskForm, WithdrawForm
from maillage.web.protection.authorisations.opening import above, followed, to_transfer
from maillage.web.protection.authorisations.words import names_of
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def new(request: MemberRequest) -> HttpResponse:
    """Ask, under one scope of one convention; from an export that was refused, under all that miss at once."""
    member = acting_member(request)
    known = {str(one.id): one for one in askable(member, request.instant)}
    offered = [choice for one in known.values() for choice in _choices(one, request)]
    wanted = set(request.GET.getlist(SCOPE))
    missing = [choice for choice in offered if choice[0] in wanted]
    several, chosen = len(missing) > 1, [key for key, _ in missing]
    form = AskForm(
        request.POST if request.method == "POST" else None, request.FILES or None, offered=missing if several else offered, several=several,
        initial={**_like(request), "starts_on": request.instant.astimezone(zone_of(member)).date(),
                 "regime": chosen if several else next(iter(chosen), _usual(request, offered))},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = _ask_each(request, form, known)
        except Refused as refused:
            place(form, refused)
        else:
            if len(made) == 1:
                messages.success(request, "Autorisation demandée. Rien ne part avant la réponse.")
                return to_transfer(made[0])
            asked_for = counted(len(made), "autorisation demandée", "autorisations demandées")
            messages.success(request, f"{asked_for}. Rien ne part avant les réponses.")
            return redirect("protection:transfers")
    lead = "Avant de confier des données à un sous-traitant ou à un tiers, la convention veut un accord écrit et préalable."
    if not offered:
        lead = "Aucune convention en cours de votre organisme ne fait circuler de données de personnes."
    return _show(
        request,
        form if offered else None,
        None,
        title="Demander une autorisation",
        lead=lead,
        button="Demander",
    )


@transaction.atomic
def _ask_each(request: MemberRequest, form: AskForm, known: Mapping[str, LoadedConvention]) -> list[UUID]:
    """One request for each scope, all or none; the same form sent twice asks once. Raises Refused."""
    values, token = form.cleaned_data, form.new_id()
    names = ("kind", "body", "country", "what", "purpose", "guarantees", "starts_on")
    made = []
    for number, (convention, regime) in enumerate(form.scopes()):
        said = Asked(regime=regime, **{name: values[name] for name in names})
        if values["document"] is not None:
            values["document"].seek(0)
        row = ask(
            transfer_id=uuid5(token, f"{convention}:{regime}") if number else token, known=known[convention], said=said,
            file=values["document"], by=acting_member(request), at=request.instant,
        )  # fmt: skip
        made.append(row.pk)
    return made


def _usual(request: MemberRequest, offered: Sequence[tuple[str, str]]) -> str:
    """The scope that is chosen at first: the first one of the convention that the address names."""
    wanted = request.GET.get("convention", "")
    return next((key for key, _ in offered if wanted and key.startswith(f"{wanted}:")), "")


def _like(request: MemberRequest) -> dict[str, str]:
    """The words of a request of one's own that the address names."""
    own = in_force(acting_member(request), request.instant) if request.GET.get(LIKE) else []
    row = next((one.row for one in own if str(one.row.pk) == request.GET.get(LIKE)), None)
    if row is None:
        return {}
    return {
        "kind": row.kind,
        "body": row.body,
        "country": row.country,
        "what": row.data,
        "purpose": row.purpose,
        "guarantees": row.guarantees,
    }


def _choices(known: LoadedConvention, request: MemberRequest) -> list[tuple[str, str]]:
    """Each scope of a convention, and who authorises there."""
    on = day_of(known.row, request.instant)
    found = []
    for one in regimes(known.readable(on)):
        said, parties = who_authorises(known, one, Kind.SUB_PROCESSOR, on)
        names = ", ".join(party.short_name for party in parties) or "personne d’autre"
        blank = ", à compléter dans le texte" if said.asked else ""
        found.append(
            (
                f"{known.id}:{one.key}",
                typeset(f"{known.row.title}, {one.scope} ({names}, {said.article}{blank})"),
            )
        )
    return found


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def answer(request: MemberRequest, transfer: UUID) -> HttpResponse:
    """Grant or refuse; for the asker, note the paper of a party that has nobody here."""
    found, member = followed(request, transfer), acting_member(request)
    bodies = answering.answerers(found, member)
    if not bodies and request.method == "GET":
        messages.info(request, "Cette demande n’attend pas de réponse de votre organisme.")
        return to_transfer(transfer)
    names = names_of(found.row.convention_id)
    form = AnswerForm(
        request.POST if request.method == "POST" else None, request.FILES or None,
        bodies=[(str(one), names.get(one, "")) for one in bodies or (member.organisation,)], initial={"day": found.on},
    )  # fmt: skip

    def act(values: dict[str, Any]) -> None:
        granted = values["answer"] == "oui"
        said = Said(
            granted=granted, words=values["words"], day=values["day"], until=values["until"] if granted else None,
            to_term=granted and values["lasts"] == "term",
        )  # fmt: skip
        body = UUID(values["body"]) if values.get("body") else (bodies or (member.organisation,))[0]
        answering.answer(
            transfer=transfer, answer_id=form.new_id(), body=body, said=said, file=values["document"], by=member, at=request.instant
        )  # fmt: skip

    if request.method == "POST" and acted(
        request, form, act, "Réponse notée : l’organisme qui demande le sait."
    ):
        return to_transfer(transfer)
    lead = "Une réponse ne change plus : une autre demande prendrait sa place. Vous pourrez retirer une autorisation."
    if member.organisation not in found.waits_for:
        lead = "Cette partie n’a personne sur Maillage : notez ce qu’elle a écrit, et joignez-le."
    return _show(
        request, form, found, title="Répondre à la demande", lead=lead, button="Enregistrer la réponse"
    )


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def withdraw(request: MemberRequest, transfer: UUID) -> HttpResponse:
    """End a request, or what was granted."""
    found, member = followed(request, transfer), acting_member(request)
    if request.method == "GET" and not answering.may_withdraw(found, member):
        raise PermissionDenied("Qui a demandé ou accordé retire.")
    form = WithdrawForm(request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> None:
        answering.withdraw(transfer=transfer, words=values["words"], by=member, at=request.instant)

    if request.method == "POST" and acted(request, form, act, "Retirée : plus rien ne part à ce titre."):
        return to_transfer(transfer)
    lead = "Plus rien ne part à ce titre dès cet instant. Ce qui est déjà parti n’est pas repris par Maillage : demandez sa destruction."
    return _show(request, form, found, title="Retirer l’autorisation", lead=lead, button="Retirer")


def _show(
    request: MemberRequest,
    form: forms.Form | None,
    found: Transfer | None,
    *,
    title: str,
    lead: str,
    button: str,
) -> HttpResponse:
    """One form for one act, under the pages above it."""
    pages = above(found)
    known = {
        "form": form,
        "title": title,
        "lead": lead,
        "button": button,
        "breadcrumb": pages,
        "back": pages[-1][1],
    }
    return render(request, "one_form.html", known)
