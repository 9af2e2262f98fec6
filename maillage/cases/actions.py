"""Cases from Python: a thin call of each definer function, its refusals turned into exceptions that say what happened."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from psycopg import errors

from maillage.cases.models import Authorisation
from maillage.core import crypto
from maillage.core.identifiers import uuid7
from maillage.vault.actions import public_keys, vault


class AuthorisationClosed(Exception):
    """By the database's clock, the convention does not allow this sending now."""


class NotAuthorised(Exception):
    """No such authorisation for the organisation that acts."""


class CaseExists(Exception):
    """A case already has this id: the same sending, done before."""


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
    key = crypto.new_key()
    sides = (under.sender_id, under.recipient_id)
    sealed = [
        vault().seal_case_key(
            key, case=case, organisation=organisation, convention=under.convention_id, public=public
        )
        for organisation, public in zip(sides, public_keys(*sides), strict=True)
    ]
    arguments: list[Any] = [
        case,
        under.id,
        kind,
        urgent,
        uuid7(),
        sealed[0],
        uuid7(),
        sealed[1],
    ]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT open_case(%s, %s, %s, %s, %s, %s, %s, %s)", arguments)
            (instant,) = cursor.fetchone()
    except DatabaseError as error:
        raise _meaning(error) from error
    return OpenedCase(case, key, instant)


def _meaning(error: DatabaseError) -> Exception:
    cause = error.__cause__
    if isinstance(cause, errors.InvalidAuthorizationSpecification):
        return AuthorisationClosed("the authorisation is closed")
    if isinstance(cause, errors.InsufficientPrivilege):
        return NotAuthorised("no such authorisation")
    if isinstance(cause, errors.UniqueViolation):
        return CaseExists("a case with this id")
    return error


def withdraw(*, case: UUID) -> bool:
    """End the acting organisation's own part in a case; False when it had none."""
    return _call("SELECT withdraw(%s)", case)


def set_due_on(*, case: UUID, day: date | None) -> bool:
    """Set the acting organisation's own due date for a case; False when it takes no part in it."""
    return _call("SELECT set_due_on(%s, %s)", case, day)


def _call(statement: str, *arguments: date | UUID | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(arguments))
        (done,) = cursor.fetchone()
    return bool(done)
