"""A contact of a contract in a real Chromium: looked for, ticked, given and erased by keyboard; axe on each page."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from maillage.conventions.terms.protection import DataRight
from maillage.core.calendar import DAY
from maillage.web.protection.requests import deciding
from tests.audit.test_segments import seal_long_ago
from tests.browsing import Opened, browser, look, opened, site, told, visit
from tests.days import today
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, received
from tests.protection.retention.test_erasing import of_the_ccas
from tests.referrals.world import sign_convention
from tests.training.world import OFFICER, held, teach

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


@pytest.mark.long
def test_a_contact_is_found_given_and_erased_at_her_request(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In Chromium, by keyboard, and looked at by axe, what the forms alone do in
    tests/web/protection/test_request_contacts.py::test_a_former_contact_is_looked_for_given_and_erased_on_her_request."""
    monkeypatch.setattr(deciding, "open_rights", lambda *_: tuple(DataRight))
    signed = sign_convention()
    of_the_ccas(signed.id, today() - DAY, "ancienne.essai@cpam.example.org")
    of_the_ccas(signed.id, None, "servante.essai@cpam.example.org")
    request = received(by=CPAM_DPO, subject="contact", rights=("portability", "erasure"))
    address = f"/protection/demandes/{request}/"
    page = opened(CPAM_DPO, bypass_csp=True)
    visit(page, address, "contact_a_chercher")
    visit(page, f"{address}contacts/", "contact_chercher")
    page.locator("[name=words]").fill("essai@")
    page.get_by_role("button", name="Chercher").press("Enter")
    expect(page.locator("#trouves")).to_be_visible()
    look(page, "contact_trouves")
    for box in page.locator("[name=contacts]").all():
        box.press("Space")
    page.get_by_role("button", name="Noter ces contacts").press("Enter")
    told(page, "Contacts de la personne notés")
    look(page, "contact_notes")
    page.goto(f"{address}reponses/portability/")
    page.locator("[name=outcome][value=granted]").press("Space")
    page.get_by_role("button", name="Noter cette réponse").press("Enter")
    told(page, "Réponse notée")
    with page.expect_download() as given:
        page.get_by_role("link", name="Ce qu’elle a donné (JSON)").press("Enter")
    given.value.save_as(tmp_path / "contact.json")
    found = json.loads((tmp_path / "contact.json").read_bytes())["contacts"]
    assert len(found) == 2
    visit(page, f"{address}reponses/erasure/", "contact_effacer")
    page.locator("[name=outcome][value=granted]").press("Space")
    page.get_by_role("button", name="Noter cette réponse").press("Enter")
    told(page, "Réponse notée")
    expect(page.locator("#reponses ~ ul")).to_contain_text("Effacé : 1 référent d’une convention")
    look(page, "contact_efface")


@pytest.mark.long
def test_until_when_is_said_on_the_pages_where_data_lie(opened: Opened) -> None:
    """In Chromium, the look of what tests/web/test_kept.py::test_a_draft_a_request_and_a_session_say_theirs reads."""
    session = held(teach(), (("Ondine Modèle", True),))
    seal_long_ago()
    page = opened(CCAS_ADMIN, bypass_csp=True)
    visit(page, "/protection/calendrier/", "calendrier_journal_en_retard")
    expect(page.locator("main")).to_contain_text("gardé au-delà de sa durée")
    for name, address in {
        "conservation_journal": "/journal/",
        "conservation_signalements": "/journal/signalements/",
        "conservation_sessions": "/mon-compte/sessions/",
    }.items():
        visit(page, address, name)
        expect(page.locator("main")).to_contain_text("conserv")
    page = opened(OFFICER, bypass_csp=True)
    visit(page, f"/formations/seances/{session}/", "conservation_seance")
    expect(page.locator("main")).to_contain_text("conserv")
