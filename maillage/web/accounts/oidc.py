"""Signing in through a provider of identities: out to it, back from it. It opens accounts that exist, and makes none."""

import logging
from typing import cast

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maillage.credentials.identities import link, owner_of
from maillage.organisations.models import User
from maillage.web.accounts.confirming import next_page
from maillage.web.accounts.oidc_client import Provider, ProviderFailed, Who, finish, start
from maillage.web.accounts.proofs import PROVIDER, WAY
from maillage.web.accounts.slowdown import journal_failure
from maillage.web.accounts.stages import STRONG
from maillage.web.accounts.way_out import keep_way_out
from maillage.web.middleware import MemberRequest

_logger = logging.getLogger(__name__)
_STARTED = "provider"  # key of the session: what is kept of each sign-in that was started, by its state
_MOST = 5  # tabs
_LIFE = 600  # seconds at the provider


def provider() -> Provider | None:
    """The provider of the settings; None where none is described whole."""
    if not (settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID and settings.OIDC_CLIENT_SECRET):
        return None
    return Provider(
        issuer=settings.OIDC_ISSUER,
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        label=settings.OIDC_LABEL,
        scopes=tuple(settings.OIDC_SCOPES),
        emails_are_verified=settings.OIDC_EMAILS_ARE_VERIFIED,
        second_factor_levels=tuple(settings.OIDC_SECOND_FACTOR_LEVELS),
    )


@never_cache
@require_safe
def leave_for_provider(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    known = _known()
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    at = cast("MemberRequest", request).instant.timestamp()
    try:
        started = start(known, settings.SITE_URL.rstrip("/") + reverse("provider_return"))
    except ProviderFailed as failed:
        return _failed(request, known, failed)
    kept = {**started.kept, "next": next_page(request, ""), "at": at}
    before = list(request.session.get(_STARTED, {}).items())
    request.session[_STARTED] = dict([*before[-(_MOST - 1) :], (started.state, kept)])
    return HttpResponseRedirect(started.address)


@never_cache
@require_safe
def return_from_provider(request: HttpRequest) -> HttpResponse:
    """Take the browser back: whom did the provider identify, and which account is that?"""
    known = _known()
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    at = cast("MemberRequest", request).instant
    started = dict(request.session.get(_STARTED, {}))
    kept = started.pop(request.GET.get("state", ""), None)
    request.session[_STARTED] = started
    if kept is None or not 0 <= at.timestamp() - kept["at"] < _LIFE or "code" not in request.GET:
        return _failed(request, known, ProviderFailed("no such sign-in was started here, or it was given up"))
    try:
        who = finish(known, request.GET["code"], kept)
    except ProviderFailed as failed:
        return _failed(request, known, failed)
    user = _account(who, request)
    if user is None:
        return _nobody(request, known)
    request.session[WAY] = PROVIDER
    keep_way_out(request, user, who)
    if who.gave_second_factor:
        request.second_factor = f"{PROVIDER}_level"  # type: ignore[attr-defined]  # read by the adapter
    state = {STRONG: True} if who.gave_second_factor else {}
    login = Login(user=user, redirect_url=kept["next"] or None, state=state)
    return cast("HttpResponse", perform_login(request, login))


def _known() -> Provider:
    known = provider()
    if known is None:
        raise Http404
    return known


def _account(who: Who, request: HttpRequest) -> User | None:
    """The open account of this identity: tied by the provider's own name for it, at first found by a verified address."""
    owner = owner_of(issuer=who.issuer, subject=who.subject)
    if owner is not None:
        return User.objects.filter(id=owner, is_active=True).first()
    user = User.objects.filter(email=who.email, is_active=True).first() if who.email else None
    at = cast("MemberRequest", request).instant
    if user is None or not link(user=user, issuer=who.issuer, subject=who.subject, at=at):
        return None
    return user


def _failed(request: HttpRequest, known: Provider, failed: ProviderFailed) -> HttpResponse:
    _logger.warning("sign-in through the provider: %s", failed)
    messages.error(
        request,
        f"La connexion par {known.label} n’a pas abouti. Recommencez ; si cela dure, connectez-vous avec votre mot de passe.",
    )
    journal_failure(PROVIDER)
    return redirect(settings.LOGIN_URL)


def _nobody(request: HttpRequest, known: Provider) -> HttpResponse:
    messages.error(
        request,
        f"{known.label} a répondu, mais aucun compte de Maillage ne correspond à votre adresse professionnelle "
        "vérifiée. Demandez à la personne qui administre Maillage dans votre organisme d’ouvrir votre compte.",
    )
    journal_failure(PROVIDER)
    return redirect(settings.LOGIN_URL)
