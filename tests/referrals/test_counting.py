"""What is counted by a function of the owner is what row security shows row by row, on each side, whatever she withholds."""

from collections import Counter

import pytest
from django.db.models import Count

from maillage.organisations.member import Member
from maillage.referrals.counting import OutcomeCounts, outcome_counts
from maillage.referrals.ending.rules import NOT_DONE
from maillage.referrals.models import Renunciation
from maillage.referrals.outcomes import Found, Noted
from maillage.referrals.queries import counted
from tests.referrals.test_outcomes import TWO, accepted, noting
from tests.referrals.test_withheld import sent
from tests.referrals.world import ADVISER, STRANGER, WORKER, Signed, all_done, member, send_referral, work


def seen(signed: Signed, someone: Member) -> tuple[int, int, Counter[str]]:
    """Her organisation's referrals, their care, and the outcomes of care, read through row security."""
    rows = counted(signed.id, someone).filter(kind="referral").exclude(state="cancelled")
    found = rows.order_by().values_list("state", "case__referral__care_outcome").annotate(rows=Count("id"))
    outcomes: Counter[str] = Counter()
    for state, care, number in found:
        outcomes[care if state == "closed" and care else ""] += number
    cares = Renunciation.objects.filter(case_id__in=rows.values("case_id")).count()
    return sum(outcomes.values()), cares, outcomes


def of(found: OutcomeCounts, outcomes: Counter[str]) -> tuple[int, int, int, int]:
    return (
        found.with_care - outcomes["done"],
        found.without_care - sum(outcomes[one] for one in NOT_DONE),
        found.rights_alone - outcomes["none_needed"],
        found.referrals - sum(outcomes.values()),
    )


@pytest.fixture
def worked(db: None, signed: Signed) -> Signed:
    """Referrals at several moments: with care found by the caisse, closed, withheld from their sender while open and once over."""
    for progress in ("all", "received"):
        for closing in (False, True):
            case = sent(signed, progress=progress)
            work(case, "acknowledge", "accept")
            noting(case, Noted(found=[Found("other", "time")]))
            if closing:
                noting(case, all_done(case, "done", c2s="opened"), closing=True)
        sent(signed, progress=progress)
    send_referral(signed, situation=TWO)
    noting(accepted(signed), Noted())
    return signed


def test_each_side_counts_what_row_security_shows_it(worked: Signed) -> None:
    told = {}
    for address in (WORKER, ADVISER):
        with member(address) as someone:
            found, (referrals, cares, outcomes) = outcome_counts(worked.id, someone), seen(worked, someone)
        assert (found.referrals, found.renunciations) == (referrals, cares), address
        assert of(found, outcomes) == (0, 0, 0, 0), address
        told[address] = found
    assert told[ADVISER].with_care == 2
    assert told[WORKER].with_care == told[WORKER].rights_opened == 1  # she withholds the other
    assert told[WORKER].under_way == told[ADVISER].under_way == 6  # what she withholds is over all the same
    assert told[WORKER].renunciations < told[ADVISER].renunciations
    with member(STRANGER) as stranger:
        assert outcome_counts(worked.id, stranger) == OutcomeCounts()
