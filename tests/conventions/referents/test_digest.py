"""Warnings of coming dates join the summary of the day, of the organisation's box and of its referents': each once, in one e-mail."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import transaction

from maillage.conventions.lifecycle.notifications import tell
from maillage.core.holidays import zone_of
from maillage.core.row_security import acting
from maillage.notifications.gathering import gather
from maillage.notifications.models import Message
from maillage.notifications.sending import send_waiting
from tests.conventions.people import body, signed, worker_process
from tests.conventions.referents.test_handover import (
    AT,
    CHANGE,
    FORMER_BOX,
    NEW_BOX,
    OVER,
    changed,
    named,
    shared,
)

pytestmark = pytest.mark.usefixtures("fresh_database")
OWN = "contact@cpam.example.org"
PARIS = zone_of("42")


class Killed(BaseException):
    """The worker dies here."""


def morning(day: int, hour: int = 9) -> datetime:
    """A morning of March 2025: from Monday the 10th."""
    return datetime(2025, 3, day, hour, tzinfo=PARIS)


def warn(convention: UUID, *facts: str) -> None:
    """The warnings of some days, said by the sweep on the day of the change."""
    for fact in facts:
        with transaction.atomic(), acting(organisation=body("ccas").id):
            tell("convention_warning", convention=convention, to=[body("cpam").id], fact=fact, on=CHANGE)


def sent(at: datetime) -> list[tuple[str, str]]:
    """To whom of the caisse the outbox writes at an instant, under which subject."""
    mail.outbox.clear()
    with worker_process():
        send_waiting(lambda: at)
    return sorted((one.to[0], str(one.subject)) for one in mail.outbox if "cpam" in one.to[0])


def summaries(at: datetime) -> int:
    with worker_process():
        return gather(at=at)


def test_warnings_of_a_day_leave_in_one_e_mail_to_each_box_and_never_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = signed(), signed()
    former = named(first)
    named(second, mailbox=FORMER_BOX.upper())  # the same person, on duty for both
    changed(first, former, handover_until=OVER)
    sent(AT)
    summaries(morning(10, 7))
    sent(morning(10, 7))  # what was said of these changes themselves
    warn(first, "2025-11-14:120", "2025-11-14:90", "2025-11-14:120")
    warn(second, "2025-11-14:120")
    assert sent(morning(10)) == []  # nothing leaves alone
    assert summaries(morning(10)) == 0  # this day has its summary

    def dies(*arguments: Any) -> Any:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("maillage.notifications.gathering.transaction.atomic", dies)
        with pytest.raises(Killed):
            summaries(morning(11))
    assert summaries(morning(11)) >= 3
    assert [summaries(morning(11, hour)) for hour in (9, 12, 18)] == [0, 0, 0]
    both, one = (
        "Maillage : du nouveau sur 2 dossiers ou conventions",
        "Maillage : du nouveau sur 1 dossier ou convention",
    )
    assert sent(morning(11)) == sorted([(OWN, both), (FORMER_BOX, both), (NEW_BOX, one)])
    for message in mail.outbox:
        assert "Montbrison" not in f"{message.body} {message.subject}"
    assert sent(morning(11, 18)) == []
    assert summaries(morning(12)) == 0
    with transaction.atomic(), acting(organisation=body("cpam").id):
        waiting = Message.objects.filter(kind="convention_warning", sent_at=None)
        assert not waiting.exists()


def test_what_is_for_a_tenure_that_is_over_goes_to_nobody_and_a_fact_does_not_wait() -> None:
    new = signed()
    former = named(new)
    changed(new, former, handover_until=OVER)
    sent(AT)
    summaries(morning(10))
    sent(morning(10))
    warn(new, "2025-11-14:120")
    shared(new, CHANGE)
    assert {box for box, _ in sent(morning(10))} == {OWN, FORMER_BOX, NEW_BOX}  # a delay may run from it
    later = datetime(2025, 4, 2, 9, tzinfo=PARIS)
    assert summaries(later) >= 2
    assert {box for box, _ in sent(later)} == {OWN, NEW_BOX}
    with transaction.atomic(), acting(organisation=body("cpam").id):
        stale = Message.objects.get(kind="convention_warning", referent_id=former.pk)
        assert (stale.held, stale.sent_at) == (False, None)
        assert stale.failed_at is not None
