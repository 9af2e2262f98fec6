"""Writing in a real Chromium: axe on its pages; the journey by keyboard alone."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from maillage.conventions.lifecycle.queries import load
from maillage.core.clock import now
from tests.browsing import Opened, browser, follow, look, opened, site, told, visit
from tests.conventions.people import (
    CARSAT,
    CPAM,
    DPO,
    HOSPITAL,
    S2,
    S3,
    drafted,
    member,
    proposed,
    ready,
    seen,
    signed,
)
from tests.days import PARIS

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
TODAY = now().astimezone(PARIS)


def days_ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).strftime("%d/%m/%Y")


def pages_of(draft: UUID, given: UUID, s2: UUID, s3: UUID) -> dict[str, tuple[str, str]]:
    """Every page that writes, with who looks at it."""
    writing, facts = f"/conventions/{draft}/redaction", f"/conventions/{s2}/faits"
    what = "commitments[sessions_information]"
    return {
        "nouvelle": (CPAM, "/conventions/nouvelle/"),
        "import": (CPAM, "/conventions/nouvelle/fichier/"),
        "parties": (CPAM, f"{writing}/parties/"),
        "organisme": (CPAM, f"{writing}/parties/hospital/"),
        "organisme_absent": (CPAM, f"{writing}/parties/hospital/?q=introuvable"),
        "options": (CPAM, f"{writing}/options/"),
        "blancs": (CPAM, f"{writing}/blancs/?article=2"),
        "referents_texte": (CPAM, f"{writing}/referents/"),
        "relecture": (CPAM, f"{writing}/relecture/"),
        "relecture_proposee": (CPAM, f"/conventions/{given}/redaction/relecture/"),
        "signature": (CPAM, f"/conventions/{given}/signature/"),
        "signature_absente": (CPAM, f"/conventions/{given}/signature/ccas/"),
        "liens": (CPAM, f"/conventions/{s3}/liens/"),
        "suppression": (CPAM, f"/conventions/{draft}/suppression/"),
        "faits": (CPAM, f"{facts}/"),
        "denonciation": (CPAM, f"{facts}/denonciation/"),
        "lecture": (CPAM, f"{facts}/lecture/"),
        "motif": (CPAM, f"{facts}/resiliation-immediate/"),
        "lettres": (CPAM, f"{facts}/lettres/"),
        "mise_en_demeure": (CPAM, f"/conventions/{s3}/faits/mise-en-demeure/"),
        "renouvellement": (CPAM, f"/conventions/{s3}/faits/renouvellement/"),
        "blancs_signes": (DPO, f"/conventions/{s3}/blancs/"),
        "roles": (DPO, f"/conventions/{s3}/blancs/remplir/?chemin=flows%5Borientation_misas%5D.roles"),
        "violation": (DPO, f"/conventions/{s3}/blancs/remplir/?chemin=protection%5Bdetections%5D.breach"),
        "referents": (CPAM, f"/conventions/{s3}/referents/"),
        "referent": (CPAM, f"/conventions/{s3}/referents/nouveau/"),
        "obligations": (CPAM, f"/conventions/{s2}/obligations/"),
        "engagements": (CPAM, f"/conventions/{s3}/engagements/"),
        "preuve": (CPAM, f"/conventions/{s3}/engagements/bilan_annuel/preuve/"),
        "avenants": (CPAM, f"/conventions/{s3}/avenants/"),
        "clauses": (CPAM, f"/conventions/{s3}/avenants/clauses/"),
        "clause": (CPAM, f"/conventions/{s3}/avenants/clause/?chemin={what}"),
        "changement": (CPAM, f"/conventions/{s3}/avenants/changement/?chemin={what}.what&operation=replace"),
        "convention": (CPAM, f"/conventions/{s3}/"),
    }


@pytest.mark.long
def test_axe_finds_nothing_on_any_page_that_writes(opened: Opened) -> None:
    """Every page, with axe, of what test_s2_is_drawn_filled_proposed_signed_by_three_and_in_force goes through by its forms."""
    draft, given = drafted(S2, TODAY - timedelta(days=3)), proposed(S3, TODAY - timedelta(days=3))
    before, after = TODAY - timedelta(days=40), TODAY - timedelta(days=30)
    s2, s3 = signed(S2, before, after), signed(S3, before, after)
    found = pages_of(draft, given, s2, s3)
    pages = {who: opened(who, bypass_csp=True) for who in (CPAM, DPO)}
    for name, (who, address) in found.items():
        page = pages[who]
        visit(page, address, name)
    page = pages[CPAM]
    page.goto(found["signature"][1])
    page.fill("[name=signed_on]", "31/02/2026")
    follow(page, "button:has-text('Enregistrer la signature')")
    look(page, "signature_refusee")
    page.goto(found["denonciation"][1])
    for key in ("carsat", "hospital"):
        page.fill(f"[name=sent_on_{key}]", days_ago(2))
    for _ in range(2):  # a letter comes, and the form stays usable
        with page.expect_download() as letter:
            page.get_by_role("button", name="Préparer la lettre à CARSAT RA (PDF)").click()
        assert letter.value.suggested_filename == "lettre.pdf"
    page.click("text=Voir l’effet avant d’enregistrer")
    told(page, "Rien n’est encore enregistré", "main")
    look(page, "denonciation_effet")
    page.click("text=Confirmer et enregistrer")
    page.goto(found["lettres"][1])
    look(page, "lettres_parties")
    page.goto(found["changement"][1])
    page.fill("[name=title]", "Sessions d’information")
    page.fill("[name=effect_on]", days_ago(0))
    page.fill("[name=value]", "Organiser deux sessions d’information par an")
    follow(page, "text=Garder ce changement")
    look(page, "avenant")
    follow(page, "text=Proposer aux parties")
    follow(page, "text=Signer pour votre organisme")
    look(page, "avenant_signature")


def press_to(page: Page, target: str, most: int = 120) -> None:
    """Go by Tab to the control that matches, as someone without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("target => document.activeElement.matches(target)", target):
            return
    pytest.fail(f"the keyboard does not reach {target} on {page.url}")


