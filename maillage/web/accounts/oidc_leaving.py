"""Signing out at the provider too, when the session was opened through it (OpenID Connect RP-Initiated Logout 1.0).

Our session ends first, whatever the provider does: what is needed to leave it is kept since the sign-in (`way_out`), so that
nothing is asked of it then.

The way out is a page that goes on by itself, not a redirection: browsers hold every hop that follows a form to `form-action`,
and a provider leads through others whose names nobody knows here.
"""

import hmac
import secrets
from typing import Final, cast
from urllib.parse import urlencode, urlsplit

from allauth.account import views as account
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maillage.web.accounts.oidc import provider
from maillage.web.accounts.way_out import opened_way_out
from maillage.web.middleware import MemberRequest

_LEFT: Final = (
    "provider_left"  # key of the nameless session after it: the state that the provider brings back
)
_LIFE: Final = 600  # seconds at the provider
_LONGEST: Final = 4000  # characters of a token in an address; without it the provider asks who leaves


@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """End our session, by POST only, then lead to the provider that opened it, if it says where one leaves."""
    known = provider()
    way_out = opened_way_out(request, known.issuer) if known and request.method == "POST" else None
    answer: HttpResponse = account.logout(request)
    if way_out is None or known is None or request.user.is_authenticated:
        return answer
    state = secrets.token_urlsafe(32)
    request.session[_LEFT] = {"state": state, "at": cast("MemberRequest", request).instant.timestamp()}
    asked = {
        "client_id": known.client_id,
        "post_logout_redirect_uri": settings.SITE_URL.rstrip("/") + reverse("provider_left"),
        "state": state,
    }
    if len(way_out["token"]) <= _LONGEST:
        asked["id_token_hint"] = way_out["token"]
    request.member, request.employers = None, ()  # type: ignore[attr-defined]  # the page around it is nobody's
    list(messages.get_messages(request))  # the page says it: allauth's words would be said twice
    joint = "&" if urlsplit(way_out["address"]).query else "?"
    address = f"{way_out['address']}{joint}{urlencode(asked)}"
    return render(request, "account/leaving.html", {"address": address, "label": known.label})


@never_cache
@require_safe
def left_provider(request: HttpRequest) -> HttpResponse:
    """Back from the provider: say that both are left, to the browser that left. Nobody is signed out by coming here."""
    known = provider()
    if known is None:
        raise Http404
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    kept = request.session.get(_LEFT)
    at = cast("MemberRequest", request).instant.timestamp()
    given = request.GET.get("state", "")
    if kept and hmac.compare_digest(kept["state"].encode(), given.encode(errors="replace")):
        del request.session[_LEFT]
        if 0 <= at - kept["at"] < _LIFE:
            messages.success(request, f"Vous êtes déconnecté·e de Maillage et de {known.label}.")
    return redirect(settings.LOGIN_URL)
