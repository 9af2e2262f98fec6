"""A file prepared in a real Chromium: axe on each of its pages; the whole way by keyboard."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browsing import Opened, browser, look, opened, site, told, visit
from tests.days import today
from tests.keyboard import Keys
from tests.rights.world import PASS, a_pdf, prepare, sign
from tests.web.preparing.conftest import HOME, at, begun, kept

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
NEXT = "Enregistrer et continuer"
FOUR_MINUTES = 240.0  # seconds


def shown_name(page: Page) -> str:
    """The reference of the file, as its page says it."""
    return page.inner_text(".lead").removeprefix("Dossier").strip()


def add(keys: Keys, key: str, file: Path) -> None:
    """A piece: chosen in the list and from the disk, as the dialogue of the browser gives it."""
    keys.pick("[name=key]", key).to("[name=file]")
    keys.page.set_input_files("[name=file]", file)
    keys.to("button", "Ajouter cette pièce")
    with keys.page.expect_response(lambda answer: answer.request.method == "POST"):
        keys.press("Enter")
    told(keys.page, "Pièce ajoutée")
    keys.page.reload()


@pytest.mark.long
def test_by_keyboard_a_worker_prepares_and_sends_an_urgent_file(opened: Opened, tmp_path: Path) -> None:
    """In Chromium, what tests/web/preparing/test_writing.py::test_a_worker_writes_an_urgent_file_reads_it_again_and_sends posts."""
    sign()
    (tmp_path / "scan.pdf").write_bytes(a_pdf())
    keys = Keys(opened(PASS))
    keys.page.goto(HOME)
    begun_at = time.monotonic()
    keys.enter("a", "Nouveau dossier de droits", "Quel droit demande-t-elle")
    keys.choose("[name=right]", "Aide médicale de l’État").tick("[name=urgent]")
    keys.choose("[name=proof]", "Certificat médical").enter(
        "button:not([tabindex])", NEXT, "Vos réponses disent"
    )
    keys.choose("[name=q_first_request]", "Oui")
    for name in ("q_minor", "q_resources", "q_no_home"):
        keys.choose(f"[name={name}]", "Non")
    keys.enter("button:not([tabindex])", NEXT, "Comment la joindre")
    keys.write("[name=surname]", "Palissandre").write("[name=given_name]", "Eudoxie")
    keys.write("[name=birth_date]", "05/03/1991").write("[name=phone]", "06 00 00 00 23").press("Enter")
    told(keys.page, "Ajouter une pièce", "main")
    for key in ("urgency_proof", "form", "identity", "presence"):
        add(keys, key, tmp_path / "scan.pdf")
    keys.write("[name=handed_on]", today().strftime("%d/%m/%Y")).choose("[name=handed_to]", "À l’hôpital")
    keys.enter("button:not([tabindex])", NEXT, "Ce que vous lui avez dit")
    keys.choose("[name=means]", "De vive voix").tick("[name=recipient_named]").choose("[name=answer]", "Oui")
    keys.choose("[name=how]", "De vive voix").enter(
        "button:not([tabindex])", NEXT, "Pourront lire tout ce qui précède"
    )
    assert shown_name(keys.page)
    keys.enter("button", "Envoyer le dossier", "Dossier envoyé", "#messages")
    told(keys.page, "La preuve de l’urgence", "main")
    assert time.monotonic() - begun_at < FOUR_MINUTES


@pytest.mark.long
def test_axe_finds_nothing_on_any_page_of_a_file(opened: Opened) -> None:
    """The look of what tests/web/preparing/test_writing.py::test_the_ladder_of_a_file opens."""
    signed = sign()
    whole = prepare(signed, urgent=True, proof="prescription")
    c2s = begun(
        authorisation=signed.authorisation().id, right="c2s", resources=16_000, answers={"rsa": False}
    )
    piece = kept(whole).pieces[0]
    page = opened(PASS, bypass_csp=True)
    places = {
        "liste": HOME,
        "nouveau": f"{HOME}nouveau/",
        "questions": at(c2s, "questions"),
        "personne": at(whole, "personne"),
        "pieces": at(whole, "pieces"),
        "pieces_manquent": at(c2s, "pieces"),
        "retrait": f"{HOME}{whole}/pieces/{piece.id}/retrait/",
        "information": at(whole, "information"),
        "apercu": at(whole, "apercu"),
        "apercu_incomplet": at(c2s, "apercu"),
    }
    for name, place in places.items():
        visit(page, place, f"dossier_{name}")
    page.goto(at(c2s, "pieces"))
    page.get_by_role("button", name="Ajouter cette pièce").click()
    told(page, "Dites quelle pièce c’est", "main")
    look(page, "dossier_piece_refusee")
