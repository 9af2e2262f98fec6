"""A suspicion in a real Chromium: axe on each page, at a desk and on a telephone; two conventions, two clocks, by keyboard."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from maillage.core.clock import now
from maillage.protection.breaches.models import Breach
from tests.browsing import Opened, browser, opened, site, told, visit
from tests.conventions.people import S3, WORKER, member, signed
from tests.days import PARIS
from tests.protection.breaches.files import CARSAT_ADMIN, CCAS_ADMIN, CPAM_DPO, signed_croix_rouge
from tests.referrals.world import send_referral, sign_convention
from tests.web.protection.test_breach_reach import planted

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
VOLUNTEER, CROIX_ROUGE_ADMIN = "accueil@croix-rouge.example.org", "admin@croix-rouge.example.org"
BEGAN = now() - timedelta(days=90)


def reports(page: Page, words: str) -> str:
    """Reports what it saw an hour ago, by keyboard; the address of the file."""
    page.goto("/")
    page.get_by_role("link", name="Signaler une violation de données").press("Enter")
    local = (now() - timedelta(hours=1)).astimezone(PARIS)
    page.locator("[name=what]").press_sequentially(words)
    page.locator("[name=noticed_on]").fill(local.strftime("%d/%m/%Y"))
    page.locator("[name=noticed_hour]").fill(local.strftime("%H:%M"))
    page.locator("[name=natures][value=confidentiality]").press("Space")
    page.locator("[name=kinds][value=identity]").press("Space")
    page.locator("[name=goes_on][value=non]").press("Space")
    for box in page.locator("[name=conventions]").all():
        box.check()
    page.get_by_role("button", name="Signaler").press("Enter")
    told(page, "Suspicion signalée")
    return page.url


def explains(page: Page, address: str, *words: str) -> None:
    """The first delay of the page opens and says why."""
    page.goto(address)
    page.locator("details.due summary").first.press("Enter")
    for said in words:
        expect(page.locator("main")).to_contain_text(said)


def decides(page: Page) -> None:
    page.get_by_role("link", name="Décider de la suite").press("Enter")
    page.locator("[name=is_breach][value=oui]").press("Space")
    page.locator("[name=consequences]").fill("Trois noms ont pu être lus.")
    page.locator("[name=measures]").fill("La salle est fermée à clé.")
    page.locator("[name=authority][value=oui]").press("Space")
    page.locator("[name=persons][value=non]").press("Space")
    page.locator("[name=persons_reason]").fill("Le risque n’est pas élevé.")
    page.get_by_role("button", name="Proposer cette décision").press("Enter")
    told(page, "Décision proposée")


@pytest.mark.long
def test_two_suspicions_have_two_clocks_that_say_why_and_are_decided(opened: Opened) -> None:
    """In Chromium, by keyboard, what the forms alone do in
    tests/web/protection/test_pages.py::test_it_is_acknowledged_decided_by_all_notified_and_closed."""
    signed(S3, BEGAN, BEGAN + timedelta(days=1))
    signed_croix_rouge(BEGAN, BEGAN + timedelta(days=1))
    ccas = reports(opened(WORKER), "Un dossier est resté dans une salle ouverte.")
    local = reports(opened(VOLUNTEER), "Une liste est partie au mauvais service.")
    caisse = opened(CPAM_DPO)
    explains(caisse, ccas, "24 heures, dès la suspicion", "article 6", "Les heures courent la nuit")
    explains(caisse, local, "48 heures, dès la suspicion", "annexe 1-8")
    for address in (ccas, local):
        caisse.goto(address)
        caisse.get_by_role("button", name="Accuser réception").press("Enter")
        told(caisse, "Accusé de réception envoyé")
    decides(caisse)  # under the Croix-Rouge's text the caisse decides alone
    expect(caisse.locator("main")).to_contain_text("Tous sont d’accord")
    with caisse.expect_response("**/notification/") as answer:
        caisse.evaluate("url => fetch(url)", f"{local}notification/")
    assert answer.value.headers["content-type"] == "application/pdf"
    caisse.goto(ccas)
    decides(caisse)
    for address in (CARSAT_ADMIN, CCAS_ADMIN):
        page = opened(address)
        page.goto(ccas)
        page.get_by_role("button", name="Donner l’accord de votre organisme").press("Enter")
        told(page, "Accord donné")
    expect(page.locator("main")).to_contain_text("Avérée")


@pytest.mark.long
def test_axe_finds_nothing_on_any_page_of_a_breach(opened: Opened) -> None:
    """The look of what the forms do in
    tests/web/protection/test_pages.py::test_it_is_acknowledged_decided_by_all_notified_and_closed."""
    signed(S3, BEGAN, BEGAN + timedelta(days=1))
    worker = opened(WORKER, bypass_csp=True)
    visit(worker, "/protection/violations/nouvelle/", "violation_signaler")
    address = reports(worker, "Un dossier est resté dans une salle ouverte.")
    UUID(address.rstrip("/").rsplit("/", 1)[1])
    visit(worker, address, "violation_signalee")
    page = opened(CPAM_DPO, bypass_csp=True)
    for name, rest in {
        "page": "",
        "conventions": "conventions/",
        "connaissance": "connaissance/",
        "mise_a_jour": "mise-a-jour/",
        "etendue": "etendue/",
        "jonction": "jonction/",
        "piece": "pieces/precision/",
        "cnil": "pieces/cnil/",
        "decision": "decision/",
        "cloture": "cloture/",
    }.items():
        visit(page, f"{address}{rest}", f"violation_{name}")
    page.goto(address)
    decides(page)
    visit(page, address, "violation_decidee")
    page.goto(f"{address}mise-a-jour/")
    page.locator("[name=people]").fill("12")
    page.locator("[name=kinds][value=health]").press("Space")
    page.locator("[name=why]").fill("La liste du prestataire, reçue ce matin.")
    page.get_by_role("button", name="Enregistrer").press("Enter")
    told(page, "Étendue mise à jour")
    visit(page, address, "violation_mieux_connue")
    visit(page, "/protection/violations/", "violation_registre")
    visit(page, "/", "violation_a_faire")
    visit(page, "/protection/", "bureau")
    visit(page, "/protection/formations/", "bureau_formations")


@pytest.mark.long
def test_axe_finds_nothing_on_the_list_of_what_was_read(opened: Opened) -> None:
    """The look of what is read in
    tests/web/protection/test_breach_reach.py::test_the_list_is_cut_in_pages_and_its_file_holds_all_of_it."""
    referral = send_referral(sign_convention())
    address = reports(opened(WORKER), "Un dossier est resté dans une salle ouverte.")
    with member(CCAS_ADMIN, now()):
        row = Breach.objects.get(pk=UUID(address.rstrip("/").rsplit("/", 1)[1]))
    reach = planted(row, [referral], CCAS_ADMIN)
    page = opened(CCAS_ADMIN, bypass_csp=True)
    visit(page, address, "violation_relevee")
    visit(page, f"{address}etendue/{reach.pk}/", "violation_dossiers_lus")
