"""« Is it you? »: the form of a proof, and its verification. At sign-in, before what is sensitive, and in its way."""

import json
from functools import partial
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from maillage.audit.actions import record
from maillage.core.row_security.context import context_of
from maillage.credentials import security_keys
from maillage.credentials.actions import factors_of, keys_of, proves, use_code, use_key
from maillage.credentials.entering import in_the_name_of
from maillage.credentials.models import Factor, FactorKind
from maillage.credentials.security_keys import Site
from maillage.organisations.attempts import PER_FACTOR, Door
from maillage.organisations.models import User
from maillage.web.accounts.slowdown import source
from maillage.web.middleware import MemberRequest

PREFIX = "confirmation"  # of the fields of a proof: they stand beside the fields of any other form
_CHALLENGE = "challenge"  # key of the session
_LOOPBACK = ("127.0.0.1", "::1")


def site() -> Site:
    """For whom keys are made: the address of the settings, whatever Host a request names.

    Browsers bind keys to names, never to numbers: on this very machine that name is localhost.
    """
    parts = urlsplit(settings.SITE_URL)
    domain = parts.hostname or ""
    if domain in _LOOPBACK:
        return Site("localhost", settings.SITE_URL.replace(parts.netloc, f"localhost:{parts.port or 80}"))
    return Site(domain, f"{parts.scheme}://{parts.netloc}")


class ProofForm(forms.Form):
    """A code, a key that answers or (without a second factor) the password; whichever is given is verified once."""

    use_required_attribute = False

    code = forms.CharField(
        label="Code",
        required=False,
        max_length=30,
        help_text="Les six chiffres de votre application, ou l’un de vos codes de secours.",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "class": "short-input"}
        ),
    )
    password = forms.CharField(
        label="Mot de passe",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    credential = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    code.need = password.need = True  # type: ignore[attr-defined]  # never « facultatif »: one of them is asked

    def __init__(self, request: HttpRequest, user: User, *, at_sign_in: bool = False) -> None:
        self.request, self.user, self.at_sign_in = cast("MemberRequest", request), user, at_sign_in
        self.factors = factors_of(user)
        given = request.POST if request.method == "POST" and _is_given(request) else None
        super().__init__(given, prefix=PREFIX)
        self.proof: Factor | str | None = None
        kinds = {factor.kind for factor in self.factors}
        self.has_factor, self.has_key = proves(self.factors), FactorKind.KEY in kinds
        if self.has_factor:
            del self.fields["password"]
        else:
            del self.fields["code"], self.fields["credential"]
        self.is_impossible = not self.has_factor and not user.has_usable_password()

    def clean(self) -> dict[str, Any]:
        """Verify what was given, once it is counted."""
        given = self.cleaned_data
        if not any(given.get(name) for name in ("code", "password", "credential")):
            raise forms.ValidationError("Donnez de quoi confirmer que c’est vous.")
        door = Door(account=f"factor:{self.user.id}", source=source(self.request), limit=PER_FACTOR)
        self.request.lasting.append(door.tried)  # should the answer roll the request back
        if not door.tried():
            raise forms.ValidationError("Trop d’essais : attendez un quart d’heure avant de recommencer.")
        self.proof = self._verified(given)
        if self.proof is None:
            self._journal_failure()
            raise forms.ValidationError(self._words(given))
        door.opened()
        self.request.lasting.remove(door.tried)
        return given

    def challenge(self) -> str:
        """What the browser hands to a security key (JSON), kept by the session for one answer; empty without a key."""
        if not self.has_key:
            return ""
        asked = security_keys.ask(keys_of(self.factors), site())
        self.request.session[_CHALLENGE] = asked.state
        return json.dumps(asked.options)

    @property
    def way(self) -> str:
        """How it was proved."""
        return self.proof.kind if isinstance(self.proof, Factor) else str(self.proof or "")

    def _verified(self, given: dict[str, Any]) -> Factor | str | None:
        at = self.request.instant
        if not self.has_factor:
            right = not self.is_impossible and self.user.check_password(given.get("password", ""))
            return "password" if right else None
        if given.get("credential"):
            try:
                answer = json.loads(given["credential"])
            except (ValueError, RecursionError):  # brackets by the thousand are no answer either
                return None
            state = self.request.session.pop(_CHALLENGE, None)
            use: Any = partial(use_key, user=self.user, answer=answer, state=state, site=site(), at=at)
        else:
            use = partial(use_code, user=self.user, code=given.get("code", ""), at=at)
        proof: Factor | None = use()
        if proof is not None:
            self.request.lasting.append(use)  # it served, even if what follows is rolled back
        return proof

    def _journal_failure(self) -> None:
        with in_the_name_of(self.user.id):
            record(
                verb="second_factor_failed" if self.has_factor else "confirmation_failed",
                object_type="user",
                object_ref=self.user.id,
                by=self.user.id,
                organisation=context_of().organisation,
            )

    def _words(self, given: dict[str, Any]) -> str:
        if not self.has_factor:
            return "Ce n’est pas votre mot de passe."
        if given.get("credential"):
            return "La clé n’a pas répondu comme il faut : recommencez."
        return "Ce code n’est pas bon, ou il a déjà servi : attendez le suivant."


def _is_given(request: HttpRequest) -> bool:
    return any(name.startswith(f"{PREFIX}-") for name in request.POST)


def is_given(request: HttpRequest) -> bool:
    """Whether a request brings a proof."""
    return request.method == "POST" and _is_given(request)


def next_page(request: HttpRequest, otherwise: str) -> str:
    """Where to go afterwards: a page of this site, never another."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") else otherwise
