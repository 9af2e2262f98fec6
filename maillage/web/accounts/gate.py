"""One place for all pages: what somebody must do first, and what is asked again before something sensitive.

A page says `fresh` or `meanwhile` on its rule (`@page`); a view without a rule opens to nobody who is held.
"""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from maillage.credentials.models import Factor
from maillage.organisations.models import User
from maillage.web.accounts.confirming import PREFIX, ProofForm, is_given
from maillage.web.accounts.proofs import held, proved_of_late, remember_proof
from maillage.web.middleware import MemberRequest
from maillage.web.rules import lead, rule_of

LEAVING = ("account_logout",)
SECRET_FIELDS = ("current", "password", "again")  # never written back into a page
_WHY = {
    "password": "Votre mot de passe vous a été donné : choisissez-en un que personne d’autre ne connaît.",
    "factors": "Un second facteur est demandé à tout le monde : mettez-en un en place pour continuer.",
}


class Gate:
    """After `CurrentMember`: whoever is signed in is held, asked, or let through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _arguments: Any, named: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Before the view, whichever it is."""
        if request.path.startswith("/static/") or not request.user.is_authenticated:
            return None
        rule = rule_of(view)
        name = request.resolver_match.view_name if request.resolver_match else ""
        place = held(request)
        if place and not (rule and (rule.meanwhile or rule.anonymous)) and name not in LEAVING:
            if request.headers.get("HX-Request") != "true":
                messages.warning(request, _WHY[place])
            return lead(request, reverse(place))
        at = cast("MemberRequest", request).instant.timestamp()
        if (
            rule
            and rule.asks_again(named)
            and request.method in rule.methods
            and not proved_of_late(request, at)
        ):
            return _ask_again(request)
        return None


def _ask_again(request: HttpRequest) -> HttpResponse | None:
    """Lead to the page that asks; in the way of a form, ask there and keep what was typed. None: proved, go on."""
    if request.method != "POST":
        return lead(request, f"{reverse('confirm')}?{urlencode({'next': request.get_full_path()})}")
    if any(name in request.POST for name in SECRET_FIELDS):
        messages.warning(request, "Rien n’a été changé : confirmez d’abord que c’est vous, puis recommencez.")
        return lead(request, f"{reverse('confirm')}?{urlencode({'next': request.get_full_path()})}")
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - tells the type checker what AUTH_USER_MODEL says
    form = ProofForm(request, user)
    files = _files(request)
    missing = [name for name in files if name not in request.FILES]
    if is_given(request) and not missing and form.is_valid():
        at = cast("MemberRequest", request).instant.timestamp()
        remember_proof(request, at, second_factor=isinstance(form.proof, Factor))
        return None
    return _in_the_way(request, form, files)


def _files(request: HttpRequest) -> list[str]:
    """Names of the files that were sent with the form: they cannot be carried, they are asked again."""
    return sorted({*request.FILES.keys(), *request.POST.getlist(f"{PREFIX}_files")})


def _in_the_way(request: HttpRequest, form: ProofForm, files: list[str]) -> HttpResponse:
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not name.startswith(PREFIX)
    ]
    context = {"form": form, "challenge": form.challenge(), "kept": kept, "files": files, "next": ""}
    answer = render(request, "account/confirm.html", context)
    answer["HX-Retarget"], answer["HX-Reswap"] = "body", "innerHTML"
    return answer
