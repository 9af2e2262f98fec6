"""Signing out at the provider too: ours ends first and always, the way out is the provider's own, and nothing of it lies in the clear."""

import base64
import json
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from maillage.demo.cast import PASSWORD
from maillage.web.accounts.way_out import WAY_OUT
from tests.credentials.people import ADVISER, WORKER
from tests.oidc_provider import CLIENT, OidcProvider
from tests.security.test_oidc import BACK, is_in, leave, provider, said, sign_in
from tests.tiers import spread

__all__ = ["provider"]  # a fixture
pytestmark = [pytest.mark.security, pytest.mark.django_db]
OUT, LEFT = "/deconnexion/", "/connexion/fournisseur/fin/"


def signed_in() -> Client:
    client = Client()
    sign_in(client)
    assert is_in(client)
    return client


def way_out(answer: Any) -> tuple[str, dict[str, str]]:
    """Where a page leads by itself, and what it says there; ("", {}) for one that goes nowhere."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.content.decode())
    if not found:
        return "", {}
    address = unescape(found[1])
    return address, {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_our_session_ends_then_the_provider_is_told_whose_ended(provider: OidcProvider) -> None:
    client = signed_in()
    answer = client.post(OUT)
    address, asked = way_out(answer)
    assert answer.status_code == 200
    assert not is_in(client)
    assert "Sacha Exemple" not in answer.content.decode()  # the page around it is nobody's any more
    assert address.startswith(f"{provider.issuer}/end?")
    assert asked["client_id"] == CLIENT
    assert asked["post_logout_redirect_uri"] == f"http://127.0.0.1:8000{LEFT}"
    assert len(asked["state"]) >= 43
    hint = jwt.decode(asked["id_token_hint"], options={"verify_signature": False})
    assert (hint["iss"], hint["sub"]) == (provider.issuer, "subject-1")
    assert answer["Cache-Control"].startswith("max-age=0")
    assert "no-store" in answer["Cache-Control"]
    assert client.get(LEFT, {"state": asked["state"]}).headers["Location"] == "/connexion/"
    assert "déconnecté·e de Maillage et de ProConnect" in said(client)
    client.get(LEFT, {"state": asked["state"]})
    assert "et de ProConnect" not in said(client)  # the state has served


@pytest.mark.parametrize("state", spread(["another", "", "é\ud800"], 3))
def test_a_forged_return_says_nothing_and_signs_nobody_out(provider: OidcProvider, state: str) -> None:
    client, at_work = signed_in(), signed_in()
    client.post(OUT)
    assert client.get(LEFT, {"state": state.encode("utf-8", "replace")}).headers["Location"] == "/connexion/"
    assert "et de ProConnect" not in said(client)
    assert at_work.get(LEFT, {"state": "another"}).headers["Location"] == "/"
    assert is_in(at_work)


def test_nobody_is_signed_out_by_an_address_nor_by_a_form_sent_from_elsewhere(provider: OidcProvider) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client)
    assert way_out(client.get(OUT)) == ("", {})
    assert client.post(OUT).status_code == 403
    assert is_in(client)


NO_WAY_OUT: dict[str, dict[str, str]] = {
    "none": {},
    "in the clear": {"end_session_endpoint": "http://ailleurs.example.org/end"},
    "a script": {"end_session_endpoint": "javascript:alert(1)"},
    "with a fragment": {"end_session_endpoint": "https://ailleurs.example.org/end#x"},
    "no address": {"end_session_endpoint": "https://["},
}


@pytest.mark.parametrize("case", NO_WAY_OUT)
def test_without_a_safe_way_out_our_session_ends_alone(provider: OidcProvider, case: str) -> None:
    provider.places = NO_WAY_OUT[case]
    client = signed_in()
    answer = client.post(OUT)
    assert (answer.status_code, way_out(answer)) == (302, ("", {}))
    assert not is_in(client)


def test_a_provider_that_is_down_or_was_changed_since_delays_nothing(
    provider: OidcProvider, settings: Any
) -> None:
    asked, clients = len(provider.asked), [signed_in(), signed_in(), signed_in()]
    asked = len(provider.asked)
    assert way_out(clients[0].post(OUT))[0]
    assert len(provider.asked) == asked  # nothing is asked of it: it may be down
    settings.MASTER_KEY = "bWFpbGxhZ2UtdGVzdHMtbWFpbGxhZ2UtdGVzdHMtMDI="
    assert way_out(clients[1].post(OUT)) == ("", {})
    settings.OIDC_ISSUER = "https://ailleurs.example.org"
    assert way_out(clients[2].post(OUT)) == ("", {})
    assert not any(is_in(client) for client in clients)


def test_an_address_that_asks_already_keeps_its_question(provider: OidcProvider) -> None:
    provider.places = {"end_session_endpoint": "https://fin.example.org/end?client=1"}
    address, asked = way_out(signed_in().post(OUT))
    assert address.startswith("https://fin.example.org/end?client=1&")
    assert asked["client"] == "1"


def test_a_token_too_long_for_an_address_is_left_out(provider: OidcProvider) -> None:
    provider.spoil_identity = lambda claims: {**claims, "more": "x" * 5000}
    _, asked = way_out(signed_in().post(OUT))
    assert "id_token_hint" not in asked
    assert asked["client_id"] == CLIENT


def test_a_session_opened_by_a_password_ends_here(provider: OidcProvider) -> None:
    client = Client()
    leave(client)  # went to the provider, and came back without it
    client.post("/connexion/", {"login": WORKER, "password": PASSWORD})
    assert way_out(client.post(OUT)) == ("", {})
    assert not is_in(client)


def test_the_token_is_sealed_to_its_person_and_dies_with_the_session(provider: OidcProvider) -> None:
    client = signed_in()
    kept = base64.b64decode(client.session[WAY_OUT])
    assert b"eyJ" not in kept
    assert b"issuer" not in kept
    assert provider.issuer not in json.dumps(dict(client.session.items()))
    provider.person = {"sub": "subject-2", "email": ADVISER, "email_verified": True}
    other = signed_in()
    session = other.session
    session[WAY_OUT] = client.session[WAY_OUT]
    session.save()
    assert way_out(other.post(OUT)) == ("", {})  # moved, it opens nothing
    client.post(OUT)
    assert all(WAY_OUT not in row.get_decoded() for row in Session.objects.all())


def test_signing_in_again_by_the_provider_works_after_it(provider: OidcProvider) -> None:
    client = signed_in()
    client.post(OUT)
    assert client.get(BACK, leave(client)).headers["Location"] == "/"
    assert is_in(client)
