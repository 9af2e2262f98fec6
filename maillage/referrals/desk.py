"""What is on somebody's desk: the cases that wait for her organisation and that she follows, or that nobody there follows; the
enrolments in PRADO that she was the last to work.

« À faire » shows all that waits for her organisation; the summary of the day counts what is hers. Ids only, nothing opened.
"""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from maillage.cases.following import running
from maillage.exchange.queries import unread_cases
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals import enrolments
from maillage.referrals.forwarding.queries import restartable
from maillage.referrals.models import CaseQuestion
from maillage.referrals.planning import due_actions
from maillage.referrals.queries import visible_to, waiting_rows


def cases_on_desk(member: Member, *, on: date) -> set[UUID]:
    """The cases that wait for her today, each once, in seven queries at most; none for a role that acts on none."""
    works, sends = member.may(Permission.WORK_REFERRALS), member.may(Permission.SEND_REFERRALS)
    if not works and not sends:
        return set()
    follows = running(member).filter(case_id=OuterRef("case_id"), until__isnull=True)
    hers = Q(Exists(follows.filter(user_id=member.user))) | ~Q(Exists(follows))
    found: set[UUID] = set(unread_cases(member).values_list("case_id", flat=True))
    if works:
        found.update(waiting_rows(member, on=on).filter(hers).values_list("case_id", flat=True))
        found.update(due_actions(member, on=on).values_list("case_id", flat=True))
        found.update(enrolments.waiting(member).filter(changed_by=member.user).values_list("id", flat=True))
    asked = visible_to(member).filter(hers, role="sender", closed_at__isnull=True)
    found.update(
        CaseQuestion.objects.filter(
            answered_at=None, withdrawn_at=None, case_id__in=asked.values("case_id")
        ).values_list("case_id", flat=True)
    )
    if sends:
        found.update(restartable(member, on=on).values_list("case_id", flat=True))
    return found
