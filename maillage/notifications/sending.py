"""Sending the outbox, each message at most once.

A sender takes messages for the length of a lease, says that it hands one over just before the mail server gets it, and says
that it was sent just after. Whoever dies before handing leaves a message that another sender takes once the lease ends.
Whoever dies between handing and saying leaves one that may have been sent: it is given up and logged, never sent again. So
no mailbox gets a message twice, and a loss needs a death within those few milliseconds.
"""

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction

from maillage.notifications import wording
from maillage.notifications.links import token_of
from maillage.notifications.models import ACCOUNT, BOX, DIGEST, URGENT

logger = logging.getLogger(__name__)
LEASE: Final = timedelta(minutes=5)
BATCH: Final = 50
MOST_ATTEMPTS: Final = 10
PATIENCE: Final = timedelta(minutes=15)
# The server said no before it took the message: trying again cannot double it.
_REFUSALS: Final = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPHeloError,
    smtplib.SMTPNotSupportedError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPConnectError,
)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message taken by this sender."""

    id: UUID
    mailbox: str
    kind: str
    reference: str
    path: str
    attempts: int
    link_seed: str = ""  # of a link that only its addressee may have; empty for a page that asks to sign in
    cases: int | None = None  # how many wait, in a summary of the day


@dataclass(frozen=True, slots=True)
class Report:
    """What a round of sending did."""

    sent: int = 0
    postponed: int = 0
    given_up: int = 0


def send_waiting(clock: Clock) -> Report:
    """Send all that waits, batch by batch; `clock` gives the present instant. Never raises for a mail server's refusal."""
    given_up = _give_up(clock())
    if given_up:
        logger.error(
            "%d message(s) handed over by a sender that died: perhaps sent, not sent again", given_up
        )
    sent = postponed = 0
    while waiting := claim(clock()):
        mail = get_connection(fail_silently=False)
        try:
            mail.open()
        except (OSError, smtplib.SMTPException) as error:
            logger.warning("Mail server unreachable: %s", type(error).__name__)
            for message in waiting:
                given_up += not _postpone(message, clock())
            return Report(sent, postponed + len(waiting), given_up)
        try:
            for message in waiting:
                outcome = _send(message, mail, clock)
                sent += outcome is True
                postponed += outcome is False
        finally:
            mail.close()
    return Report(sent, postponed, given_up)


def claim(at: datetime) -> list[Waiting]:
    """Take the oldest waiting messages for the length of a lease."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM claim_messages(%s, make_interval(secs => %s), %s)",
            [at, LEASE.total_seconds(), BATCH],
        )
        return [Waiting(*row) for row in cursor.fetchall()]


def hand_over(message: UUID, at: datetime) -> bool:
    """Say that the mail server is about to get the message; False when somebody else did, or when the lease is over."""
    return _call("SELECT hand_message(%s, %s)", message, at)


def mark_sent(message: UUID, at: datetime) -> bool:
    """Say that the mail server took the message."""
    return _call("SELECT mark_message_sent(%s, %s)", message, at)


def _send(message: Waiting, mail: Any, clock: Clock) -> bool | None:
    """True: sent. False: refused, to try again or given up. None: another sender's, or unknown."""
    if not message.mailbox:
        logger.warning("Message %s: no mailbox to send it to", message.id)
        _fail(message, clock(), None)
        return False
    try:
        email = _email(message, mail)
        email.message()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one message, the others leave
        logger.error("Message %s cannot be written: %s", message.id, type(error).__name__)  # noqa: TRY400 - no traceback: it quotes the message
        _fail(message, clock(), None)
        return False
    if not hand_over(message.id, clock()):
        return None
    try:
        email.send()
    except _REFUSALS as error:
        logger.warning("Message %s refused: %s", message.id, type(error).__name__)
        _postpone(message, clock())
        return False
    except (OSError, smtplib.SMTPException) as error:
        logger.error("Message %s: unknown whether it was taken: %s", message.id, type(error).__name__)  # noqa: TRY400 - no traceback: it quotes the address
        _fail(message, clock(), None)
        return None
    mark_sent(message.id, clock())
    return True


def _email(message: Waiting, mail: Any) -> EmailMessage:
    if not message.path.startswith("/"):
        raise ValueError("a link of another host")
    link = f"{settings.SITE_URL.rstrip('/')}{message.path}"
    if message.link_seed:
        link = f"{link.rstrip('/')}/{token_of(message.link_seed)}/"
    return EmailMessage(
        subject=_subject(message),
        body=_body(message, link),
        to=[message.mailbox],
        connection=mail,
        headers={"Message-ID": f"<{message.id}@maillage>", "Auto-Submitted": "auto-generated"},
    )


def _subject(message: Waiting) -> str:
    if message.kind == DIGEST:
        return wording.digest_subject(message.cases or 0)
    if message.kind == BOX:
        return wording.box_subject(message.cases or 0)
    return (
        wording.urgent_subject(message.reference)
        if message.kind == URGENT
        else wording.subject(message.reference)
    )


def _body(message: Waiting, link: str) -> str:
    if message.kind == DIGEST:
        return wording.digest(message.cases or 0, link)
    if message.kind == BOX:
        return wording.box(message.cases or 0, link)
    if message.link_seed:
        return wording.invitation(message.reference, link)
    write = {ACCOUNT: wording.account, URGENT: wording.urgent}.get(message.kind, wording.body)
    return write(message.reference, link)


def _postpone(message: Waiting, at: datetime) -> bool:
    """Try again later, twice as late each time; False when it was tried often enough."""
    again = at + timedelta(minutes=2**message.attempts) if message.attempts < MOST_ATTEMPTS else None
    _fail(message, at, again)
    return again is not None


def _fail(message: Waiting, at: datetime, again: datetime | None) -> None:
    _call("SELECT mark_message_failed(%s, %s, %s)", message.id, at, again)


def _give_up(at: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT give_up_messages(%s, make_interval(secs => %s))", [at, PATIENCE.total_seconds()]
        )
        return int(cursor.fetchone()[0])


def _call(sql: str, *arguments: object) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, list(arguments))  # type: ignore[arg-type]  # ids and instants
        return bool(cursor.fetchone()[0])
