"""The pages of a right that a referral opens, in a real Chromium, judged by axe."""

from typing import Any

import pytest

from maillage.core.identifiers import uuid7
from maillage.rights.examining import Asking
from tests.beneficiaries.jobs import index_as_worker
from tests.browsing import Opened as Browsers
from tests.browsing import browser, opened, site, visit
from tests.referrals.world import ADVISER, WORKER, followed_by, send_referral
from tests.rights.test_opening import applied, begun, sign
from tests.rights.world import act, receive

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


@pytest.mark.long
def test_axe_finds_nothing_on_the_pages_of_a_right_that_a_referral_opens(opened: Browsers) -> None:
    """The look of what tests/web/preparing/test_opening.py::test_each_page_says_where_the_other_stands reads, and of the rest."""
    signed: Any = sign()
    referral = followed_by(send_referral(signed), ADVISER)
    other = applied(referral)
    case = applied(referral)
    made = begun(referral, right="c2s")
    index_as_worker()
    receive(case, is_complete=False)
    act("ask", case, asking=Asking(uuid7(), ("form",), 20))
    caisse, sender = opened(ADVISER, bypass_csp=True), opened(WORKER, bypass_csp=True)
    for who, name, address in (
        (sender, "orientation", f"/orientations/{referral}/"),
        (sender, "premiere_etape", f"/droits/preparations/nouveau/{referral}/"),
        (sender, "foyer", f"/droits/preparations/{made}/questions/"),
        (sender, "apercu", f"/droits/preparations/{made}/apercu/"),
        (sender, "rien_ajoute", f"/droits/{case}/"),
        (caisse, "deja_en_cours", f"/droits/{case}/"),
        (caisse, "liste", "/droits/?droit=medecin_traitant"),
        (caisse, "orientation_caisse", f"/orientations/{referral}/"),
    ):
        visit(who, address, f"opened_{name}")
    assert other != case
