"""The pages that read conventions in a real Chromium: axe finds nothing at any width."""

import pytest

from maillage.demo.conventions import load_conventions
from tests.browsing import Opened, browser, opened, site, visit
from tests.web.conventions.conftest import CAISSE, NATIONAL, S0, S1, S2, S3, S4, sheet

__all__ = ["browser", "opened", "site"]
pytestmark = pytest.mark.browser
SEEN = {
    CAISSE: {
        "a-faire": "/",
        "liste": "/conventions/?departement=Loire",
        "calendrier": "/conventions/calendrier/",
        "textes": "/conventions/textes/",
        "texte-s2": f"/conventions/textes/{S2}/",
        "s3": sheet(S3),
        "s3-texte": f"{sheet(S3)}texte/",
        "seuils": f"{sheet(S3)}seuils/",
        "deploiement": "/conventions/deploiement/",
        "e-mails": "/mon-compte/e-mails/",
        "s2": sheet(S2),
        "s2-comparaison": f"{sheet(S2)}comparaison/",
    },
    NATIONAL: {
        "s4": sheet(S4),
        "s4-texte": f"{sheet(S4)}texte/?au=32/13/2025",
        "s4-deploiement": f"{sheet(S4)}deploiement/",
        "s1": sheet(S1),
        "s0": sheet(S0),
        "calendrier-cnam": "/conventions/calendrier/",
    },
}


@pytest.fixture
def world(site: str) -> None:
    """The demonstration's conventions, committed."""
    load_conventions()


@pytest.mark.long
def test_each_page_is_read_by_everyone_at_any_width(opened: Opened, world: None) -> None:
    """Every page and convention, with axe, where test_each_date_explains_itself reads one by its words."""
    for who, pages in SEEN.items():
        page = opened(who, bypass_csp=True)
        for name, address in pages.items():
            visit(page, address, name)
