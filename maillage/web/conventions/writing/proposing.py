"""Giving a draft to its parties, and taking it back while nobody has signed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from maillage.conventions.drafting import proposing as actions
from maillage.conventions.lifecycle.states import State
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.drafting import not_writable
from maillage.web.conventions.writing.opening import reached
from maillage.web.conventions.writing.refusals import sentence
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member, page


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def propose(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Propose; a second click is answered as the first."""
    known = reached(request, convention)
    if (elsewhere := not_writable(request, known)) is not None:
        return elsewhere
    if known.row.state != State.DRAFT:
        messages.info(request, "C’était déjà fait : ce texte est entre les mains des parties.")
        return redirect("conventions:convention", convention)
    try:
        actions.propose(convention=known.row, by=acting_member(request), at=request.instant)
    except Refused as refused:
        messages.error(request, f"Pas encore : {sentence(refused.faults[0])}")
        return redirect("conventions:step", convention, "relecture")
    messages.success(request, "Convention proposée. Chaque partie est prévenue et peut la lire et la signer.")
    return redirect("conventions:convention", convention)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def take_back(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Make it a draft again."""
    known = reached(request, convention)
    if (elsewhere := not_writable(request, known)) is not None:
        return elsewhere
    try:
        actions.take_back(convention=known.row, by=acting_member(request), at=request.instant)
    except TransitionRefused:
        messages.warning(
            request, "Une partie a signé entre-temps, ou la proposition a déjà été reprise : rien n’a changé."
        )
        return redirect("conventions:convention", convention)
    messages.success(request, "Proposition reprise : le texte est à nouveau un brouillon.")
    return redirect("conventions:step", convention, "relecture")
