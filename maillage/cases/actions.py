"""Cases from Python: a thin call of each definer function, its refusals turned into exceptions that say what happened."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from psycopg import errors

from maillage.cases.models import Authorisation
from maillage.core import crypto
from maillage.core.calendar import Period
from maillage.core.identifiers import uuid7
from maillage.vault.actions import SealedKey, public_keys, vault
from maillage.vault.store import KeyDestroyed


class AuthorisationClosed(Exception):
    """By the database's clock, the convention does not allow this sending now."""


class NotAuthorised(Exception):
    """No such authorisation for the organisation that acts."""


class CaseExists(Exception):
    """A case already has this id: the same sending, done before."""


class NoSequel(Exception):
    """Nothing follows from the former case now: where it stands does not allow it, or its sequel is under way."""


@dataclass(frozen=True)
class CasePart:
    """A running part in a case, and the case's key as it holds it."""

    id: UUID
    key: SealedKey


@dataclass(frozen=True)
class OpenedCase:
    """A case just opened: its id, its key in the clear (never stored so), and the database's instant of opening."""

    id: UUID
    key: bytes
    opened_at: datetime


def open_case(
    *,
    case: UUID,
    under: Authorisation,
    kind: str,
    urgent: bool,
) -> OpenedCase:
    """Make the key of a case, seal it for its two participants, and open it under an authorisation open now.

    Raises AuthorisationClosed, NotAuthorised or CaseExists; the transaction around stays usable. Raises NoKeyPair
    when a side has no key pair yet.
    """
    return _opened("SELECT open_case(%s, %s, %s, %s, %s, %s, %s, %s)", [case, under.id, kind, urgent], under)


def forward_case(
    *,
    former: UUID,
    case: UUID,
    under: Authorisation,
    kind: str,
    urgent: bool,
) -> OpenedCase:
    """Open a case that follows from another, with a key of its own: the same refusals, and NoSequel.

    From its sender once it ended without an answer of its own, from its recipient while it works it.
    """
    statement = "SELECT forward_case(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
    return _opened(statement, [former, case, under.id, kind, urgent], under)


def open_from(
    *,
    former: UUID,
    case: UUID,
    under: Authorisation,
    kind: str,
    urgent: bool,
) -> OpenedCase:
    """As `open_case`, for an application to which a referral of the acting organisation's led: the two are linked.

    The referral goes on as it was. One in which the organisation takes no part, or no more, or that was sent by error, leaves an
    application without a link: the right does not wait for it.
    """
    statement = "SELECT open_from(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
    return _opened(statement, [former, case, under.id, kind, urgent], under)


def _opened(statement: str, named: list[Any], under: Authorisation) -> OpenedCase:
    """Call a function with what names the case, its key sealed for both sides at the end; the case is the fourth from last."""
    case, key = named[-4], crypto.new_key()
    sealed = _sealed(key, case, under)
    arguments = [*named, uuid7(), sealed[0], uuid7(), sealed[1]]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, arguments)
            (instant,) = cursor.fetchone()
    except DatabaseError as error:
        raise _meaning(error) from error
    return OpenedCase(case, key, instant)


def _sealed(key: bytes, case: UUID, under: Authorisation) -> list[bytes]:
    """The key as each side will hold it, the sender first."""
    sides = (under.sender_id, under.recipient_id)
    publics = public_keys(*sides)  # before any key of the store is read: renewals wait from here on
    try:
        return [
            vault().seal_case_key(
                key, case=case, organisation=organisation, convention=under.convention_id, public=public
            )
            for organisation, public in zip(sides, publics, strict=True)
        ]
    except DatabaseError as error:
        raise _meaning(error) from error


def _meaning(error: DatabaseError) -> Exception:
    cause = error.__cause__
    if isinstance(cause, errors.InvalidAuthorizationSpecification):
        return AuthorisationClosed("the authorisation is closed")
    if isinstance(cause, errors.InsufficientPrivilege):
        return NotAuthorised("no such authorisation")
    if isinstance(cause, errors.UniqueViolation):
        return CaseExists("a case with this id")
    if isinstance(cause, errors.ObjectNotInPrerequisiteState):
        return NoSequel("nothing follows from this case now")
    return error


def case_parts(case: UUID) -> list[CasePart]:
    """Everybody's running part in a case of the acting organisation's; for the worker's role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM case_parts(%s)", [case])
        return [
            CasePart(part, SealedKey(case, body, convention, bytes(sealed)))
            for part, body, convention, sealed in cursor.fetchall()
        ]


def renew_case_key(*, case: UUID, key: bytes, parts: Sequence[CasePart]) -> bool:
    """Seal a new key of a case for those who take part in it; False when a part was sealed again meanwhile.

    Whose key was destroyed gets none. What the case holds is encrypted again in the same transaction. For the worker's role;
    raises NotAuthorised when the acting organisation takes no part.
    """
    publics = public_keys(*(part.key.organisation for part in parts))
    sealed = []
    for part, public in zip(parts, publics, strict=True):
        with suppress(KeyDestroyed):
            again = vault().seal_case_key(
                key,
                case=case,
                organisation=part.key.organisation,
                convention=part.key.convention,
                public=public,
            )
            sealed.append((part.id, part.key.sealed, again))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            columns: list[Any] = [list(column) for column in zip(*sealed, strict=True)]
            cursor.execute("SELECT renew_case_key(%s, %s, %s, %s)", [case, *columns])
            return bool(cursor.fetchone()[0])
    except DatabaseError as error:
        raise _meaning(error) from error


def withdraw(*, case: UUID) -> bool:
    """End the acting organisation's own part in a case; False when it had none."""
    return _call("SELECT withdraw(%s)", case)


def set_due_on(*, case: UUID, day: date | None) -> bool:
    """Set the acting organisation's own due date for a case; False when it takes no part in it."""
    return _call("SELECT set_due_on(%s, %s)", case, day)


@dataclass(frozen=True)
class Delay:
    """Within how long cases of a convention are acknowledged, on whose word; `days_off` for a period in working days."""

    period: Period
    source: str
    article: str = ""
    since: date | None = None
    days_off: Iterable[date] = ()


def keep_delay(*, convention: UUID, delay: Delay) -> bool:
    """Keep the delay of a convention of the acting organisation's, and let what waits be late by it; False when all is so already.

    Raises NotAuthorised for anybody but a party.
    """
    period = delay.period
    said = {
        "months": period.months,
        "days": period.days,
        "working_days": period.working_days,
        "days_off": [day.isoformat() for day in delay.days_off],
        "source": delay.source,
        "article": delay.article[:40],
        "since": delay.since.isoformat() if delay.since else None,
    }
    try:
        with transaction.atomic():
            return _call("SELECT keep_acknowledgement_delay(%s, %s::jsonb)", convention, json.dumps(said))
    except DatabaseError as error:
        raise _meaning(error) from error


def _call(statement: str, *arguments: date | UUID | str | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(arguments))
        (done,) = cursor.fetchone()
    return bool(done)
