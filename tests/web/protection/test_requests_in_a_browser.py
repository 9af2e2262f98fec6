"""A request in a real Chromium: axe on each page, at a desk and on a telephone; an access answered from two organisations, by keyboard."""

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.beneficiaries.jobs import index_as_worker
from tests.browsing import Opened, browser, look, opened, site, told, visit
from tests.days import today
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, attached, received
from tests.referrals.world import (
    ADVISER,
    WORKER,
    followed_by,
    organisation,
    send_referral,
    sign_convention,
    work,
    write_draft,
)

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


def writes_down(page: Page) -> str:
    """A worker notes what she was told at the counter; the address of the request."""
    page.goto("/")
    page.get_by_role("link", name="Noter la demande d’une personne").press("Enter")
    page.locator("[name=received_on]").fill(today().strftime("%d/%m/%Y"))
    page.locator("[name=channel][value=counter]").press("Space")
    for name, value in {
        "surname": "Quintessence",
        "given_name": "Ondine",
        "birth_date": "29/02/1984",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=check_made][value=known]").press("Space")
    page.get_by_role("button", name="Noter la demande").press("Enter")
    told(page, "Demande notée")
    return page.url


def finds(page: Page, address: str, *, begun: str = "") -> None:
    """Looks for her in the organisation's cases, and ticks hers, with what is begun and not sent."""
    page.goto(f"{address}recherche/")
    expect(page.locator("[name=surname]")).to_have_value("Quintessence")
    expect(page.locator("[name=birth_date]")).to_have_value("29/02/1984")
    page.get_by_role("button", name="Chercher").press("Enter")
    expect(page.locator("main")).to_contain_text("QUINTESSENCE Ondine")
    page.locator("[name=cases]").first.check()
    if begun:
        page.get_by_role("checkbox", name=begun).check()
        look(page, "demande_commences")
    page.get_by_role("button", name="Noter ces dossiers").press("Enter")
    told(page, "Dossiers de la personne notés")


def answers(page: Page, address: str) -> None:
    """Reads what is held, as a PDF and for machines, then says that it is answered."""
    for rest, kind in {"contenu/": "application/pdf", "contenu.json": "application/json"}.items():
        with page.expect_response(f"**/{rest}") as answer:
            page.evaluate("url => fetch(url)", f"{address}{rest}")
        assert answer.value.headers["content-type"] == kind
    page.goto(address)
    page.get_by_role("button", name="Noter que votre organisme a répondu").press("Enter")
    told(page, "Réponse notée")


