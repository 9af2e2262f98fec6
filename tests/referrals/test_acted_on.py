"""The referral that somebody acts on: whose it is, and what reading it costs."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from maillage.beneficiaries.queries import consent_of
from maillage.cases.following import followers, unfollow
from maillage.cases.models import Participation
from maillage.core.clock import now
from maillage.referrals import working
from maillage.referrals.acted_on import locked
from maillage.referrals.models import Referral
from maillage.referrals.outcomes import close
from maillage.referrals.queries import referral_of
from tests.referrals.world import (
    ADVISER,
    STRANGER,
    WORKER,
    Signed,
    all_done,
    member,
    organisation,
    send_referral,
    work,
)


def test_it_comes_with_its_case_and_what_she_agreed_to_by_one_query(
    signed: Signed, django_assert_num_queries: Any
) -> None:
    case = work(send_referral(signed), "acknowledge").case_id
    with member(ADVISER) as adviser:
        with django_assert_num_queries(1):
            found = referral_of(adviser, case)
            assert found.case.caisse_id == adviser.organisation
            agreed = consent_of(found.case)
            assert agreed is not None
            assert agreed.case is found.case
        for row in (found, found.case, agreed):
            kept = type(row).objects.get(pk=row.pk)
            names = [field.attname for field in row._meta.concrete_fields]
            assert [getattr(row, name) for name in names] == [getattr(kept, name) for name in names]


def test_nobody_gets_one_in_which_her_organisation_takes_no_part_any_more(committed: Signed) -> None:
    case = send_referral(committed)
    with member(STRANGER) as stranger, pytest.raises(Participation.DoesNotExist):
        referral_of(stranger, case)
    with member(WORKER) as worker:
        assert referral_of(worker, case).case_id == case
        with pytest.raises(Participation.DoesNotExist):
            referral_of(worker, uuid4())
    with connections["owner"].cursor() as cursor:
        ended = "UPDATE cases_participation SET until = since WHERE organisation_id = %s"
        cursor.execute(ended, [organisation("CCAS").id])
    with member(WORKER) as worker, pytest.raises(Participation.DoesNotExist):
        referral_of(worker, case)


def test_locked_it_is_as_another_left_it(signed: Signed) -> None:
    case = send_referral(signed)
    with member(ADVISER) as adviser:
        mine, hers = referral_of(adviser, case), referral_of(adviser, case)
        working.acknowledge(referral=hers, by=adviser, at=now())
        assert mine.state == "sent"
        locked(mine)
        assert (mine.state, mine.acknowledged_by) == ("acknowledged", adviser.user)
        assert mine.case.caisse_id == adviser.organisation
        vars(mine)["case_id"] = uuid4()
        with pytest.raises(Referral.DoesNotExist):
            locked(mine)


def test_a_closing_reads_each_fact_once(signed: Signed, django_assert_num_queries: Any) -> None:
    case = work(send_referral(signed), "acknowledge", "accept").case_id
    noted = all_done(case, c2s="opened")
    assert (len(noted.care), len(noted.rights), len(noted.found)) == (0, 1, 1)
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        # Lock, care, rights, plan; the care found and what came of it, the right; the move, the journal, what she withholds now,
        # the message; the two of the savepoint.
        with django_assert_num_queries(4 + 3 + 4 + 2):
            close(referral=referral, noted=noted, by=adviser, at=now())


def test_who_acts_follows_it_also_when_she_had_stopped(signed: Signed) -> None:
    case = send_referral(signed)
    with member(ADVISER) as adviser:
        assert referral_of(adviser, case).followed_by is None
    work(case, "acknowledge")
    with member(ADVISER) as adviser:
        found = referral_of(adviser, case)
        assert found.followed_by == adviser.user
        assert referral_of(replace(adviser, user=uuid4()), case).followed_by is None
        unfollow(case=found.case, by=adviser, at=now())
        assert referral_of(adviser, case).followed_by is None
    work(case, "accept")
    with member(ADVISER) as adviser:
        assert [one.user for one in followers(adviser, case)] == [adviser.user]
