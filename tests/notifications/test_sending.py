"""The outbox: content-free e-mails, each at most once, whatever dies or refuses."""

import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction

from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.notifications import sending
from maillage.notifications.actions import Draft, post
from maillage.notifications.models import Message
from maillage.notifications.sending import LEASE, PATIENCE, Waiting, claim, hand_over, send_waiting
from maillage.organisations.models import Mailbox, Organisation, User

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def passes(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox(fresh_database: object) -> None:
    """A database of this test's own: what is written is committed."""


@pytest.fixture
def worker(outbox: None) -> Iterator[None]:
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(connections["worker"].settings_dict)
    yield
    connection.close()
    connection.settings_dict.update(before)


def recipient() -> UUID:
    return Organisation.objects.get(short_name="CPAM 42").id


def written(count: int = 1) -> list[str]:
    """Messages in the outbox, committed."""
    facts = [f"fact:{uuid7()}" for _ in range(count)]
    with transaction.atomic(), acting(organisation=recipient()):
        post(Draft(fact, recipient(), "convention_warning", "C-K7QM3X", "/conventions/x/") for fact in facts)
    return facts


def message(once: str) -> Message:
    with transaction.atomic(), acting(organisation=recipient()):
        return Message.objects.get(once=once)


def test_a_message_says_a_reference_and_a_link_and_nothing_else(worker: None, clock: Clock) -> None:
    [once] = written()
    assert send_waiting(clock).sent == 1
    [sent] = mail.outbox
    assert sent.to == ["contact@cpam.example.org"]
    assert sent.subject == "Maillage : référence C-K7QM3X"
    assert "http://127.0.0.1:8000/conventions/x/" in sent.body
    assert "convention_warning" not in sent.body
    assert str(sent.extra_headers["Message-ID"]).startswith("<")
    assert message(once).sent_at == START


def test_what_protects_data_goes_to_the_officer_s_box_while_the_directory_gives_one(
    worker: None, clock: Clock
) -> None:
    [plain, protected] = [f"fact:{uuid7()}" for _ in range(2)]
    with transaction.atomic(), acting(organisation=recipient()):
        post(
            [
                Draft(plain, recipient(), "convention_warning", "C-K7QM3X", "/conventions/x/"),
                Draft(protected, recipient(), "breach_told", "V-K7QM3X", "/protection/violations/x/"),
            ]
        )
    Mailbox.objects.using("owner").filter(organisation=recipient(), use="dpo").delete()
    box = Mailbox(
        organisation_id=recipient(), use="dpo", level="departement", address="donnees@cpam.example.org",
        assured_on=START.date(), assured_by=User.objects.using("owner").order_by("id").first(),
    )  # fmt: skip
    box.save(using="owner")
    assert [one.mailbox for one in claim(clock())] == ["contact@cpam.example.org", "donnees@cpam.example.org"]
    Mailbox.objects.using("owner").filter(pk=box.pk).update(withdrawn_on=START.date())
    clock.passes(LEASE)
    assert [one.mailbox for one in claim(clock())] == ["contact@cpam.example.org"] * 2


def test_telling_a_fact_twice_writes_one_message(worker: None, clock: Clock) -> None:
    [once] = written()
    with transaction.atomic(), acting(organisation=recipient()):
        post([Draft(once, recipient(), "convention_warning", "C-K7QM3X", "/conventions/x/")])
    assert send_waiting(clock).sent == 1
    assert send_waiting(clock).sent == 0


def test_a_fact_is_told_once_to_others_whose_messages_one_cannot_read(outbox: None) -> None:
    stranger = Organisation.objects.get(short_name="CCAS").id
    for _ in range(2):
        with transaction.atomic(), acting(organisation=recipient()):
            post([Draft("fact:other", stranger, "convention_warning", "C-K7QM3X", "/conventions/x/")])
            assert not Message.objects.exists()
    with transaction.atomic(), acting(organisation=stranger):
        assert Message.objects.count() == 1


def test_a_sender_that_dies_before_handing_over_loses_nothing(worker: None, clock: Clock) -> None:
    [once] = written()
    assert len(claim(clock())) == 1
    assert send_waiting(clock).sent == 0, "the lease of the dead sender still runs"
    clock.passes(LEASE)
    assert send_waiting(clock).sent == 1
    assert message(once).attempts == 2


def test_a_sender_that_dies_after_handing_over_sends_nothing_twice(worker: None, clock: Clock) -> None:
    [once] = written()
    [taken] = claim(clock())
    assert hand_over(taken.id, clock())
    clock.passes(LEASE + PATIENCE)
    report = send_waiting(clock)
    assert (report.sent, report.given_up) == (0, 1)
    assert mail.outbox == []
    assert message(once).failed_at == clock()


def test_a_sender_whose_lease_is_over_hands_nothing_over(worker: None, clock: Clock) -> None:
    written()
    [taken] = claim(clock())
    clock.passes(LEASE)
    assert not hand_over(taken.id, clock())


def test_two_senders_never_hold_the_same_message(worker: None, clock: Clock) -> None:
    written(60)
    first, second = claim(clock()), claim(clock())
    assert (len(first), len(second)) == (50, 10)
    assert not {one.id for one in first} & {one.id for one in second}


def test_a_refusal_is_tried_again_later_and_later_then_given_up(
    worker: None, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_backend: EmailBackend, _messages: Any) -> int:
        raise smtplib.SMTPDataError(450, b"try again")

    [once] = written()
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse)
        assert send_waiting(clock).postponed == 1
        assert send_waiting(clock).postponed == 0
        clock.passes(timedelta(minutes=2))
        assert send_waiting(clock).postponed == 1
    clock.passes(timedelta(minutes=4))
    assert send_waiting(clock).sent == 1

    [hopeless] = written()
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse)
        for _ in range(sending.MOST_ATTEMPTS):
            send_waiting(clock)
            clock.passes(timedelta(days=2))
    assert message(hopeless).failed_at is not None
    assert send_waiting(clock).sent == 0
    assert message(once).sent_at is not None


