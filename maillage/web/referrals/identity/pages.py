"""The identity of a case, whatever its kind: put right, what it was before, and taken up by the other side."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from maillage.beneficiaries import correcting
from maillage.beneficiaries.correcting import Told
from maillage.beneficiaries.models import Correction
from maillage.beneficiaries.rules import Identity
from maillage.cases.models import Participation
from maillage.cases.rules import REASONS
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.referrals.references import reference
from maillage.web.conventions.writing.refusals import acted
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.identity.forms import CorrectForm
from maillage.web.referrals.identity.words import case_url, former_facts, line
from maillage.web.referrals.words import person_facts
from maillage.web.rules import acting_member, page

LEAD: Final = (
    "Corrigez ce qui est faux ; le reste ne change pas. Ce que disait le dossier est gardé : les deux organismes peuvent le relire."
    " L’autre organisme est prévenu aussitôt, et dit quand il l’a repris."
)
DONE: Final = "Identité corrigée. Si elle a d’autres dossiers, ou si votre propre outil porte la même erreur, corrigez-les aussi."
Trail = Sequence[tuple[str, str]]


@page(permission=Permission.READ_REFERRALS, methods=("GET", "POST"))
def correct(request: MemberRequest, case: UUID) -> HttpResponse:
    """Put right what is wrong in the identity of a case that one follows."""
    part, member = _part(request, case), acting_member(request)
    back = case_url(part.kind, case)
    reason = correcting.opened_as(part, member)
    if reason is None:
        return redirect(back)
    if not correcting.can_correct(part, member):
        raise PermissionDenied("Votre rôle ne permet pas de corriger cette identité.")

    def act(right: Identity, seen: UUID | None) -> None:
        correcting.correct(part=part, corrected=right, seen=seen, by=member, at=request.instant)

    return correcting_page(
        request, part, act, why=REASONS[reason], above=[_above(part)], back=back, lead=LEAD
    )


def correcting_page(
    request: MemberRequest,
    part: Participation,
    act: Callable[[Identity, UUID | None], object],
    *,
    why: str,
    above: Trail,
    back: str,
    lead: str,
) -> HttpResponse:
    """The form that corrects, filled with what the case says; where somebody went first, what was typed stays beside what it says now."""
    member = acting_member(request)
    try:
        standing = correcting.standing_of(part, by=member, why=why)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(back)
    on = request.instant.astimezone(ZoneInfo(member.time_zone)).date()
    form = CorrectForm(request.POST if request.method == "POST" else None, standing=standing, on=on)

    def send(values: dict[str, Any]) -> None:
        act(form.identity(), values["seen"])

    if request.method == "POST" and acted(request, form, send, DONE):
        return redirect(back)
    behind = form.is_behind
    if behind:
        form.read_again()
    context = {
        "title": "Corriger l’identité",
        "lead": typeset(lead),
        "breadcrumb": above,
        "form": form,
        "button": "Enregistrer la correction",
        "back": back,
        "now": person_facts(standing.identity) if behind else [],
    }
    return render(request, "referrals/identity/correct.html", context)


@page(permission=Permission.READ_REFERRALS)
def former(request: MemberRequest, case: UUID) -> HttpResponse:
    """What was corrected in a case, and what it said before; journalled. Whoever does not follow it is led to its page."""
    part, member = _part(request, case), acting_member(request)
    reason = correcting.opened_as(part, member)
    if reason is None:
        return redirect(case_url(part.kind, case))
    found = correcting.formers_of(part, by=member, why=REASONS[reason])
    acts = correcting.can_correct(part, member)
    context = {
        "title": "Ce que l’identité était avant",
        "breadcrumb": [_above(part)],
        "corrections": [
            (line(Told.of(one.row), member, acts=acts), former_facts(one)) for one in reversed(found)
        ],
    }
    return render(request, "referrals/identity/former.html", context)


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def take_up(request: MemberRequest, correction: UUID) -> HttpResponse:
    """Say that one's own organisation put the same right on its side."""
    try:
        row = correcting.take_up(correction=correction, by=acting_member(request))
    except Correction.DoesNotExist as unknown:
        raise Http404 from unknown
    messages.success(request, "Noté : l’autre organisme sait que la correction est reprise.")
    return redirect(case_url(row.case.kind, row.case_id))


def _part(request: MemberRequest, case: UUID) -> Participation:
    try:
        return correcting.part_of(case, acting_member(request))
    except Participation.DoesNotExist as unknown:
        raise Http404 from unknown


def _above(part: Participation) -> tuple[str, str]:
    return f"Dossier {reference(part.case_id)}", case_url(part.kind, part.case_id)
