"""The pages that speak to each side in its words, looked at: the list and its delays, her new choice, a case that was forwarded."""

import pytest

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals import questions, working
from maillage.referrals.queries import referral_of
from maillage.referrals.thresholds.actions import set_days
from tests.browsing import Opened, browser, opened, site, visit
from tests.referrals.forwarding.conftest import SSAM, sign
from tests.referrals.forwarding.test_forwarding import forward, under_work
from tests.referrals.heeding.test_heeding import loaded
from tests.referrals.test_choosing import NARROW, choose
from tests.referrals.world import ADVISER, READER, WORKER, member, send_referral

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


@pytest.mark.long
def test_axe_finds_nothing_where_each_side_reads_its_own_words(opened: Opened) -> None:
    """The words, by requests:
    `tests/web/referrals/test_forwarding.py::test_the_caisse_forwards_on_one_page_and_each_reads_its_part`."""
    signed = sign()
    case = under_work(signed)
    new = forward(case)
    send_referral(signed)
    with member(SSAM) as social:
        referral = referral_of(social, new)
        working.acknowledge(referral=referral, by=social, at=now())
        questions.ask(referral=referral, question_id=uuid7(), text="Vit-elle seule ?", by=social, at=now())
    with member(READER) as referent:
        set_days(known=loaded(signed, referent), late=3, blocked=20, by=referent, at=now())
    choose(case, ADVISER, NARROW)
    caisse, sender = opened(ADVISER, bypass_csp=True), opened(WORKER, bypass_csp=True)
    visit(caisse, "/orientations/", "mots_liste")
    visit(caisse, "/", "mots_a_faire")
    visit(caisse, f"/orientations/{case}/", "mots_caisse")
    visit(caisse, f"/orientations/{new}/", "mots_transmise")
    visit(sender, f"/orientations/{case}/", "mots_orientant")
