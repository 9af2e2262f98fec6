"""Applications in a real Chromium: axe on their pages; both sides work one by keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from maillage.core.identifiers import uuid7
from maillage.rights.examining import Asking
from maillage.rights.rules import Opened
from tests.browsing import Opened as Browsers
from tests.browsing import browser, look, opened, site, told, visit
from tests.days import today
from tests.rights.world import ADVISER, PASS, a_pdf, act, receive, send, sign

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


def addresses() -> dict[str, tuple[str, str]]:
    """Every page, with who looks at it."""
    signed = sign()
    urgent = send(signed, urgent=True, proof="certificat_medical")
    new, asked, granted, refused = (send(signed, right) for right in ("c2s", "c2s", "ame", "puma"))
    receive(urgent)
    receive(asked, is_complete=False)
    act("ask", asked, asking=Asking(uuid7(), ("tax",), 20, "L’avis de 2025."))
    act("answer", asked, PASS, on=today())
    act("ask", asked, asking=Asking(uuid7(), ("form", "tax"), 15, again="unreadable"))
    receive(granted)
    act("grant", granted, opened=Opened("ame", today()), on=today(), words="Carte à retirer.")
    receive(refused)
    act("refuse", refused, reason="resources", on=today(), words="")
    return {
        "liste_caisse": (ADVISER, "/droits/"),
        "liste_partenaire": (PASS, "/droits/?vue=all"),
        "sans_suivi": (ADVISER, f"/droits/{new}/"),
        "envoye": (PASS, f"/droits/{new}/"),
        "urgent_a_decider": (ADVISER, f"/droits/{urgent}/"),
        "pieces_demandees": (PASS, f"/droits/{asked}/"),
        "attend_des_pieces": (ADVISER, f"/droits/{asked}/"),
        "accorde": (ADVISER, f"/droits/{granted}/"),
        "refuse": (PASS, f"/droits/{refused}/"),
        "a_faire": (ADVISER, "/"),
    }


@pytest.mark.long
def test_axe_finds_nothing_on_any_page_of_an_application(opened: Browsers) -> None:
    """The look of what tests/web/rights/test_pages.py::test_each_side_reads_it_and_nobody_else reads, and of the rest."""
    pages = {who: opened(who, bypass_csp=True) for who in (ADVISER, PASS)}
    for name, (who, address) in addresses().items():
        visit(pages[who], address, f"droits_{name}")


@pytest.mark.long
def test_both_sides_work_an_application_by_keyboard(opened: Browsers, tmp_path: Path) -> None:
    """In Chromium, with a file, what
    tests/web/rights/test_without_script.py::test_without_script_a_piece_is_asked_sent_and_the_caisse_decides does by forms alone."""
    send(sign(), urgent=True, proof="certificat_medical")
    caisse, partner = opened(ADVISER, bypass_csp=True), opened(PASS, bypass_csp=True)
    caisse.goto("/")
    caisse.get_by_role("link", name="Enregistrer un dossier").press("Enter")
    caisse.get_by_role("button", name="Suivre ce dossier").press("Enter")
    expect(caisse.get_by_role("heading", level=1)).to_have_text("PALISSANDRE Eudoxie")
    caisse.get_by_label("Non, ou pas encore vérifié").press("Space")
    caisse.get_by_role("button", name="Enregistrer la réception").press("Enter")
    told(caisse, "Réception enregistrée")
    caisse.get_by_text("Demander ce qui manque").first.press("Enter")
    caisse.get_by_label("Une pièce d’identité de chaque personne").press("Space")
    caisse.get_by_role("button", name="Demander ces pièces").press("Enter")
    told(caisse, "Pièces demandées")

    partner.goto("/")
    partner.get_by_role("link", name="Envoyer").first.press("Enter")
    partner.get_by_label("Quelle pièce ?").select_option(value="identity")
    scanned = tmp_path / "identite.pdf"
    scanned.write_bytes(a_pdf())
    partner.get_by_label("Le fichier").set_input_files(str(scanned))
    look(partner, "droits_a_envoyer")
    partner.get_by_role("button", name="Ajouter cette pièce").press("Enter")
    told(partner, "Pièce ajoutée")
    partner.get_by_role("button", name="Tout est envoyé").press("Enter")
    told(partner, "tout ce qui était demandé est là")

    caisse.reload()
    expect(caisse.get_by_role("link", name="identite.pdf")).to_be_visible()
    caisse.get_by_text("Le dossier est complet").first.press("Enter")
    caisse.get_by_role("button", name="Noter qu’il est complet").press("Enter")
    told(caisse, "Dossier complet")
    caisse.get_by_text("Ouvrir le droit").first.press("Enter")
    caisse.get_by_role("button", name="Ouvrir le droit").press("Enter")
    told(caisse, "Droit ouvert")
    caisse.get_by_label("En main propre").press("Space")
    caisse.get_by_role("button", name="Noter qu’elle est prévenue").press("Enter")
    told(caisse, "la personne est prévenue")
