"""One's second factors: what there is, an application, a key, the codes to fall back on."""

import json

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from maillage.core.crypto import DecryptionError
from maillage.core.refusals import Refused
from maillage.credentials import rules, security_keys
from maillage.credentials.actions import (
    add_application,
    add_key,
    factors_of,
    keys_of,
    open_for,
    proves,
    remove_factor,
    renew_recovery_codes,
    seal_for,
)
from maillage.credentials.models import Factor, FactorKind
from maillage.credentials.sessions import close, follow
from maillage.organisations.models import User
from maillage.web.accounts.confirming import site
from maillage.web.accounts.proofs import remember_proof
from maillage.web.accounts.shown import factor_dates, signed_in_user
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Confirmation
from maillage.web.rules import page

_SECRET, _CHALLENGE = "application_secret", "registration"  # keys of the session
ISSUER = "Maillage"


class ApplicationForm(forms.Form):
    """The code that the application shows."""

    use_required_attribute = False
    code = forms.CharField(
        label="Code affiché par l’application",
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "short-input"}
        ),
        error_messages={"required": "Écrivez les six chiffres que l’application affiche."},
    )


class KeyForm(forms.Form):
    """The name of a key; what it answers is put there by the browser."""

    use_required_attribute = False
    name = forms.CharField(
        label="Nom de la clé",
        max_length=60,
        initial="Ma clé",
        help_text="Pour la reconnaître parmi d’autres : clé du bureau, mon téléphone…",
        error_messages={"required": "Donnez un nom à la clé."},
    )
    credential = forms.CharField(
        max_length=20_000,
        widget=forms.HiddenInput,
        error_messages={"required": "La clé n’a pas répondu : elle demande JavaScript et votre geste."},
    )


@page(at_the_door=True, methods=("GET", "POST"), fresh=True, meanwhile=True)
def factors(request: MemberRequest) -> HttpResponse:
    """What there is, and what can be added; posted: take one away."""
    user = signed_in_user(request)
    if request.method == "POST":
        return _remove(request, user)
    found = factors_of(user)
    recovery = next((one for one in found if one.kind == FactorKind.RECOVERY), None)
    context = {
        "factors": [_line(one) for one in found if one.kind != FactorKind.RECOVERY],
        "has_application": any(one.kind == FactorKind.APPLICATION for one in found),
        "has_factor": proves(found),
        "codes_left": len(recovery.digests) if recovery else 0,
        "required": settings.SECOND_FACTOR_REQUIRED,
        "is_one_to_add": settings.SECOND_FACTOR_REQUIRED and not proves(found),
    }
    return render(request, "account/factors.html", context)


@page(at_the_door=True, methods=("GET", "POST"), fresh=True, meanwhile=True)
def application(request: MemberRequest) -> HttpResponse:
    """Scan a picture (or copy a key), then give the code that follows from it."""
    user = signed_in_user(request)
    secret = _secret(request, user)
    form = ApplicationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        first = not proves(factors_of(user))
        try:
            add_application(user=user, secret=secret, code=form.cleaned_data["code"], at=request.instant)
        except Refused as refused:
            form.add_error("code", refused.message)
        else:
            del request.session[_SECRET]
            return _added(request, user, first=first, words="Application d’authentification en place.")
    label = f"{ISSUER}:{user.email}"
    address = f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"
    context = {
        "form": form,
        "picture": segno.make(address, error="m").svg_inline(
            scale=5, border=4, svgclass="qr-code", lineclass=None, omitsize=True
        ),
        "groups": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "breadcrumb": _breadcrumb(),
    }
    return render(request, "account/application.html", context)


@page(at_the_door=True, methods=("GET", "POST"), fresh=True, meanwhile=True)
def key(request: MemberRequest) -> HttpResponse:
    """Have the browser make a key for this site."""
    user = signed_in_user(request)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        first = not proves(factors_of(user))
        try:
            answer = json.loads(form.cleaned_data["credential"])
            add_key(
                user=user,
                name=form.cleaned_data["name"],
                answer=answer,
                state=request.session.pop(_CHALLENGE, None),
                site=site(),
                at=request.instant,
            )
        except (ValueError, RecursionError):  # brackets by the thousand are no answer either
            form.add_error(None, "La clé n’a pas répondu comme il faut : recommencez.")
        except Refused as refused:
            form.add_error("name" if refused.field == "name" else None, refused.message)
        else:
            return _added(request, user, first=first, words="Clé de sécurité en place.")
    asked = security_keys.ask_to_register(user, keys_of(factors_of(user)), site())
    request.session[_CHALLENGE] = asked.state
    context = {"form": form, "challenge": json.dumps(asked.options), "breadcrumb": _breadcrumb()}
    return render(request, "account/key.html", context)


@page(at_the_door=True, methods=("GET", "POST"), fresh=True, meanwhile=True)
def recovery_codes(request: MemberRequest) -> HttpResponse:
    """Make ten new codes; they are shown by this answer and by no other."""
    user = signed_in_user(request)
    found = factors_of(user)
    if not proves(found):
        messages.info(request, "Mettez d’abord un second facteur en place : les codes viennent avec lui.")
        return redirect("factors")
    if request.method == "POST":
        return _show_codes(request, renew_recovery_codes(user=user, at=request.instant))
    has_codes = any(one.kind == FactorKind.RECOVERY for one in found)
    return render(request, "account/recovery.html", {"has_codes": has_codes, "breadcrumb": _breadcrumb()})


def _added(request: MemberRequest, user: User, *, first: bool, words: str) -> HttpResponse:
    """After a first one: a new key for this session, the others end, and codes are shown; she has just given it."""
    messages.success(request, words)
    remember_proof(request, request.instant.timestamp(), second_factor=True)
    if not first:
        return redirect("factors")
    before = str(request.session.session_key)
    request.session.cycle_key()
    follow(user=user, before=before, after=str(request.session.session_key))
    close(user=user, session=None, except_key=str(request.session.session_key))
    return _show_codes(request, renew_recovery_codes(user=user, at=request.instant))


def _show_codes(request: MemberRequest, codes: list[str]) -> HttpResponse:
    context = {"codes": [rules.shown(code) for code in codes], "breadcrumb": _breadcrumb()}
    return render(request, "account/recovery.html", context)


def _remove(request: MemberRequest, user: User) -> HttpResponse:
    wanted = next((one for one in factors_of(user) if str(one.id) == request.POST.get("factor")), None)
    try:
        done = wanted is not None and remove_factor(
            user=user, factor=wanted.id, required=settings.SECOND_FACTOR_REQUIRED, at=request.instant
        )
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        if done:
            messages.success(request, "Second facteur retiré.")
        else:
            messages.info(request, "Ce second facteur n’est plus là.")
    return redirect("factors")


def _secret(request: MemberRequest, user: User) -> str:
    """The secret being scanned: the session keeps it sealed until the code shows that it was."""
    try:
        return open_for(user, request.session[_SECRET])
    except (KeyError, ValueError, DecryptionError):
        secret = rules.new_secret()
        request.session[_SECRET] = seal_for(user, secret)
        return secret


def _line(factor: Factor) -> tuple[str, str, Confirmation]:
    label = factor.name or FactorKind(factor.kind).label
    removal = Confirmation(
        label="Retirer",
        action=reverse("factors"),
        consequences=[f"« {label} » ne sert plus à se connecter."],
        button="Retirer ce second facteur",
        is_danger=True,
        hidden={"factor": str(factor.id)},
    )
    return label, factor_dates(factor), removal


def _breadcrumb() -> list[tuple[str, str]]:
    return [("Second facteur", reverse("factors"))]
