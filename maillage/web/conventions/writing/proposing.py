"""Giving a draft to its parties, taking it back while nobody has signed, deleting one that nobody else has had."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.drafting import discarding
from maillage.conventions.drafting import proposing as actions
from maillage.conventions.lifecycle.policies import can_discard
from maillage.conventions.lifecycle.states import State
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.drafting import not_writable
from maillage.web.conventions.writing.opening import reached
from maillage.web.conventions.writing.refusals import sentence
from maillage.web.conventions.writing.signing import breadcrumb
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


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def discard(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Delete a draft, after a second look."""
    known = reached(request, convention)
    if (elsewhere := not_writable(request, known)) is not None:
        return elsewhere
    if not can_discard(acting_member(request), known):
        messages.warning(request, "D’autres organismes ont eu ce texte : il ne se supprime plus.")
        return redirect("conventions:convention", convention)
    if request.method == "POST":
        discarding.discard(convention=known.row, by=acting_member(request))
        messages.success(request, "Brouillon supprimé.")
        return redirect("conventions:list")
    context = {
        "title": "Supprimer ce brouillon",
        "lead": known.row.title,
        "consequences": (
            "Le texte disparaît pour de bon, avec toutes ses versions et les liens enregistrés.",
            "Les fichiers joints à ce brouillon, et à lui seul, sont supprimés.",
            "Aucun autre organisme ne l’a eu : personne n’est prévenu. Le journal de votre organisme garde trace de votre geste.",
        ),
        "button": "Supprimer définitivement",
        "back": reverse("conventions:convention", args=[convention]),
        "breadcrumb": breadcrumb(known),
    }
    return render(request, "conventions/writing/confirm.html", context)
