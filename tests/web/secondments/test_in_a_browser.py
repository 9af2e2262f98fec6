"""A secondment in a real Chromium: axe on its pages; booking and noting by keyboard."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from maillage.core.clock import today
from maillage.secondments.models import Appointment
from maillage.web.presentation.dates import PARIS
from tests.browsing import Opened, browser, look, opened, site, visit
from tests.referrals.world import ADVISER, OTHER_WORKER, WORKER, member
from tests.secondments.world import OFFICER, Lent, act, book, book_past, lend

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
LIST = "/agents-delegues/"


def addresses(lent: Lent) -> dict[str, tuple[str, str]]:
    """Every page, with who looks at it."""
    ahead, past, again = book(lent), book_past(lent), book_past(lent)
    act("hold", again, outcome="see_again")
    with member(WORKER):
        week = Appointment.objects.get(case_id=ahead).starts_at.date()
    of, visit = f"{LIST}{lent.secondment}/", f"{LIST}rendez-vous/"
    return {
        "liste": (OFFICER, LIST),
        "deleguer": (OFFICER, f"{LIST}nouveau/"),
        "agent_caisse": (OFFICER, of),
        "changer": (OFFICER, f"{of}modification/"),
        "permanence": (OFFICER, f"{of}permanences/"),
        "agent_accueil": (WORKER, of),
        "agenda_accueil": (WORKER, f"{of}agenda/?semaine={week}"),
        "agenda_caisse": (ADVISER, f"{of}agenda/?semaine={week}"),
        "agenda_vide": (ADVISER, f"{of}agenda/?semaine=2020-01-01"),
        "journee": (ADVISER, f"{of}journee/?jour={week}"),
        "prendre": (WORKER, f"{of}rendez-vous/"),
        "rendez_vous": (WORKER, f"{visit}{ahead}/"),
        "confier": (WORKER, f"{visit}{ahead}/suivi/confier/"),
        "sans_suivi": (OTHER_WORKER, f"{visit}{ahead}/"),
        "deplacer": (WORKER, f"{visit}{ahead}/deplacement/"),
        "a_noter": (ADVISER, f"{visit}{past}/"),
        "a_revoir": (WORKER, f"{visit}{again}/"),
        "suite": (WORKER, f"{visit}{again}/suite/"),
        "a_faire": (ADVISER, "/"),
    }


@pytest.mark.long
def test_axe_finds_nothing_on_any_page_of_a_secondment(opened: Opened) -> None:
    """The look of what test_without_script_a_worker_books_and_the_agent_notes goes through by forms alone, and of the rest."""
    seen = addresses(lend(since=today(PARIS) - timedelta(days=30)))
    people = {who for who, _ in seen.values()}
    pages = {who: opened(who, bypass_csp=True) for who in people}
    for name, (who, address) in seen.items():
        page = pages[who]
        visit(page, address, f"delegue_{name}")


@pytest.mark.long
def test_a_worker_books_and_the_agent_notes_by_keyboard(opened: Opened) -> None:
    """In Chromium, what test_without_script_a_worker_books_and_the_agent_notes does by links and forms alone."""
    _books_and_notes(opened, script=True)


@pytest.mark.long
def test_a_worker_books_and_the_agent_notes_in_a_browser_without_script(opened: Opened) -> None:
    """In Chromium, what test_without_script_a_worker_books_and_the_agent_notes does by links and forms alone."""
    _books_and_notes(opened, script=False)


def _books_and_notes(opened: Opened, *, script: bool) -> None:
    lent = lend(since=today(PARIS) - timedelta(days=30))
    page = opened(WORKER, java_script_enabled=script, bypass_csp=script)
    page.goto(f"{LIST}{lent.secondment}/")
    page.get_by_role("link", name="Prendre un rendez-vous").press("Enter")
    if script:
        look(page, "delegue_prendre")
    page.get_by_label("Créneau").select_option(index=1)
    page.get_by_label("Dispositifs d’accès aux droits (PUMa, C2S, AME, soins urgents)").press("Space")
    page.get_by_label("Pièce d’identité").press("Space")
    for name, typed in (
        ("surname", "Quintessence"),
        ("given_name", "Ondine"),
        ("birth_date", "29/02/1984"),
        ("phone", "0600000017"),
    ):
        page.locator(f"[name={name}]").press_sequentially(typed)
    page.get_by_label("De vive voix", exact=True).press("Space")
    page.locator("[name=recipient_named]").press("Space")
    page.locator("[name=recipient_named]").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("QUINTESSENCE Ondine")
    expect(page.locator("#messages")).to_contain_text("Rendez-vous pris")

    case = book_past(lent)
    agent = opened(ADVISER, java_script_enabled=script, bypass_csp=script)
    agent.goto("/")
    agent.get_by_role("link", name="Noter la suite d’un rendez-vous").first.press("Enter")
    if script:
        expect(agent.get_by_label("Droits ouverts")).to_be_visible()
        look(agent, "delegue_a_noter")
    agent.get_by_label("Droits ouverts").press("Space")
    agent.get_by_role("button", name="Noter la suite").press("Enter")
    expect(agent.locator("#messages")).to_contain_text("Noté")
    page.goto(f"{LIST}rendez-vous/{case}/")
    expect(page.get_by_text("Droits ouverts").first).to_be_visible()