@pytest.mark.long
def test_an_access_request_is_answered_from_two_organisations(opened: Opened) -> None:
    """In Chromium, by keyboard, and looked at by axe, what the forms alone do in
    tests/web/protection/test_requests.py::test_it_is_searched_passed_on_read_and_answered_from_two_organisations."""
    signed = sign_convention()
    work(send_referral(signed), "acknowledge")
    write_draft(signed)
    index_as_worker()
    worker = opened(WORKER, bypass_csp=True)
    visit(worker, "/protection/demandes/nouvelle/", "demande_noter")
    address = writes_down(worker)
    UUID(address.rstrip("/").rsplit("/", 1)[1])
    visit(worker, address, "demande_notee")
    partner = opened(CCAS_ADMIN, bypass_csp=True)
    finds(partner, address, begun="Brouillon d’orientation")
    expect(partner.locator("main")).to_contain_text("Commencés et pas envoyés")
    visit(partner, address, "demande_page")
    partner.goto(f"{address}transmission/")
    visit(partner, f"{address}transmission/", "demande_transmettre")
    partner.get_by_role("checkbox", name="CPAM de la Loire (").check()
    partner.get_by_role("checkbox", name="Sa date de naissance").uncheck()
    partner.get_by_role("button", name="Transmettre").press("Enter")
    told(partner, "Demande transmise")
    caisse = opened(CPAM_DPO, bypass_csp=True)
    caisse.goto("/")
    caisse.get_by_role("link", name="Répondre à la demande d’une personne").press("Enter")
    expect(caisse.get_by_role("region", name="Transmis par")).to_contain_text(
        f"contrôlée par {organisation('CCAS').name} le {today():%d/%m/%Y}"
    )
    expect(caisse.locator("#transmis ~ ul").first.get_by_role("link")).to_have_count(1)
    expect(caisse.locator("main")).to_contain_text("QUINTESSENCE Ondine")
    caisse.locator("details.due summary").first.press("Enter")
    expect(caisse.locator("main")).to_contain_text("Demande reçue le")
    visit(caisse, address, "demande_transmise")
    visit(caisse, f"{address}identite/", "demande_identite")
    caisse.goto(f"{address}identite/")
    expect(caisse.locator("[name=surname]")).to_have_value("Quintessence")
    expect(caisse.locator("[name=given_name]")).to_have_value("Ondine")
    caisse.locator("[name=birth_date]").fill("29/02/1984")
    caisse.locator("[name=check_made][value=relayed]").press("Space")
    caisse.get_by_role("button", name="Enregistrer").press("Enter")
    told(caisse, "Noté")
    finds(caisse, address)
    for page in (caisse, partner):
        answers(page, address)
    partner.goto(address)
    expect(partner.locator("main")).to_contain_text("A répondu le")
    for rest in ("recherche", "prolongation", "refus"):
        visit(partner, f"{address}{rest}/", f"demande_{rest}")
    visit(partner, address, "demande_repondue")
    visit(partner, "/protection/demandes/", "demande_liste")


@pytest.mark.long
def test_a_restriction_is_granted_read_on_both_sides_and_lifted(opened: Opened) -> None:
    """In Chromium, looked at by axe, what the forms alone do in
    tests/web/protection/test_requests.py::test_a_restriction_is_granted_shown_on_both_sides_and_lifted."""
    case = followed_by(send_referral(sign_convention()), ADVISER)
    request = attached(received(rights=("access", "restriction", "rectification")), case)
    index_as_worker()
    address = f"/protection/demandes/{request}/"
    partner = opened(CCAS_ADMIN, bypass_csp=True)
    partner.goto(f"{address}recherche/")
    partner.locator("[name=surname]").fill("Quintessence")
    partner.locator("[name=birth_date]").fill("29/02/1984")
    partner.get_by_role("button", name="Chercher").press("Enter")
    expect(partner.locator("#trouves")).to_be_visible()
    look(partner, "demande_trouves")
    visit(partner, f"{address}rectification/", "demande_rectifier")
    partner.locator("[name=what]").fill("La date de naissance est corrigée au dossier.")
    partner.get_by_role("button", name="Transmettre").press("Enter")
    told(partner, "Rectification transmise")
    visit(partner, f"{address}reponses/restriction/", "demande_repondre_limitation")
    partner.locator("[name=outcome][value=granted]").press("Space")
    partner.locator("[name=restriction][value=accuracy]").press("Space")
    partner.get_by_role("button", name="Noter cette réponse").press("Enter")
    told(partner, "Réponse notée")
    visit(partner, address, "demande_limitee")
    worker, caisse = opened(WORKER, bypass_csp=True), opened(ADVISER, bypass_csp=True)
    visit(worker, f"/orientations/{case}/", "orientation_limitee")
    expect(worker.locator("main")).to_contain_text("on peut lire, pas agir")
    visit(caisse, "/orientations/", "orientations_limitees")
    officer = opened(CPAM_DPO, bypass_csp=True)
    visit(officer, "/protection/demandes/", "demandes_a_reprendre")
    visit(partner, f"{address}levee/", "demande_lever")
    partner.locator("[name=told_how][value=letter]").press("Space")
    partner.locator("[name=why]").fill("La date de naissance est vérifiée.")
    partner.get_by_role("button", name="Lever la limitation").press("Enter")
    told(partner, "Limitation levée")
    caisse.goto(f"/orientations/{case}/")
    expect(caisse.get_by_role("button", name="Accuser réception")).to_be_visible()
