"""Signing in through a provider: what it signed and meant for us, and nothing else. Each refusal beside its allowed twin."""

import logging
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from maillage.credentials.identities import owner_of
from maillage.demo.cast import PASSWORD
from maillage.organisations.models import User
from tests.credentials.people import ADVISER, WORKER, code_of, someone, with_application
from tests.oidc_provider import CLIENT, SECRET, OidcProvider, running

pytestmark = [pytest.mark.security, pytest.mark.django_db]
OUT, BACK = "/connexion/fournisseur/", "/connexion/fournisseur/retour/"


@pytest.fixture
def provider(settings: Any) -> Iterator[OidcProvider]:
    with running(WORKER) as found:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = (
            found.issuer,
            CLIENT,
            SECRET,
        )
        logging.disable(logging.WARNING)  # each refusal is one line for the operator
        yield found
        logging.disable(logging.NOTSET)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Nowhere: the browser of the tests follows."""


def at_the_provider(address: str) -> dict[str, str]:
    """What the browser brings back from the provider."""
    with pytest.raises(HTTPError) as answer:
        build_opener(_Stay).open(address)
    back = answer.value.headers["Location"]
    answer.value.close()
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


def leave(client: Client, **more: str) -> dict[str, str]:
    return at_the_provider(client.get(OUT, more).headers["Location"])


def sign_in(client: Client) -> Any:
    return client.get(BACK, leave(client))


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def said(client: Client) -> str:
    return client.get("/connexion/").content.decode().replace("\u00a0", " ")


def test_whoever_is_identified_enters_and_is_known_next_time(provider: OidcProvider) -> None:
    client = Client()
    assert sign_in(client).headers["Location"] == "/"
    assert is_in(client)
    assert owner_of(issuer=provider.issuer, subject="subject-1") == someone().id
    provider.person["email"] = "nouvelle@example.org"  # she married: the provider's own name for her stays
    again = Client()
    sign_in(again)
    assert is_in(again)


def test_without_a_provider_there_is_neither_page_nor_button(client: Client) -> None:
    assert client.get(OUT).status_code == client.get(BACK).status_code == 404
    assert OUT not in client.get("/connexion/").content.decode()


def test_the_button_is_there_with_one(provider: OidcProvider, client: Client) -> None:
    page = client.get("/connexion/?next=/conventions/").content.decode()
    assert f'href="{OUT}?next=%2Fconventions%2F"' in page


def test_our_second_factor_is_asked_unless_the_level_stands_for_it(
    provider: OidcProvider, settings: Any
) -> None:
    secret = with_application(someone())
    client = Client()
    assert sign_in(client).headers["Location"] == "/connexion/second-facteur/"
    assert not is_in(client)
    client.post("/connexion/second-facteur/", {"confirmation-code": code_of(secret)})
    assert is_in(client)
    provider.level = "eidas2"
    assert sign_in(Client()).headers["Location"] == "/connexion/second-facteur/"
    settings.OIDC_SECOND_FACTOR_LEVELS = ["eidas2"]
    settings.SECOND_FACTOR_REQUIRED = True
    strong = Client()
    assert sign_in(strong).headers["Location"] == "/"
    assert is_in(strong)
    provider.level = "eidas1"
    assert sign_in(Client()).headers["Location"] == "/connexion/second-facteur/"


def test_required_and_not_in_place_it_holds_whoever_came_by_the_provider(
    provider: OidcProvider, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = Client()
    sign_in(client)
    assert client.get("/").headers["Location"] == "/mon-compte/second-facteur/"


NOBODY: dict[str, dict[str, Any]] = {
    "an unknown address": {"email": "inconnue@example.org"},
    "an address that nobody verified": {"email_verified": False},
    "an address of which nobody says that it is verified": {"email_verified": None},
    "« true » in words": {"email_verified": "true"},
    "no address": {"email": ""},
}


@pytest.mark.parametrize("case", NOBODY)
def test_whoever_has_no_account_is_told_whom_to_ask_and_none_is_made(
    provider: OidcProvider, case: str
) -> None:
    provider.person.update(NOBODY[case])
    accounts, client = User.objects.count(), Client()
    assert sign_in(client).headers["Location"] == "/connexion/"
    assert "Demandez à la personne qui administre Maillage" in said(client)
    assert not is_in(client)
    assert User.objects.count() == accounts
    assert owner_of(issuer=provider.issuer, subject="subject-1") is None


def test_a_provider_may_vouch_for_all_its_addresses(provider: OidcProvider, settings: Any) -> None:
    del provider.person["email_verified"]
    assert sign_in(Client()).headers["Location"] == "/connexion/"
    settings.OIDC_EMAILS_ARE_VERIFIED = True
    assert sign_in(Client()).headers["Location"] == "/"
    provider.person.update({"sub": "subject-2", "email": ADVISER, "email_verified": False})
    assert sign_in(Client()).headers["Location"] == "/connexion/"


def test_another_identity_with_the_same_address_does_not_take_the_account(provider: OidcProvider) -> None:
    sign_in(Client())
    provider.person["sub"] = "subject-2"
    client = Client()
    assert sign_in(client).headers["Location"] == "/connexion/"
    assert not is_in(client)


def forged(_provider: OidcProvider, claims: dict[str, Any]) -> str:
    key = rsa.generate_private_key(65537, 2048)
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "one"})


def unsigned(_provider: OidcProvider, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "", algorithm="none", headers={"kid": "one"})


def with_the_public_key(provider: OidcProvider, claims: dict[str, Any]) -> str:
    """HMAC under what everybody reads: accepted by whoever believes a token's own word for its algorithm."""
    return jwt.encode(claims, provider.public()["n"], algorithm="HS256", headers={"kid": "one"})


