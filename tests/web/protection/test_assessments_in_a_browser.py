"""An impact assessment in a real Chromium: axe on each page, at a desk and on a telephone; opened, written and asked by keyboard."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from maillage.core.clock import now
from tests.browsing import Opened, browser, opened, site, told, visit
from tests.days import today
from tests.protection.assessments.files import CPAM_ADMIN, CPAM_DPO, CROIX_ROUGE_ADMIN, NEEDED
from tests.protection.breaches.files import signed_croix_rouge

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
BEGAN = now() - timedelta(days=90)
LIST = "/protection/analyses/"


def opens(page: Page) -> str:
    """Opens the first version from the list, by keyboard; its address."""
    page.goto(LIST)
    page.get_by_role("link", name="Services des articles 2 et 9").press("Enter")
    page.get_by_role("button", name="Ouvrir").press("Enter")
    told(page, "Version ouverte")
    return page.url


def writes(page: Page, address: str) -> None:
    page.goto(f"{address}necessite/")
    page.locator("[name=necessity]").fill(NEEDED)
    page.get_by_role("button", name="Enregistrer").press("Enter")
    told(page, "Enregistré")
    for event in ("access", "change", "loss"):
        page.goto(f"{address}risques/{event}/")
        for name in ("sources", "impacts", "measures"):
            page.locator(f"[name={name}]").fill("Un poste laissé ouvert dans un bureau partagé.")
        for name, score in (
            ("severity", "4"),
            ("likelihood", "2"),
            ("residual_severity", "3"),
            ("residual_likelihood", "1"),
        ):
            page.locator(f"[name={name}]").select_option(score)
        page.get_by_role("button", name="Enregistrer").press("Enter")
        told(page, "Risque enregistré")


def asks(page: Page, address: str, label: str) -> None:
    page.goto(f"{address}demande/")
    page.get_by_label(label).first.press("Space")
    page.locator("[name=question]").fill("Qui a accès aux données chez vous, et comment ?")
    page.locator("[name=due_on]").fill((today() + timedelta(days=15)).strftime("%d/%m/%Y"))
    page.get_by_role("button", name="Demander").press("Enter")
    told(page, "Demande enregistrée")


@pytest.mark.long
def test_an_assessment_is_led_by_keyboard_and_axe_finds_nothing(opened: Opened) -> None:
    """In Chromium, by keyboard, what the forms alone do in
    tests/web/protection/test_assessments.py::test_an_assessment_is_opened_written_asked_answered_and_validated."""
    signed_croix_rouge(BEGAN, BEGAN + timedelta(days=1))
    page = opened(CPAM_ADMIN, bypass_csp=True)
    visit(page, LIST, "analyses")
    address = opens(page)
    visit(page, address, "analyse_ouverte")
    writes(page, address)
    for name, rest in {
        "necessite": "necessite/",
        "risque": "risques/access/",
        "demande": "demande/",
        "validation": "validation/",
    }.items():
        visit(page, f"{address}{rest}", f"analyse_{name}")
    asks(page, address, "Avis du délégué à la protection des données")
    asks(page, address, "Documentation du partenaire")
    visit(page, address, "analyse_en_attente")
    for person, link, name in (
        (CPAM_DPO, "Donner l’avis du délégué", "avis"),
        (CROIX_ROUGE_ADMIN, "Donner votre documentation", "documentation"),
    ):
        other = opened(person, bypass_csp=True)
        other.goto("/")
        other.get_by_role("link", name=link).first.press("Enter")
        expect(other.locator("main")).to_contain_text("Qui a accès aux données")
        visit(other, other.url, f"analyse_{name}")
        if name == "avis":
            other.locator("[name=stance][value=favourable]").press("Space")
        other.locator("[name=words]").fill("Deux personnes formées, postes verrouillés.")
        other.get_by_role("button", name="Envoyer la réponse").press("Enter")
        told(other, "Réponse enregistrée")
    page.goto(address)
    page.get_by_role("link", name="Valider l’analyse").press("Enter")
    page.locator("[name=decision][value=go_on]").press("Space")
    page.get_by_role("button", name="Valider").press("Enter")
    told(page, "Analyse validée")
    visit(page, address, "analyse_validee")
    visit(page, LIST, "analyses_validees")
