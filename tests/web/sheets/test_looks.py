"""Action sheets, credits and provisions of the demonstration in a real Chromium: axe finds nothing at any width."""

import pytest
from django.db import transaction

from maillage.core.clock import today
from maillage.demo.conventions import PARIS, acting_for, convention_id
from maillage.demo.steering import NAME, load_steering
from maillage.steering.models import CreditEnvelope, SheetEntry
from tests.browsing import Opened, browser, opened, site, visit
from tests.conventions.people import CNAM

__all__ = ["browser", "opened", "site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def pages(site: str) -> dict[str, str]:
    """The pages of the demonstration's convention, by name."""
    load_steering()
    with transaction.atomic(), acting_for("cnam"):
        envelope = CreditEnvelope.objects.order_by("name_key")[0].pk
        milestone = SheetEntry.objects.filter(kind="milestone").order_by("id")[0].pk
    base, year = f"/conventions/{convention_id(NAME)}", today(PARIS).year
    return {
        "convention": f"{base}/",
        "fiches": f"{base}/fiches/",
        "fiches-dates": f"{base}/fiches/?vue=dates",
        "fiche-12": f"{base}/fiches/fiche_12/",
        "fiche-8": f"{base}/fiches/fiche_8/",
        "jalon": f"{base}/fiches/element/{milestone}/",
        "echange": f"{base}/fiches/fiche_12/echange/",
        "presentation": f"{base}/fiches/fiche_1/presentation/",
        "credits": f"{base}/credits/",
        "enveloppe": f"{base}/credits/{envelope}/",
        "enveloppe-avant": f"{base}/credits/{envelope}/?annee={year - 1}",
        "chiffre": f"{base}/credits/{envelope}/chiffre/",
        "import": f"{base}/credits/import/",
        "provisions": f"{base}/provisions/",
        "provision": f"{base}/provisions/{year - 2}/dotation/",
        "provision-nouvelle": f"{base}/provisions/nouvelle/",
    }


@pytest.mark.long
def test_each_page_is_read_by_everyone_at_any_width(opened: Opened, pages: dict[str, str]) -> None:
    """Every page, where tests/web/sheets/test_pages.py::test_what_is_late_is_shown_first_by_date reads one by its words."""
    page = opened(CNAM, bypass_csp=True)
    for name, address in pages.items():
        visit(page, address, name)
