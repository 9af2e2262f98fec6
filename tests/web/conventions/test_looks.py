"""The pages that read conventions in a real Chromium: axe, two widths, both themes."""

import pytest

from maillage.demo.conventions import load_conventions
from tests.browsing import Opened, browser, look, opened, site
from tests.web.conventions.conftest import sheet

__all__ = ["browser", "opened", "site"]
pytestmark = pytest.mark.browser
CAISSE, NATIONAL, WORKER = (
    "referente@cpam.example.org",
    "nationale@cnam.example.org",
    "social@ccas.example.org",
)
S0, S1, S2 = "prado_maternite_2016", "cnsa_2016_2019", "hopital_pass_modele"
S3, S4 = "ccas_montbrison_2024", "croix_rouge_cadre_2021"
LOOKS = [(360, "light"), (1280, "dark")]
SEEN = {
    CAISSE: {
        "liste": "/conventions/",
        "calendrier": "/conventions/calendrier/",
        "textes": "/conventions/textes/",
        "texte-s2": f"/conventions/textes/{S2}/",
        "s3": sheet(S3),
        "s3-texte": f"{sheet(S3)}texte/",
        "s2": sheet(S2),
        "s2-comparaison": f"{sheet(S2)}comparaison/",
        "a-faire": "/",
    },
    NATIONAL: {
        "s4": sheet(S4),
        "s4-texte": f"{sheet(S4)}texte/?au=32/13/2025",
        "s1": sheet(S1),
        "s0": sheet(S0),
        "calendrier-cnam": "/conventions/calendrier/",
    },
}


@pytest.fixture
def world(site: str) -> None:
    """The demonstration's conventions, committed."""
    load_conventions()


@pytest.mark.parametrize(("width", "theme"), LOOKS)
@pytest.mark.parametrize("who", SEEN)
def test_each_page_is_read_by_everyone_at_any_width(
    opened: Opened, world: None, who: str, width: int, theme: str
) -> None:
    page = opened(who, width=width, color_scheme=theme, bypass_csp=True)
    for name, address in SEEN[who].items():
        page.goto(address)
        look(page, f"{name}-{width}-{theme}")
