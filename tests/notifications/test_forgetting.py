"""What was sent, or given up, leaves the outbox after a while, and is never sent again; what waits stays."""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings as given
from django.db import connections, transaction
from psycopg import errors

from maillage.audit.models import Entry
from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from maillage.core.row_security import acting
from maillage.notifications import forgetting
from maillage.notifications.actions import Draft, post
from maillage.notifications.forgetting import forget_sent
from maillage.notifications.models import Message, Said
from maillage.notifications.tasks import forget_sent_messages
from maillage.organisations.models import Organisation

DAYS = 90


@pytest.fixture
def as_worker(fresh_database: DatabaseUrls) -> Any:
    before = dict(connections.settings["default"])
    connections["default"].close()
    connections.settings["default"].update(connections.settings["worker"])
    yield
    connections["default"].close()
    connections.settings["default"].clear()
    connections.settings["default"].update(before)


def say(once: str) -> None:
    cpam = Organisation.objects.get(short_name="CPAM 42").id
    with transaction.atomic(), acting(organisation=cpam):
        post([Draft(once=once, recipient=cpam, kind="referral_sent", reference="K7QM-3XTD", path="/")])


def sent(once: str, *, days: float) -> None:
    say(once)
    instant = now() - timedelta(days=days)
    Message.objects.using("owner").filter(once=once).update(handed_at=instant, sent_at=instant)


def failed(once: str, *, days: float) -> None:
    say(once)
    Message.objects.using("owner").filter(once=once).update(failed_at=now() - timedelta(days=days))


def kept() -> list[str]:
    return sorted(Message.objects.using("owner").values_list("once", flat=True))


def test_what_was_sent_long_ago_goes_and_is_counted_in_the_journal(as_worker: None) -> None:
    sent("old:1", days=DAYS + 1)
    sent("old:2", days=DAYS + 200)
    sent("late", days=DAYS - 1)
    say("waiting")
    failed("just failed", days=DAYS - 1)
    assert forget_sent(at=now(), days=DAYS) == 2
    assert kept() == ["just failed", "late", "waiting"]
    (entry,) = Entry.objects.using("owner").filter(verb="messages_forgotten")
    assert (entry.reason, entry.organisation_id) == ("2", None)
    assert forget_sent(at=now(), days=DAYS) == 0
    assert Entry.objects.using("owner").filter(verb="messages_forgotten").count() == 1


def test_what_was_given_up_goes_as_late_is_counted_apart_and_never_sent(as_worker: None) -> None:
    failed("lost:1", days=DAYS + 1)
    failed("lost:2", days=DAYS + 100)
    failed("to look at", days=DAYS - 2)
    sent("old", days=DAYS + 3)
    assert forget_sent(at=now(), days=DAYS) == 3
    assert kept() == ["to look at"]
    found = Entry.objects.using("owner").filter(verb__endswith="messages_forgotten").order_by("verb")
    assert [(one.verb, one.reason, one.organisation_id) for one in found] == [
        ("failed_messages_forgotten", "2", None),
        ("messages_forgotten", "1", None),
    ]
    say("lost:1")
    assert kept() == ["to look at"]
    assert forget_sent(at=now() + timedelta(days=3), days=DAYS) == 1
    assert kept() == []


def test_a_fact_that_was_told_is_not_told_again_once_its_message_is_forgotten(as_worker: None) -> None:
    sent("convention_warning:30", days=DAYS + 1)
    forget_sent(at=now(), days=DAYS)
    say("convention_warning:30")
    assert kept() == []
    say("convention_warning:15")
    assert kept() == ["convention_warning:15"]
    (told,) = Said.objects.using("owner").all()
    assert told.digest == UUID(bytes=sha256(b"convention_warning:30").digest()[:16])


def test_many_go_batch_by_batch_and_the_nightly_job_does_it(
    as_worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for number in range(5):
        sent(f"old:{number}", days=given.OUTBOX_DAYS + 1)
    forget_sent_messages()
    assert kept() == []
    assert Said.objects.using("owner").count() == 5


@pytest.mark.security
def test_the_web_forgets_nothing_and_nobody_forgets_what_was_just_sent(fresh_database: DatabaseUrls) -> None:
    with psycopg.connect(fresh_database.app) as raw, pytest.raises(errors.InsufficientPrivilege):
        raw.execute("SELECT forget_sent_messages('2000-01-01', 10)")
    with psycopg.connect(fresh_database.worker) as raw, pytest.raises(errors.CheckViolation):
        raw.execute("SELECT forget_sent_messages(now(), 10)")
