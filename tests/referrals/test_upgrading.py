"""What was worked before a referral could be accepted goes on: whoever had been contacted is accompanied."""

from importlib import import_module
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connections

from maillage.core.clock import now
from maillage.referrals.models import ContactAttempt, Referral
from maillage.referrals.outcomes import close
from maillage.referrals.queries import referral_of
from tests.referrals.world import ADVISER, Signed, all_done, member, send_referral, work

UPGRADE = import_module("maillage.referrals.migrations.0005_working")
BEFORE = """
ALTER TABLE referrals_referral DISABLE TRIGGER USER;
UPDATE referrals_referral SET state = 'contacted', acknowledged_at = sent_at, acknowledged_by = sent_by,
    contacted_on = current_date, contacted_by = sent_by WHERE case_id = %s;
UPDATE referrals_referral SET state = 'closed', acknowledged_at = sent_at, acknowledged_by = sent_by, closed_at = sent_at,
    closed_by = sent_by, care_outcome = 'done', rights_outcome = 'none' WHERE case_id = %s;
"""
CHECKS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'referrals_referral'::regclass AND contype = 'c'
"""


def goes_on(contacted: UUID, closed: UUID, waiting: UUID) -> None:
    """One that had been contacted is accepted and can be closed; a closed one was accepted; one that waits can be worked."""
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, contacted)
        assert (referral.state, referral.accepted_at) == ("accepted", referral.acknowledged_at)
        attempt = ContactAttempt.objects.get()
        assert (attempt.case_id, attempt.day, attempt.reached) == (contacted, referral.contacted_on, True)
        close(referral=referral, noted=all_done(contacted), by=adviser, at=now())
        assert Referral.objects.get(case_id=closed).accepted_at is not None
    assert work(waiting, "acknowledge").state == "acknowledged"


def test_rows_of_before_that_the_upgrade_rewrites_go_on(committed: Signed) -> None:
    """Rows as they were, which today's constraints would refuse, and what the migration makes of them."""
    contacted, closed, waiting = (send_referral(committed) for _ in range(3))
    with connections["owner"].cursor() as cursor:
        cursor.execute(CHECKS)
        checks = cursor.fetchall()
        assert "referral_state_known" in {name for name, _ in checks}
        cursor.execute(
            "".join(f"ALTER TABLE referrals_referral DROP CONSTRAINT {name};" for name, _ in checks)
        )
        cursor.execute(BEFORE, [contacted, closed])
        cursor.execute(UPGRADE.FORMER + UPGRADE.FORMER_CONTACTS)
        cursor.execute(
            "".join(f"ALTER TABLE referrals_referral ADD CONSTRAINT {name} {rule};" for name, rule in checks)
        )
    goes_on(contacted, closed, waiting)


@pytest.mark.long
def test_a_referral_of_before_goes_on(committed: Signed) -> None:
    """Back to the schema of before and forth again; its rows alone: test_rows_of_before_that_the_upgrade_rewrites_go_on."""
    contacted, closed, waiting = (send_referral(committed) for _ in range(3))
    quiet = {"database": "owner", "verbosity": 0, "interactive": False}
    call_command("migrate", "referrals", "0004", **quiet)
    call_command("migrate", "cases", "0006", **quiet)
    with connections["owner"].cursor() as cursor:
        cursor.execute(BEFORE + "ALTER TABLE referrals_referral ENABLE TRIGGER USER;", [contacted, closed])
    call_command("migrate", **quiet)
    goes_on(contacted, closed, waiting)
