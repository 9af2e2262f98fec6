"""What was worked before a referral could be accepted goes on: whoever had been contacted is accompanied."""

from django.core.management import call_command
from django.db import connections

from maillage.core.clock import now
from maillage.referrals.models import ContactAttempt, Referral
from maillage.referrals.queries import referral_of
from maillage.referrals.working import close
from tests.referrals.world import ADVISER, Signed, member, send_referral, work

BEFORE = """
ALTER TABLE referrals_referral DISABLE TRIGGER state_jumps;
UPDATE referrals_referral SET state = 'contacted', acknowledged_at = sent_at, acknowledged_by = sent_by,
    contacted_on = current_date, contacted_by = sent_by WHERE case_id = %s;
UPDATE referrals_referral SET state = 'closed', acknowledged_at = sent_at, acknowledged_by = sent_by, closed_at = sent_at,
    closed_by = sent_by, care_outcome = 'done', rights_outcome = 'none' WHERE case_id = %s;
"""


def test_a_referral_of_before_goes_on(committed: Signed) -> None:
    contacted, closed, waiting = (send_referral(committed) for _ in range(3))
    quiet = {"database": "owner", "verbosity": 0, "interactive": False}
    call_command("migrate", "referrals", "0004", **quiet)
    call_command("migrate", "cases", "0006", **quiet)
    with connections["owner"].cursor() as cursor:
        cursor.execute(BEFORE, [contacted, closed])
    call_command("migrate", **quiet)
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, contacted)
        assert (referral.state, referral.accepted_at) == ("accepted", referral.acknowledged_at)
        attempt = ContactAttempt.objects.get()
        assert (attempt.case_id, attempt.day, attempt.reached) == (contacted, referral.contacted_on, True)
        close(referral=referral, care="done", rights="none", by=adviser, at=now())
        assert Referral.objects.get(case_id=closed).accepted_at is not None
    assert work(waiting, "acknowledge").state == "acknowledged"
