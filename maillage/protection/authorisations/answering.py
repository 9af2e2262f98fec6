"""What each party that authorises answers, once; what the asker notes of a party that has nobody here; what is withdrawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from psycopg.errors import RestrictViolation, UniqueViolation

from maillage.conventions.lifecycle.queries import parties
from maillage.conventions.lifecycle.recording import day_of, own_id
from maillage.core.refusals import Refused, check
from maillage.documents.actions import Upload, store_upload
from maillage.organisations.member import Member
from maillage.protection.authorisations.asking import require_follower
from maillage.protection.authorisations.models import TransferAnswer, TransferRequest, TransferWithdrawal
from maillage.protection.authorisations.notifications import tell
from maillage.protection.authorisations.queries import Transfer, absent, transfers
from maillage.protection.authorisations.rules import State, answer_faults
from maillage.protection.authorisations.saying import tell_journal
from maillage.protection.breaches.saying import text_faults

ANSWERED: Final = "Une réponse est déjà notée, ou la demande ne court plus : rechargez la page."


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: granted or refused, its conditions or its reason, when, until when."""

    granted: bool
    words: str
    day: date | None
    until: date | None
    to_term: bool


def answerers(found: Transfer, by: Member) -> tuple[UUID, ...]:
    """For whom a member may note an answer: her own organisation; for the asker, each party that has nobody here."""
    if by.organisation in found.waits_for:
        return (by.organisation,)
    if found.row.organisation_id != by.organisation or not found.waits_for:
        return ()
    missing = absent(found.row.convention_id)
    return tuple(one for one in found.waits_for if one in missing)


@transaction.atomic
def answer(
    *, transfer: UUID, answer_id: UUID, body: UUID, said: Said, file: Upload | None, by: Member, at: datetime
) -> TransferAnswer:
    """Answer for one's own organisation, or note the signed paper of one that has nobody here; the asker is told.

    Raises TransferRequest.DoesNotExist, PermissionDenied, Refused at `words`, `day`, `until`, `document`, or none when it is answered.
    """
    require_follower(by)
    new = own_id(answer_id, by)
    if (kept := TransferAnswer.objects.filter(pk=new, request=transfer).first()) is not None:
        return kept
    found = reached(transfer, at)
    row = found.row
    if body not in found.waits_for:
        raise Refused(ANSWERED)
    if body not in answerers(found, by):
        raise PermissionDenied("Cette partie répond elle-même.")
    day = _checked(said, found, has_document=file is not None, by=by)
    if body != by.organisation and file is None:
        raise Refused("Joignez l’écrit de cette partie.", "document")
    document = None
    if file is not None:
        readers = [one.organisation for one in parties([row.convention_id])[row.convention_id] if one.signs]
        document = store_upload(file=file, organisation=by.organisation, readers=readers, by=by, at=at)
    with _while_it_runs():
        made = TransferAnswer(
            id=new,
            request=row,
            convention_id=row.convention_id,
            organisation_id=body,
            granted=said.granted,
            words=said.words.strip(),
            day=day,
            until=said.until if said.granted else None,
            to_term=said.to_term and said.granted,
            document=document,
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
        made.save(force_insert=True)
    tell_journal("grant" if said.granted else "refuse", row.pk, by)
    tell("transfer_answered", row.pk, [row.organisation_id], fact=body)
    return made


def _checked(said: Said, found: Transfer, *, has_document: bool, by: Member) -> date:
    """The day of an answer. Raises Refused at each field that says too little or too much."""
    row = found.row
    check(
        [
            *answer_faults(
                granted=said.granted,
                words=said.words,
                has_document=has_document,
                until=said.until,
                to_term=said.to_term,
                day=said.day,
                asked_on=day_of(row.convention, row.recorded_at),
                starts_on=row.starts_on,
                on=found.on,
            ),
            *text_faults({"words": said.words}, by=by, conventions=[row.convention_id]),
        ]
    )
    assert said.day is not None  # noqa: S101 - refused above
    return said.day


@transaction.atomic
def withdraw(*, transfer: UUID, words: str, by: Member, at: datetime) -> TransferWithdrawal:
    """End a request, or what was granted; the others are told. By who asked, or by who had granted it.

    Raises TransferRequest.DoesNotExist, PermissionDenied, Refused at `words`, or none when it no longer holds.
    """
    require_follower(by)
    found = reached(transfer, at)
    if not may_withdraw(found, by):
        if found.standing.state in (State.ASKED, State.GRANTED):
            raise PermissionDenied("Qui a demandé ou accordé retire.")
        raise Refused("Cette demande ne court plus : rien n’est à retirer.")
    row = found.row
    check(text_faults({"words": words}, by=by, conventions=[row.convention_id], needed=("words",)))
    made = TransferWithdrawal(
        request=row,
        convention_id=row.convention_id,
        words=words.strip(),
        recorded_at=at,
        recorded_by=by.user,
        recorded_for_id=by.organisation,
    )
    with _while_it_runs():
        made.save(force_insert=True)
    tell_journal("withdraw", row.pk, by)
    tell("transfer_withdrawn", row.pk, {row.organisation_id, *row.asked_of} - {by.organisation})
    return made


def may_withdraw(found: Transfer, by: Member) -> bool:
    """Whoever asked, while it is asked or holds; whoever granted it, as long."""
    if found.standing.state not in (State.ASKED, State.GRANTED):
        return False
    granted = {one.organisation_id for one in found.answers if one.granted}
    return by.organisation == found.row.organisation_id or by.organisation in granted


def reached(transfer: UUID, at: datetime) -> Transfer:
    """It, where it stands. Raises TransferRequest.DoesNotExist."""
    found = transfers(TransferRequest.objects.filter(pk=transfer).order_by("pk"), at)
    if not found:
        raise TransferRequest.DoesNotExist
    return found[0]


@contextmanager
def _while_it_runs() -> Iterator[None]:
    """Around an insert that somebody else may have overtaken: the database has locked the request, and says so to the second."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if isinstance(error.__cause__, (UniqueViolation, RestrictViolation)):
            raise Refused(ANSWERED) from error
        raise
