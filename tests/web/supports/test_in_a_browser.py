"""The library in a real Chromium: axe on its pages; a support published and found by keyboard."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from maillage.catalogue.models import Support
from maillage.catalogue.rules import Moved
from maillage.catalogue.stock import note_movement, set_threshold
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from tests.browsing import Opened, browser, fits, look, opened, site, visit
from tests.catalogue.world import (
    KEEPER,
    LEAFLET,
    WORKER,
    add,
    code_of,
    draft,
    ended,
    member,
    publish,
    published,
    withdraw,
)
from tests.days import today

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
LIST = "/supports/"


def addresses() -> tuple[dict[str, tuple[str, str]], UUID]:
    """Every page, with who looks at it; and a support that was withdrawn."""
    support, version = published("Janvier", last=today() + timedelta(days=12))
    waiting = draft(support, "Juillet")
    gone, withdrawn = published(
        "A", described=replace(LEAFLET, title="Les droits des personnes âgées", kind="paper_guide")
    )
    withdraw(withdrawn, instead=support)
    over = add(replace(LEAFLET, title="Obsolète"))
    ended(draft(over))
    publish(draft(over, "Suite"), today() + timedelta(days=9))
    with member(KEEPER) as keeper:
        row = Support.objects.get(id=support)
        moved = Moved("received", 3, today())
        note_movement(new_id=uuid7(), support=row, moved=moved, by=keeper, at=now())
        set_threshold(support=row, threshold=10, by=keeper)
    of, versions = f"{LIST}{support}/", f"{LIST}versions/"
    return {
        "liste": (WORKER, LIST),
        "liste_entiere": (KEEPER, f"{LIST}?tous=on"),
        "ajouter": (KEEPER, f"{LIST}nouveau/"),
        "support_lecteur": (WORKER, of),
        "support": (KEEPER, of),
        "support_retire": (WORKER, f"{LIST}{gone}/"),
        "support_obsolete": (WORKER, f"{LIST}{over}/"),
        "modifier": (KEEPER, f"{of}modification/"),
        "version": (KEEPER, f"{of}versions/"),
        "publier": (KEEPER, f"{versions}{waiting}/publication/"),
        "validite": (KEEPER, f"{versions}{version}/validite/"),
        "retirer": (KEEPER, f"{versions}{version}/retrait/"),
        "compteurs": (KEEPER, f"{of}compteurs/"),
        "stock": (KEEPER, f"{of}stock/"),
        "stocks": (KEEPER, f"{LIST}stocks/"),
        "a_faire": (KEEPER, "/"),
    }, gone


@pytest.mark.long
def test_axe_finds_nothing_on_any_page_of_the_library(opened: Opened) -> None:
    """The look of what tests/web/supports/test_without_script.py::test_without_script_a_support_is_published_found_and_withdrawn
    goes through by forms alone, and of the rest."""
    seen, gone = addresses()
    pages = {who: opened(who, bypass_csp=True) for who in {who for who, _ in seen.values()}}
    for name, (who, address) in seen.items():
        visit(pages[who], address, f"support_{name}")
        fits(pages[who], name)
    page = pages[WORKER]
    page.goto(f"/s/{code_of(gone)}")
    expect(page.get_by_text("Ce document a été retiré")).to_be_visible()
    look(page, "support_adresse_retiree")


@pytest.mark.long
@pytest.mark.parametrize("script", [True, False])
def test_a_support_is_published_and_found_by_keyboard(opened: Opened, script: bool) -> None:
    """In Chromium, what
    tests/web/supports/test_without_script.py::test_without_script_a_support_is_published_found_and_withdrawn does by forms alone."""
    page = opened(KEEPER, java_script_enabled=script, bypass_csp=script)
    page.goto(LIST)
    page.get_by_role("link", name="Ajouter un support").press("Enter")
    page.locator("[name=title]").press_sequentially("Demander la C2S")
    page.locator("[name=kind]").select_option("leaflet")
    page.locator("[name=purpose]").press_sequentially("Explique la demande.")
    page.get_by_label("Publics", exact=True).press("Space")
    page.get_by_role("button", name="Continuer").press("Enter")
    page.locator("[name=label]").press_sequentially("Janvier")
    page.locator("[name=link]").press_sequentially("https://www.example.org/c2s")
    page.get_by_role("button", name="Continuer").press("Enter")
    page.get_by_role("button", name="Publier").press("Enter")
    expect(page.locator("#messages")).to_contain_text("Version publiée")
    reader = opened(WORKER, java_script_enabled=script, bypass_csp=script)
    reader.goto(LIST)
    reader.get_by_role("link", name="Demander la C2S").press("Enter")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Demander la C2S")
