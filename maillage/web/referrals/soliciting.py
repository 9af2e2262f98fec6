"""Asking the caisse's referents where a case stands, with the person's agreement; from the case's page only."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.cases.models import Participation
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.solicitations.actions import ask_progress, called_for, follows
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.referrals import queries
from maillage.referrals.references import reference
from maillage.web.conventions.soliciting.forms import ProgressForm
from maillage.web.conventions.writing.refusals import place
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member, page


@page(permission=Permission.READ_REFERRALS, methods=("GET", "POST"))
def solicit(request: MemberRequest, case: UUID) -> HttpResponse:
    """Ask where the case stands; closed to whoever does not follow it, or where the text does not open that way."""
    member = acting_member(request)
    part = queries.visible_to(member).filter(case_id=case).select_related("case").first()
    if part is None:
        raise Http404
    form = ProgressForm(request.POST or None, initial={"token": uuid7()})
    why_not = _closed(part, request)
    if not why_not and request.method == "POST" and form.is_valid():
        try:
            row = ask_progress(case=case, question=form.question(), by=member, at=request.instant)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(
                request, "Question envoyée : les référents sont prévenus, sans rien de son contenu."
            )
            return redirect("conventions:solicitation", row.pk)
    context = {
        "reference": reference(case),
        "case_url": reverse("referrals:case", args=[case]),
        "form": None if why_not else form,
        "why_not": why_not,
    }
    return render(request, "referrals/solicit.html", context)


def _closed(part: Participation, request: MemberRequest) -> str:
    """Why nothing may be asked about this case; empty when it may."""
    member = acting_member(request)
    if not follows(member, part.case_id):
        return (
            "Vous ne suivez pas ce dossier : prenez-le en suivi depuis sa page pour solliciter un référent."
        )
    if not open_for(part, request):
        return "La convention de ce dossier n’ouvre pas cette voie à votre organisme."
    return ""


def open_for(part: Participation, request: MemberRequest) -> bool:
    """Whether the convention of the case lets its member ask, today, where it stands."""
    row = Convention.objects.filter(pk=part.convention_id).first()
    if row is None or row.state != "in_force":
        return False
    on = request.instant.astimezone(ZoneInfo(row.time_zone)).date()
    return called_for(load(row), part, on) is not None
