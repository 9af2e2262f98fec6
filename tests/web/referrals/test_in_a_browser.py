"""The referral in a real Chromium: axe on each page, two widths, both themes, and the journey without script."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

from maillage.core.clock import now
from maillage.demo.cast import PASSWORD
from tests.referrals.world import ADVISER, WORKER, Signed, send_referral, sign_convention, work, write_draft

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SHOTS = os.environ.get("MAILLAGE_SHOTS", "")  # a directory: keep what is seen, to look at it
Opened = Callable[..., Page]


class Quiet(WSGIRequestHandler):
    """Says nothing on the terminal."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's word
        """Nothing."""


@pytest.fixture
def site(fresh_database: object) -> Iterator[str]:
    """The address of the whole application, served over the test's own database."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = False
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
    connections.close_all()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without one the tests are skipped aloud, except in CI, where that is a failure."""
    executable = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if executable is None:
        missing = "no Chromium on this machine: the browser tests of referrals did not run"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in this thread
        yield running
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        running.close()


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Opened]:
    """A page of someone who has signed in."""
    contexts = []

    def open_as(address: str, *, width: int = 1280, **options: object) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            base_url=site,
            **options,  # type: ignore[arg-type]  # playwright's own names
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/connexion/")
        page.fill("[name=login]", address)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        return page

    yield open_as
    for context in contexts:
        context.close()


def look(page: Page, name: str) -> None:
    """axe finds nothing, nothing sticks out, and the picture is kept when asked."""
    page.evaluate("document.querySelectorAll('details').forEach(block => { block.open = true; })")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") == width, name
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def addresses(signed: Signed) -> dict[str, tuple[str, str]]:
    """Every page of a referral, with who looks at it."""
    sent, received, closed = (send_referral(signed) for _ in range(3))
    work(received, "acknowledge")
    work(closed, "acknowledge", "contact", "close")
    draft = write_draft(signed)

    def step(slug: str, of: UUID = draft) -> str:
        return f"/orientations/brouillons/{of}/{slug}/"

    return {
        "liste_ccas": (WORKER, "/orientations/"),
        "nouvelle": (WORKER, "/orientations/nouvelle/"),
        "personne": (WORKER, step("personne")),
        "situation": (WORKER, step("situation")),
        "information": (WORKER, step("information")),
        "verification": (WORKER, step("verification")),
        "incomplet": (WORKER, step("verification", write_draft(signed, person=None))),
        "dossier_ccas": (WORKER, f"/orientations/{received}/"),
        "liste_cpam": (ADVISER, "/orientations/"),
        "a_faire_cpam": (ADVISER, "/"),
        "a_accuser": (ADVISER, f"/orientations/{sent}/"),
        "a_contacter": (ADVISER, f"/orientations/{received}/"),
        "close": (ADVISER, f"/orientations/{closed}/"),
    }


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_on_any_page_of_a_referral(opened: Opened, width: int, theme: str) -> None:
    signed = sign_convention()
    seen = addresses(signed)
    pages = {who: opened(who, width=width, color_scheme=theme, bypass_csp=True) for who in (WORKER, ADVISER)}
    for name, (who, address) in seen.items():
        page = pages[who]
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, name
        look(page, f"{name}_{width}_{theme}")
    page = pages[WORKER]
    page.goto(seen["personne"][1])
    page.fill("[name=birth_date]", "31/02/1984")
    page.click("text=Enregistrer et continuer")
    look(page, f"refus_{width}_{theme}")
    signed.end(at=now())
    page.goto("/orientations/nouvelle/")
    look(page, f"fermee_{width}_{theme}")
    page.goto(seen["verification"][1])
    look(page, f"verification_fermee_{width}_{theme}")


@pytest.mark.parametrize("script", [True, False])
def test_a_worker_sends_and_the_caisse_closes(opened: Opened, script: bool) -> None:
    sign_convention()
    page = opened(WORKER, java_script_enabled=script)
    page.goto("/orientations/")
    page.click("text=Orienter une personne")
    page.click("text=Enregistrer et continuer")
    page.fill("[name=surname]", "Quintessence")
    page.fill("[name=given_name]", "Ondine")
    page.fill("[name=birth_date]", "29/02/1984")
    page.fill("[name=phone]", "06 00 00 00 17")
    page.keyboard.press("Enter")
    page.check("text=Doit avancer ou payer trop")
    page.click("text=Enregistrer et continuer")
    page.check("text=De vive voix >> nth=0")
    page.check("[name=recipient_named]")
    page.click("text=Enregistrer et continuer")
    page.click("text=Envoyer l’orientation")
    assert "Orientation envoyée" in page.inner_text("#messages")
    address = page.url
    caisse = opened(ADVISER, java_script_enabled=script)
    caisse.click("text=Accuser réception")
    assert caisse.url == address
    caisse.click("button:has-text('Accuser réception')")
    caisse.fill("[name=contacted_on]", now().strftime("%d/%m/%Y"))
    caisse.click("text=Noter le contact")
    caisse.click("summary:has-text('Clôturer')")
    caisse.check("text=Soins réalisés")
    caisse.check("text=Droits ouverts")
    caisse.click("button:has-text('Clôturer')")
    page.reload()
    assert "Accompagnement terminé" in page.inner_text("main")
    assert "Soins réalisés · Droits ouverts" in page.inner_text("main")