def test_a_doubt_is_not_sent_again(worker: None, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(_backend: EmailBackend, _messages: Any) -> int:
        raise TimeoutError

    [once] = written()
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", hang)
        send_waiting(clock)
    clock.passes(timedelta(days=1))
    assert send_waiting(clock).sent == 0
    assert message(once).failed_at is not None


def test_an_unreachable_server_postpones_all(
    worker: None, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_backend: EmailBackend) -> bool:
        raise ConnectionRefusedError

    written(3)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "open", closed)
        assert send_waiting(clock).postponed == 3
    clock.passes(timedelta(minutes=2))
    assert send_waiting(clock).sent == 3


def test_the_web_role_may_not_take_messages(outbox: None) -> None:
    written()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        claim(START)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        hand_over(uuid7(), START)


def test_the_oldest_messages_leave_first(worker: None, clock: Clock) -> None:
    facts = [once for _ in range(5) for once in written()]
    ids = [message(once).id for once in facts]
    assert [waiting.id for waiting in claim(START)] == ids


def test_an_organisation_without_a_mailbox_is_given_up(
    worker: None, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    [once] = written()
    real = sending.claim

    def nameless(at: datetime) -> list[Waiting]:
        return [Waiting(m.id, "", m.kind, m.reference, m.path, m.attempts) for m in real(at)]

    monkeypatch.setattr(sending, "claim", nameless)
    send_waiting(clock)
    assert message(once).failed_at is not None
    assert mail.outbox == []


@pytest.mark.security
@pytest.mark.parametrize(
    "spoiled", [{"reference": "C-SECRET\nBcc: autre@example.org"}, {"path": ".evil.example.org/SECRET"}]
)
def test_a_message_that_cannot_be_written_fails_alone_and_is_not_shown(
    worker: None,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    spoiled: dict[str, Any],
) -> None:
    once, *others = written(3)
    bad = message(once).id
    real = sending.claim

    def spoil(at: datetime) -> list[Waiting]:
        return [replace(waiting, **spoiled) if waiting.id == bad else waiting for waiting in real(at)]

    monkeypatch.setattr(sending, "claim", spoil)
    assert send_waiting(clock).sent == 2
    assert message(once).failed_at == START
    assert message(once).handed_at is None
    assert all(message(other).sent_at for other in others)
    assert "cannot be written" in caplog.text
    assert "SECRET" not in caplog.text


@pytest.mark.security
@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("C-K7QM3X\nBcc: autre@example.org", "/conventions/x/"),
        ("Madame Quintessence", "/conventions/x/"),
        ("", "/conventions/x/"),
        ("C-K7QM3X", ".evil.example.org/phish"),
        ("C-K7QM3X", "@evil.example.org"),
        ("C-K7QM3X", "/conventions/x/\nhttps://evil.example.org"),
        ("C-K7QM3X", ""),
    ],
)
def test_the_outbox_takes_codes_and_links_of_this_site_only(outbox: None, reference: str, path: str) -> None:
    with (
        pytest.raises(IntegrityError, match=r"message_(reference|path)"),
        transaction.atomic(),
        acting(organisation=recipient()),
    ):
        post([Draft("fact:bad", recipient(), "convention_warning", reference, path)])
