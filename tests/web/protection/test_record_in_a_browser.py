"""The pages of the record of processing in a real Chromium: axe, at a desk and on a telephone; a version kept by keyboard."""

from urllib.parse import urlsplit

import pytest

from maillage.organisations.models import Organisation
from tests.browsing import Opened, browser, opened, site, told, visit
from tests.referrals.world import member
from tests.rights.world import sign

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
DPO, HERE = "dpo@cpam.example.org", "/protection/registre/"


@pytest.mark.long
def test_axe_finds_nothing_on_the_pages_of_the_record(opened: Opened) -> None:
    """In Chromium, the look of what the forms do in
    tests/web/protection/test_record.py::test_today_s_record_is_read_kept_and_taken_away."""
    signed = sign()
    page = opened(DPO, bypass_csp=True)
    visit(page, HERE, "registre_sans_version")
    page.get_by_role("button", name="Garder la version du jour").press("Enter")
    told(page, "Version 1 gardée")
    with member(DPO) as dpo:
        Organisation.objects.filter(pk=dpo.organisation).update(phone="04 77 00 00 01")
    visit(page, HERE, "registre_change")
    page.get_by_role("button", name="Garder la version du jour").press("Enter")
    told(page, "Version 2 gardée")
    visit(page, urlsplit(page.url).path, "registre_version")
    visit(page, f"{HERE}preuves/{signed.id}/", "dossier_de_preuves")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Préparer le dossier").press("Enter")
    assert waiting.value.suggested_filename == "dossier-de-preuves.zip"
