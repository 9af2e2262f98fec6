"""The page behind an invitation's link: each state of the link says clearly what to do, and no more than its holder may know."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from maillage.core.refusals import Refused
from maillage.organisations.people.inviting import OpenedLink, accept, accept_as_newcomer, open_link
from maillage.web.middleware import CURRENT, MemberRequest
from maillage.web.people.forms import NewcomerForm
from maillage.web.people.members import label_of
from maillage.web.presentation.refusals import place
from maillage.web.rules import page, sign_in_first

CLOSED: Final = {
    "accepted": (
        "Cette invitation a déjà servi",
        (
            "Un lien d’invitation sert une seule fois. Si c’est vous qui l’avez utilisé, connectez-vous avec votre adresse. "
            "Sinon, prévenez la personne qui vous a invité·e."
        ),
    ),
    "expired": (
        "Cette invitation a expiré",
        "Elle était valable quatorze jours. Demandez à la personne qui vous a invité·e de la renvoyer : vous recevrez un nouveau lien.",
    ),
    "revoked": (
        "Cette invitation a été annulée",
        "Son lien n’ouvre plus rien. Si vous pensez que c’est une erreur, adressez-vous à la personne qui vous a invité·e.",
    ),
}
OTHER_ACCOUNT: Final = (
    "Cette invitation est pour une autre adresse",
    (
        "Vous êtes connecté·e avec une adresse qui n’est pas celle de l’invitation. Déconnectez-vous, puis ouvrez de nouveau le lien. "
        "S’il vous a été transmis par quelqu’un d’autre, il n’est pas pour vous."
    ),
)


@page(anonymous=True, methods=("GET", "POST"))
@sensitive_post_parameters()
def invitation(request: MemberRequest, token: str) -> HttpResponse:
    """Accept: a newcomer chooses name and password, somebody who has an account signs in and joins."""
    found = open_link(token)
    if found is None:
        raise Http404
    if found.state != "open":
        return _closed(request, *CLOSED[found.state])
    if request.user.is_authenticated:
        return _as_oneself(request, token) if found.is_hers else _closed(request, *OTHER_ACCOUNT)
    if found.has_account:
        return render(request, "people/invitation.html", {**_said(found), "sign_in": sign_in_first(request)})
    return _as_newcomer(request, token, found)


def _as_oneself(request: MemberRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        try:
            organisation = accept(token=token)
        except Refused as refused:
            messages.error(request, refused.message)
            return redirect("home")
        request.session[CURRENT] = str(organisation)
        messages.success(request, "Invitation acceptée.")
        return redirect("entry")
    found = open_link(token)
    if found is None:
        raise Http404
    return render(request, "people/invitation.html", {**_said(found), "joins": True})


def _as_newcomer(request: MemberRequest, token: str, found: OpenedLink) -> HttpResponse:
    form = NewcomerForm(request.POST or None, initial={"full_name": found.full_name})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            accept_as_newcomer(
                token=token, email=found.email, full_name=given["full_name"], password=given["password"]
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(
                request, "Votre compte est ouvert. Connectez-vous avec votre adresse et ce mot de passe."
            )
            return redirect("account_login")
    return render(request, "people/invitation.html", {**_said(found), "form": form})


def _said(found: OpenedLink) -> dict[str, Any]:
    return {"found": found, "roles": [label_of(role) for role in found.roles]}


def _closed(request: MemberRequest, title: str, text: str) -> HttpResponse:
    return render(request, "people/invitation_closed.html", {"title": title, "text": text})