def tampered(provider: OidcProvider, claims: dict[str, Any]) -> str:
    head, body, signature = provider.signed(claims).split(".")
    return f"{head}.{body[:-4]}AAAA.{signature}"


def of_another_key(provider: OidcProvider, claims: dict[str, Any]) -> str:
    return provider.signed(claims).replace(
        provider.signed(claims).split(".")[0], "eyJhbGciOiJSUzI1NiIsImtpZCI6InR3byJ9"
    )


Lie = Callable[[OidcProvider], None]


def _claims(place: str, **changed: Any) -> Lie:
    def tell(provider: OidcProvider) -> None:
        setattr(provider, f"spoil_{place}", lambda claims: {**claims, **changed})

    return tell


def _sign(how: Callable[[OidcProvider, dict[str, Any]], str]) -> Lie:
    return lambda provider: setattr(provider, "sign", how)


LIES: dict[str, Lie] = {
    "a token under another key": _sign(forged),
    "an unsigned token": _sign(unsigned),
    "a token signed with the public key": _sign(with_the_public_key),
    "a tampered token": _sign(tampered),
    "a token of an unpublished key": _sign(of_another_key),
    "a token for another client": _claims("identity", aud="another-client"),
    "a token for us and another": _claims("identity", aud=[CLIENT, "another"], azp="another"),
    "a token of another issuer": _claims("identity", iss="https://ailleurs.example.org"),
    "an expired token": _claims("identity", exp=1_700_000_000),
    "a token of another sign-in": _claims("identity", nonce="another"),
    "a token without a nonce": _claims("identity", nonce=None),
    "userinfo of another subject": _claims("userinfo", sub="subject-2"),
    "userinfo for another client": _claims("userinfo", aud="another-client"),
    "userinfo of another issuer": _claims("userinfo", iss="https://ailleurs.example.org"),
    "a nonce that is half a character": _claims("identity", nonce="\ud800"),
    "an address that is half a character": _claims("userinfo", email="\ud800", email_verified=True),
    "an address with a NUL": _claims("userinfo", email="a\0@example.org", email_verified=True),
    "userinfo that nobody signed": lambda provider: setattr(provider, "kind", "application/json"),
    "another issuer's configuration": lambda provider: setattr(provider, "issuer", "http://127.0.0.1:9"),
}


