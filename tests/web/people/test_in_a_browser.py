"""Invitation, switching organisation, revocation while working: with the fingers, in a real Chromium."""

import pytest
from django.db.models import Q
from playwright.sync_api import Browser, Page, expect

from maillage.organisations.models import Training, Undertaking
from tests.browsing import Opened, browser, look, opened, site, told, visit
from tests.leaving import end_at_once
from tests.organisations.people.team import (
    ADMINISTRATOR,
    NEWCOMER,
    TWO_EMPLOYERS,
    WORKER,
    link,
    organisation,
    user,
)

__all__ = ["browser", "opened", "site"]  # fixtures of these tests
pytestmark = pytest.mark.browser
CHOSEN = "sept-girafes-au-marché"


def invite_with_the_fingers(page: Page) -> None:
    page.goto("/organisme/membres/")
    page.click("text=Inviter une personne")
    page.fill("[name=full_name]", "Nour Exemple")
    page.fill("[name=email]", NEWCOMER)
    page.check("text=Intervenant·e social·e")
    look(page, "people_inviter")
    page.click("text=Envoyer l’invitation")
    told(page, "Invitation envoyée")


def test_a_newcomer_is_invited_opens_her_account_signs_is_trained_and_enters(
    browser: Browser, site: str, opened: Opened
) -> None:
    administrator = opened(ADMINISTRATOR, bypass_csp=True)
    invite_with_the_fingers(administrator)
    look(administrator, "people_membres")
    from maillage.organisations.models import Invitation

    invitation = Invitation.objects.using("owner").get(email=NEWCOMER)
    newcomer = browser.new_context(
        base_url=site, bypass_csp=True, viewport={"width": 360, "height": 800}
    ).new_page()
    newcomer.goto(link(invitation.id))
    look(newcomer, "people_invitation")
    newcomer.fill("[name=password]", CHOSEN)
    newcomer.fill("[name=again]", CHOSEN)
    newcomer.click("text=Ouvrir mon compte")
    told(newcomer, "Votre compte est ouvert")
    newcomer.fill("[name=login]", NEWCOMER)
    newcomer.fill("[name=password]", CHOSEN)
    newcomer.click("main button[type=submit]")
    expect(newcomer.locator("h1")).to_have_text("Avant d’entrer")
    look(newcomer, "people_entree_first")
    newcomer.check("[name=agreed]")
    newcomer.click("text=Signer mon engagement")
    told(newcomer, "Engagement signé")
    assert "à dater" in newcomer.inner_text("main")
    administrator.goto(f"/organisme/membres/{user(NEWCOMER)}/")
    look(administrator, "people_fiche")
    administrator.click("text=Dater une formation RGPD")
    administrator.fill("[name=done_on]", "05/01/2026")
    administrator.fill("[name=title]", "RGPD, module interne")
    administrator.click("main button[type=submit]")
    told(administrator, "Formation enregistrée")
    newcomer.goto("/")
    expect(newcomer.locator("h1")).to_have_text("À faire")
    newcomer.context.close()


@pytest.mark.long
def test_somebody_with_two_employers_switches_and_signs_for_the_second(opened: Opened) -> None:
    """In a browser, what test_switching_to_an_organisation_that_waits_leads_to_the_door does by its form."""
    Undertaking.objects.using("owner").filter(
        user__email=TWO_EMPLOYERS, organisation__short_name="CH d’Exemple"
    ).delete()
    page = opened(TWO_EMPLOYERS, bypass_csp=True)
    page.goto("/")
    expect(page.locator(".site-identity")).to_contain_text("CCAS de Montbrison")
    page.click("summary:has-text('Changer d’organisme')")
    page.click("button:has-text('Centre hospitalier')")
    expect(page.locator("h1")).to_have_text("Avant d’entrer")
    look(page, "people_entree")
    page.check("[name=agreed]")
    page.click("text=Signer mon engagement")
    expect(page.locator(".site-identity")).to_contain_text("Centre hospitalier")
    page.click("summary:has-text('Changer d’organisme')")
    page.click("button:has-text('CCAS de Montbrison')")
    expect(page.locator(".site-identity strong")).to_have_text("CCAS de Montbrison")


@pytest.mark.long
def test_a_role_removed_while_its_holder_works_leaves_what_she_typed_and_says_so(opened: Opened) -> None:
    """In a browser, what test_a_role_withdrawn_while_its_holder_works_is_said_at_her_next_page_and_fragment proves."""
    page = opened("referent@ccas.example.org", bypass_csp=True)
    page.goto("/conventions/nouvelle/")
    page.fill("[name=title]", "Un titre long à retaper")
    end_at_once(organisation(), Q(user__email="referent@ccas.example.org", role="referent"))
    page.locator("input[name=template]").first.check()
    page.click("main form button[type=submit]")
    told(page, "Un titre long à retaper", "main")
    assert "Votre rôle « Référent·e de convention » (CCAS) a pris fin" in page.inner_text("main").replace(
        "\u00a0", " "
    )
    look(page, "people_role_retire")
    page.goto("/conventions/nouvelle/")
    expect(page.locator("main")).to_contain_text("a pris fin")
    look(page, "people_role_retire_page")
    page.goto("/orientations/")  # her other role is still hers
    expect(page.locator("h1")).to_contain_text("Orientations")


@pytest.mark.long
def test_the_pages_look_right(opened: Opened) -> None:
    """With who may do what, the pages of members: the list, a sheet and a form of them are looked at on the way of
    test_a_newcomer_is_invited_opens_her_account_signs_is_trained_and_enters."""
    Training.objects.using("owner").filter(user__email=WORKER).delete()
    page = opened(ADMINISTRATOR, bypass_csp=True)
    for name, address in {
        "membres": "/organisme/membres/",
        "fiche": f"/organisme/membres/{user(WORKER)}/",
        "role": f"/organisme/membres/{user(WORKER)}/role/",
        "qui_peut_quoi": "/qui-peut-quoi/",
    }.items():
        visit(page, address, f"people_{name}")