@pytest.mark.long
def test_a_convention_is_begun_proposed_and_signed_by_keyboard_alone(opened: Opened) -> None:
    """By keyboard alone, what test_s2_is_drawn_filled_proposed_signed_by_three_and_in_force does by its forms."""
    _begun_proposed_and_signed(opened, script=True)


@pytest.mark.long
def test_a_convention_is_begun_proposed_and_signed_in_a_browser_without_script(opened: Opened) -> None:
    """In Chromium, what test_without_script_a_convention_is_begun_proposed_and_signed does by links and forms alone."""
    _begun_proposed_and_signed(opened, script=False)


def _begun_proposed_and_signed(opened: Opened, *, script: bool) -> None:
    page = opened(CPAM, java_script_enabled=script)
    page.goto("/conventions/nouvelle/")
    if script:
        press_to(page, "[name=template]")
        for _ in range(10):
            if page.evaluate("document.activeElement.value") == S2:
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        press_to(page, "[name=title]")
        page.keyboard.type("Convention avec le CH d’Exemple")
        page.keyboard.press("Enter")
    else:
        page.check(f"[name=template][value={S2}]")
        page.fill("[name=title]", "Convention avec le CH d’Exemple")
        page.click("text=Commencer")
    told(page, "Brouillon créé")
    new = UUID(re.findall(r"/conventions/([0-9a-f-]+)/", page.url)[0])
    for key, name in (("carsat", "CARSAT Rhône-Alpes"), ("hospital", "hospitalier")):
        page.click(f"a[href$='/redaction/parties/{key}/']")
        if script:
            press_to(page, "[name=organisation]")
            page.keyboard.press("Space")
            page.keyboard.press("Enter")
        else:
            page.check(f"label:has-text('{name}')")
            page.click("button:has-text('Choisir')")
        page.wait_for_url(re.compile("/redaction/parties/$"))
    ready(new, now())
    page.goto(f"/conventions/{new}/redaction/relecture/")
    told(page, "Le texte est prêt", "main")
    page.click("button:has-text('Proposer aux parties')")
    told(page, "Convention proposée")
    for who in (CPAM, CARSAT, HOSPITAL):
        signer = page if who == CPAM else opened(who, java_script_enabled=script)
        signer.goto(f"/conventions/{new}/signature/")
        signer.fill("[name=function]", "Directrice")
        signer.press("[name=function]", "Enter")
        told(signer, "la convention est en vigueur" if who == HOSPITAL else "Reste à signer")
    with member(CPAM, now()) as reader:
        assert load(seen(reader, new)).row.state == "in_force"


def test_a_lost_connection_keeps_the_answers_of_a_step(opened: Opened) -> None:
    draft = drafted(S2, now())
    page = opened(CPAM)
    page.goto(f"/conventions/{draft}/redaction/blancs/?article=2")
    answer = page.locator("main form textarea").first
    answer.fill("Le mardi, à la PASS")
    page.route("**/redaction/**", lambda route: route.abort())
    page.click("text=Enregistrer et continuer")
    told(page, "La connexion est interrompue, rien n’est perdu")
    expect(answer).to_have_value("Le mardi, à la PASS")
    page.unroute("**/redaction/**")
    page.click("text=Enregistrer et continuer")
    page.wait_for_url("**/blancs/?article=3")
    told(page, "Enregistré")