@pytest.mark.parametrize("case", LIES)
def test_a_lie_signs_nobody_in(provider: OidcProvider, case: str) -> None:
    client = Client()
    brought = leave(client)
    LIES[case](provider)
    assert client.get(BACK, brought).headers["Location"] == "/connexion/"
    assert "n’a pas abouti" in said(client)
    assert not is_in(client)


def test_a_state_serves_once_in_the_browser_that_started(provider: OidcProvider) -> None:
    mine, hers = Client(), Client()
    brought = leave(mine)
    assert hers.get(BACK, brought).headers["Location"] == "/connexion/"
    assert not is_in(hers)
    assert mine.get(BACK, {**brought, "state": "another"}).headers["Location"] == "/connexion/"
    assert mine.get(BACK, {**brought, "code": "another"}).headers["Location"] == "/connexion/"
    assert not is_in(mine)
    assert mine.get(BACK, brought).headers["Location"] == "/connexion/"  # the state has served
    assert not is_in(mine)
    assert sign_in(mine).headers["Location"] == "/"


def test_a_state_that_waited_too_long_is_refused(provider: OidcProvider) -> None:
    client = Client()
    brought = leave(client)
    session = client.session
    started = session["provider"]
    for kept in started.values():
        kept["at"] -= 601
    session["provider"] = started
    session.save()
    assert client.get(BACK, brought).headers["Location"] == "/connexion/"
    assert not is_in(client)


def test_one_may_give_up_at_the_provider(provider: OidcProvider) -> None:
    client = Client()
    brought = leave(client)
    answer = client.get(BACK, {"state": brought["state"], "error": "access_denied"})
    assert answer.headers["Location"] == "/connexion/"
    assert not is_in(client)


def test_what_is_asked_holds_a_challenge_a_state_and_a_nonce(provider: OidcProvider) -> None:
    first, second = (parse_qs(urlsplit(Client().get(OUT).headers["Location"]).query) for _ in range(2))
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 43
        assert first[name] != second[name]
    assert first["code_challenge_method"] == ["S256"]
    assert first["redirect_uri"] == [f"http://127.0.0.1:8000{BACK}"]


@pytest.mark.parametrize("target", ["https://ailleurs.example.org/", "//ailleurs.example.org/"])
def test_it_leads_to_no_other_site(provider: OidcProvider, target: str) -> None:
    client = Client()
    assert client.get(BACK, leave(client, next=target)).headers["Location"] == "/"
    inside = Client()
    assert inside.get(BACK, leave(inside, next="/conventions/")).headers["Location"] == "/conventions/"


def test_a_silent_provider_breaks_nothing(provider: OidcProvider, settings: Any) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    client = Client()
    assert client.get(OUT).headers["Location"] == "/connexion/"
    assert "n’a pas abouti" in said(client)


@pytest.mark.parametrize("address", ["https://[connexion.example.org", "https://[::1", "connexion", ""])
def test_an_address_that_is_none_leads_nowhere(provider: OidcProvider, settings: Any, address: str) -> None:
    settings.OIDC_ISSUER = address or "https://["
    assert Client().get(OUT).headers["Location"] == "/connexion/"
    assert provider.asked == []


def test_over_http_nobody_else_answers_for_the_provider(provider: OidcProvider, settings: Any) -> None:
    settings.OIDC_ISSUER = "http://connexion.example.org"
    assert Client().get(OUT).headers["Location"] == "/connexion/"
    assert provider.asked == []


def test_a_password_still_opens_the_account(provider: OidcProvider) -> None:
    sign_in(Client())
    client = Client()
    client.post("/connexion/", {"login": WORKER, "password": PASSWORD})
    assert is_in(client)
