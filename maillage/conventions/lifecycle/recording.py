"""Keeping a fact: one row of the history, one entry of the journal, once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from maillage.audit.actions import record
from maillage.conventions.lifecycle.chronology import too_early
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention, Event
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.core.identifiers import bound_id, uuid7
from maillage.core.refusals import Fault, Refused
from maillage.organisations.member import Member

SYSTEM = UUID(int=0)
"""Who records what happens by itself: nobody signed in."""


def day_of(convention: Convention, at: datetime) -> date:
    """The day of this instant where the convention's caisse is."""
    return at.astimezone(ZoneInfo(convention.time_zone)).date()


def lock(convention: Convention) -> Convention:
    """The row again, locked until the transaction ends: who comes second sees what the first one did.

    Raises PermissionDenied to a body that was only informed: row security lets it read, never act.
    """
    row = Convention.objects.select_for_update().filter(pk=convention.pk).first()
    if row is None:
        raise PermissionDenied("Votre organisme n’est pas partie à cette convention.")
    return row


def lock_and_load(convention: Convention) -> LoadedConvention:
    """The convention locked, with all that is known of it."""
    return load(lock(convention))


def require(allowed: bool, message: str = "Votre rôle ne permet pas cette action.") -> None:
    """Raise PermissionDenied, which pages answer by 403, unless the policy allows."""
    if not allowed:
        raise PermissionDenied(message)


@contextmanager
def new_row() -> Iterator[None]:
    """Around an insert whose id came with a form: an id that is taken already is told to reload, whoever took it.

    Unique checks bypass row security; the answer must not be a crash that says that a row exists.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise Refused("Ce formulaire a déjà servi : rechargez la page.") from error
        raise


def keep(
    *,
    convention: Convention,
    kind: RecordedKind,
    day: date,
    by: Member,
    at: datetime,
    party_key: str = "",
    detail: Mapping[str, Any] | None = None,
    document: UUID | None = None,
    fact_id: UUID | None = None,
) -> Event:
    """Add a fact to the history, and to the journal. The same `fact_id`, made when the form was shown, keeps one fact."""
    known = already_kept(convention, fact_id, by)
    if known is not None:
        return known
    with new_row():
        row = Event.objects.create(
            id=own_id(fact_id, by) if fact_id else uuid7(),
            convention=convention,
            kind=kind,
            day=day,
            party_key=party_key,
            detail=dict(detail or {}),
            document_id=document,
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
    record(
        verb=f"convention.{kind}",
        object_type="convention",
        object_ref=convention.id,
        by=by.user,
        organisation=by.organisation,
    )
    return row


def already_kept(convention: Convention, fact_id: UUID | None, by: Member) -> Event | None:
    """The fact of a form sent twice, when its first sending was kept."""
    if fact_id is None:
        return None
    return Event.objects.filter(pk=own_id(fact_id, by), convention=convention).first()


def kept_from(token: str, known: LoadedConvention, by: Member) -> bool:
    """Whether a form's token, as posted, has already made a fact of this convention for this member."""
    try:
        wanted = own_id(UUID(token), by)
    except ValueError:
        return False
    return any(row.pk == wanted for row in known.recorded)


def own_id(token: UUID, by: Member) -> UUID:
    """The id of the row that this member's form makes: the token of a form that somebody else was shown makes another."""
    return bound_id(token, organisation=by.organisation, author=by.user)


def not_in_the_future(day: date, on: date, field: str) -> Fault | None:
    """A fact is recorded once it has happened."""
    if day <= on:
        return None
    return Fault("Cette date est dans l’avenir : notez le fait une fois qu’il a eu lieu.", field)


def not_too_early(
    known: LoadedConvention, kind: RecordedKind, day: date, on: date, field: str = "day"
) -> Fault | None:
    """A fact of the convention's life does not precede the convention."""
    keys = [party.key for party in known.base.parties]
    said = too_early(kind, day, keys, known.events, on)
    return Fault(said, field) if said else None
