"""Signing in with each factor, in a real browser; sessions closed from another one, while somebody is working."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page, expect

from maillage.demo.cast import PASSWORD
from tests.browsing import Opened, browser, follow, look, open_in, site
from tests.credentials.people import WORKER, code_of
from tests.oidc_provider import CLIENT, SECRET, running

__all__ = ["browser", "site"]  # fixtures of these tests
pytestmark = pytest.mark.browser
NAME = "Sacha Exemple"


@pytest.fixture
def place(site: str, settings: Any) -> str:
    """The site under the name that keys are bound to."""
    settings.SITE_URL = site
    return site.replace("127.0.0.1", "localhost")


@pytest.fixture
def opened(browser: Browser, place: str) -> Iterator[Opened]:
    """A page of someone who has signed in."""
    yield from open_in(browser, place)


@pytest.fixture
def page(browser: Browser, place: str) -> Iterator[Page]:
    """A browser of nobody yet."""
    context = browser.new_context(base_url=place, viewport={"width": 1280, "height": 900}, bypass_csp=True)
    yield context.new_page()
    context.close()


def fill(page: Page) -> None:
    page.goto("/connexion/")
    page.fill("[name=login]", WORKER)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")


def leave(page: Page) -> None:
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.locator("h1")).to_have_text("Connexion")


def is_in(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("À faire")


def put_application(page: Page) -> tuple[str, list[str]]:
    """Add an application as a person does; its secret, and the codes that come with it."""
    page.locator("summary", has_text=NAME).click()
    page.get_by_role("link", name="Second facteur").click()
    page.get_by_role("link", name="Ajouter une application").click()
    secret = page.locator(".recovery-code").inner_text().replace(" ", "")
    page.fill("[name=code]", code_of(secret, ahead=-1))
    page.get_by_role("button", name="Mettre en place").click()
    expect(page.locator("h1")).to_have_text("Vos codes de secours")
    return secret, page.locator(".recovery-code").all_inner_texts()


def test_password_and_application_then_a_recovery_code_on_a_telephone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    fill(page)
    secret, codes = put_application(page)
    look(page, "codes_de_secours")
    follow(page, "a:has-text('Je les ai gardés')")
    look(page, "seconds_facteurs")
    leave(page)
    fill(page)
    expect(page.locator("h1")).to_have_text("Votre second facteur")
    page.fill("[name=confirmation-code]", "000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("n’est pas bon")
    look(page, "second_facteur")
    page.fill("[name=confirmation-code]", code_of(secret))
    page.keyboard.press("Enter")
    is_in(page)
    leave(page)
    fill(page)
    page.fill("[name=confirmation-code]", codes[0].lower())
    page.keyboard.press("Enter")
    is_in(page)


@pytest.mark.long
def test_the_pages_of_the_account_look_right(page: Page) -> None:
    """Every page, where test_password_and_application_then_a_recovery_code_on_a_telephone looks at those it goes through."""
    fill(page)
    is_in(page)
    for name in ("", "application/", "cle/"):
        page.goto(f"/mon-compte/second-facteur/{name}")
        look(page, f"facteurs_{name.strip('/') or 'liste'}")
    page.goto("/mon-compte/sessions/")
    look(page, "sessions")
    page.goto("/mon-compte/confirmer/")
    look(page, "confirmer")


def test_password_and_security_key(page: Page) -> None:
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    added = client.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    fill(page)
    is_in(page)
    page.goto("/mon-compte/second-facteur/cle/")
    page.fill("[name=name]", "Clé du bureau")
    page.get_by_role("button", name="Présenter la clé").click()
    expect(page.locator("h1")).to_have_text("Vos codes de secours")
    found = client.send("WebAuthn.getCredentials", {"authenticatorId": added["authenticatorId"]})
    assert [one["rpId"] for one in found["credentials"]] == ["localhost"]
    for _ in range(2):
        leave(page)
        fill(page)
        page.get_by_role("button", name="Utiliser ma clé de sécurité").click()
        is_in(page)
    page.goto("/mon-compte/second-facteur/")
    expect(page.locator("main")).to_contain_text("Clé du bureau")


@pytest.mark.long
def test_a_provider_of_identities(page: Page, settings: Any) -> None:
    """In a browser, what test_whoever_is_identified_enters_and_is_known_next_time proves."""
    with running(WORKER) as provider:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = (
            provider.issuer,
            CLIENT,
            SECRET,
        )
        settings.SITE_URL = _origin(page)
        page.goto("/conventions/calendrier/")
        look(page, "connexion_fournisseur")
        page.get_by_role("link", name="Se connecter avec ProConnect").click()
        expect(page.locator("h1")).to_contain_text("Calendrier")
        assert {"/authorize", "/token", "/userinfo"} <= set(provider.asked)
        leave(page)
        provider.person = {"sub": "subject-9", "email": "inconnue@example.org", "email_verified": True}
        page.get_by_role("link", name="Se connecter avec ProConnect").click()
        expect(page.locator("#messages")).to_contain_text("aucun compte de Maillage")
        look(page, "connexion_sans_compte")


@pytest.mark.long
@pytest.mark.parametrize("script", [True, False])
def test_leaving_leads_through_the_provider_and_back_under_the_real_policy(
    browser: Browser, place: str, settings: Any, script: bool
) -> None:
    """In Chromium, what test_our_session_ends_then_the_provider_is_told_whose_ended proves by requests."""
    with running(WORKER) as provider:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = (
            provider.issuer,
            CLIENT,
            SECRET,
        )
        settings.SITE_URL = place
        context = browser.new_context(base_url=place, java_script_enabled=script)
        page = context.new_page()
        page.goto("/connexion/")
        page.get_by_role("link", name="Se connecter avec ProConnect").click()
        is_in(page)
        page.get_by_role("button", name="Se déconnecter").click()
        expect(page.locator("#messages")).to_contain_text("déconnecté·e de Maillage et de ProConnect")
        expect(page).to_have_url(f"{place}/connexion/")
        assert {"/end", "/ended"} <= set(provider.asked)
        assert provider.left[0]["id_token_hint"].count(".") == 2
        page.goto("/")
        expect(page.locator("h1")).to_have_text("Connexion")
        context.close()


@pytest.mark.long
def test_the_page_on_the_way_out_looks_right_and_stays_when_the_provider_is_silent(
    page: Page, settings: Any
) -> None:
    """At length, what test_a_provider_that_is_down_or_was_changed_since_delays_nothing proves by requests."""
    with running(WORKER) as provider:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = (
            provider.issuer,
            CLIENT,
            SECRET,
        )
        settings.SITE_URL = _origin(page)
        page.get_by_role("link", name="Se connecter avec ProConnect").click()
        is_in(page)
        page.route("**/end?*", lambda route: route.fulfill(status=204))
        page.get_by_role("button", name="Se déconnecter").click()
        expect(page.locator("h1")).to_have_text("Vous êtes déconnecté·e de Maillage")
        look(page, "sortie_fournisseur")
        page.goto("/")
        expect(page.locator("h1")).to_have_text("Connexion")


def _origin(page: Page) -> str:
    page.goto("/connexion/")
    return str(page.evaluate("location.origin"))


@pytest.mark.long
def test_sessions_are_seen_and_closed_from_another_browser_while_one_works(opened: Opened) -> None:
    """In two browsers, what test_a_session_that_was_ended_is_refused_at_its_next_request proves."""
    working, other = opened(WORKER), opened(WORKER, bypass_csp=True)
    is_in(working)
    working.goto("/conventions/")
    is_in(other)
    other.locator("summary", has_text=NAME).click()
    other.get_by_role("link", name="Sessions ouvertes").click()
    expect(other.locator("section.panel")).to_have_count(2)
    expect(other.locator("section.panel", has_text="Celle-ci")).to_have_count(1)
    look(other, "deux_sessions")
    other.get_by_role("button", name="Fermer cette session").click()
    expect(other.locator("#messages")).to_contain_text("Session fermée")
    expect(other.locator("section.panel")).to_have_count(1)
    # A fragment asked by the page at work takes the whole browser to the door.
    working.evaluate("htmx.ajax('GET', '/conventions/', '#contenu')")
    expect(working).to_have_url(re.compile(r"/connexion/\?next="))
    expect(working.locator("h1")).to_have_text("Connexion")


@pytest.fixture
def bare(browser: Browser, place: str) -> Iterator[Page]:
    """A browser of nobody yet, without script."""
    context = browser.new_context(base_url=place, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.long
def test_in_a_browser_without_script_a_key_says_why_and_a_code_works(bare: Page) -> None:
    """In Chromium, what test_without_script_an_application_is_put_and_a_key_says_why_it_cannot does by links and forms alone."""
    fill(bare)
    secret, _codes = put_application(bare)
    leave(bare)
    fill(bare)
    bare.fill("[name=confirmation-code]", code_of(secret))
    bare.get_by_role("button", name="Se connecter").click()
    is_in(bare)
    bare.goto("/mon-compte/second-facteur/cle/")
    expect(bare.locator("main")).to_contain_text("demande JavaScript")


@pytest.mark.long
def test_a_sensitive_page_asks_again_and_keeps_what_was_typed(page: Page, settings: Any) -> None:
    """In Chromium, what test_a_sensitive_page_asks_again_and_goes_on proves by requests."""
    fill(page)
    is_in(page)
    page.goto("/mon-compte/sessions/")
    settings.FRESH_SECONDS = 0
    page.goto("/mon-compte/sessions/")
    expect(page.locator("h1")).to_have_text("Confirmez que c’est vous")
    look(page, "confirmer_mot_de_passe")
    settings.FRESH_SECONDS = django_settings.SESSION_ABSOLUTE_SECONDS
    page.fill("[name=confirmation-password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Sessions ouvertes")
