"""Imports as acts: a file deposited, rehearsed in the background, confirmed, applied; each step resumes where it was left."""

import logging
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from io import BytesIO
from typing import Final
from uuid import UUID

from django.db import ProgrammingError, connection, transaction
from django.db.models import Max, QuerySet
from psycopg.errors import InsufficientPrivilege

from maillage.audit.actions import record
from maillage.core.moves import move
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.core.spreadsheets.tables import Unreadable
from maillage.core.states import TransitionRefused
from maillage.organisations.directory.imports.running import Prepared, Progress, prepare, run
from maillage.organisations.directory.models import DirectoryImport, ImportPart
from maillage.organisations.directory.policies import can_manage_directory
from maillage.organisations.directory.states import TRANSITIONS, State
from maillage.organisations.member import Member

logger = logging.getLogger(__name__)
LARGEST: Final = 40_000_000  # bytes: 200 000 lines and more; what one request may bring at all
REHEARSAL, APPLICATION = "rehearsal", "application"
_NOT_YOURS: Final = "Votre rôle ne permet pas d’importer dans l’annuaire."


class Stopping(Exception):
    """The worker was asked to stop: the import is left between two batches, and goes on from there another time."""


def to_confirm(member: Member) -> list[tuple[UUID, str]]:
    """The imports of the member's organisation whose rehearsal waits for a word, the first first: id and name of the file."""
    rows = DirectoryImport.objects.filter(organisation=member.organisation, state=State.REHEARSED)
    return list(rows.order_by("uploaded_at", "id").values_list("id", "file_name"))


def visible_to(member: Member) -> QuerySet[DirectoryImport]:
    """The imports of the member's organisation, the last one first; the file itself is not read."""
    return (
        DirectoryImport.objects.filter(organisation=member.organisation)
        .defer("content")
        .order_by("-uploaded_at", "-id")
    )


def apply_file(*, prepared: Prepared, write: bool, keep: Callable[[Progress], bool], using: str) -> None:
    """The operator's import, who runs as the owner with nobody signed in; a dry run writes nothing, not even here."""
    if write:
        with transaction.atomic(using=using):
            record(verb="directory.import", object_type="directory", by=None, organisation=None, using=using)
    run(prepared, write=write, within=lambda: transaction.atomic(using=using), keep=keep, using=using)


@transaction.atomic
def deposit(*, new_id: UUID, file_name: str, content: bytes, by: Member, at: datetime) -> DirectoryImport:
    """Keep a file to be rehearsed in the background; the same form sent twice keeps one. Raises Refused at `file`."""
    if not can_manage_directory(by):
        raise Refused(_NOT_YOURS)
    if not content:
        raise Refused("Ce fichier est vide.", "file")
    if len(content) > LARGEST:
        raise Refused("Ce fichier dépasse 40 Mo : coupez-le en plusieurs.", "file")
    kept = DirectoryImport.objects.filter(pk=new_id).first()
    if kept is not None:
        return kept
    row = DirectoryImport.objects.create(
        id=new_id,
        organisation_id=by.organisation,
        by_id=by.user,
        file_name=file_name[:200] or "annuaire.csv",
        content=zlib.compress(content, 6),
        uploaded_at=at,
    )
    _record("directory.deposit", row, by)
    return row


@transaction.atomic
def confirm(*, row: DirectoryImport, by: Member, at: datetime) -> None:
    """Apply what was rehearsed, in the background. Raises Refused when it is too late."""
    _step(row, "confirm", by, confirmed_at=at, done=0)


@transaction.atomic
def abandon(*, row: DirectoryImport, by: Member, at: datetime) -> None:
    """Leave a file without applying it. Raises Refused when it is too late."""
    _step(row, "abandon", by, ended_at=at)


def _step(row: DirectoryImport, verb: str, by: Member, **changes: object) -> None:
    if not can_manage_directory(by):
        raise Refused(_NOT_YOURS)
    try:
        move(row, TRANSITIONS, verb, **changes)
    except TransitionRefused as error:
        raise Refused(str(error)) from error
    _record(f"directory.{verb}", row, by)


def _record(verb: str, row: DirectoryImport, by: Member) -> None:
    record(
        verb=verb, object_type="directory_import", object_ref=row.pk, by=by.user, organisation=by.organisation
    )


def waiting() -> list[tuple[UUID, UUID, UUID]]:
    """The imports to work on, each with the organisation and the person in whose name; the worker's role only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT import, organisation, person FROM organisations_imports_waiting()")
        return list(cursor.fetchall())


def work(now: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False) -> int:
    """Work on every import that waits, to its end; how many were. One that fails is left for the next round, and logged.

    Once `stopping` says so, what is under way is left after its batch, and the rest as it is.
    """
    treated = 0
    for identifier, organisation, person in waiting():
        try:
            advance(identifier, organisation=organisation, person=person, now=now, stopping=stopping)
        except Stopping:
            break
        except Exception as error:  # noqa: BLE001 - one file must not keep the others waiting
            logger.error("Import %s failed: %s", identifier, type(error).__name__)  # noqa: TRY400 - a traceback may quote cells
        else:
            treated += 1
    return treated


def advance(
    identifier: UUID,
    *,
    organisation: UUID,
    person: UUID,
    now: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Rehearse or apply one import from where it was left. Whoever deposited it must still keep the directory: the database asks.

    Raises Stopping between two batches, each committed whole.
    """

    @contextmanager
    def within() -> Iterator[None]:
        with transaction.atomic(), acting(organisation=organisation, user=person):
            yield

    @contextmanager
    def unless_stopping() -> Iterator[None]:
        if stopping():
            raise Stopping
        with within():
            yield

    with within():
        row = DirectoryImport.objects.get(pk=identifier)
    writes = row.state == State.CONFIRMED
    stage = APPLICATION if writes else REHEARSAL
    try:
        _treat(row, stage, writes, unless_stopping)
    except Unreadable as error:
        _end(row, "refuse", within, now(), fault=str(error))
    except ProgrammingError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        _end(
            row,
            "refuse",
            within,
            now(),
            fault="La personne qui a déposé ce fichier ne tient plus l’annuaire.",
        )
    else:
        _end(row, "apply" if writes else "rehearse", within, now())


def _treat(
    row: DirectoryImport, stage: str, writes: bool, within: Callable[[], AbstractContextManager[None]]
) -> None:
    content = zlib.decompress(bytes(row.content))
    prepared = prepare(lambda: BytesIO(content))
    with within():
        last = ImportPart.objects.filter(of=row, stage=stage).aggregate(last=Max("number"))["last"] or 0
        told = {"layout": prepared.layout.told, "ignored": list(prepared.layout.headings.ignored)}
        before = dict(getattr(row, stage))
        DirectoryImport.objects.filter(pk=row.pk).update(
            total=prepared.survey.total, **{stage: {**before, **told}}
        )
    counts: Counter[str] = Counter(before.get("counts", {}))

    def keep(progress: Progress) -> bool:
        counts.update(progress.counts)
        ImportPart.objects.create(
            organisation_id=row.organisation_id,
            of=row,
            stage=stage,
            number=progress.number,
            outcomes=[one.as_list() for one in progress.outcomes],
        )
        return bool(
            DirectoryImport.objects.filter(pk=row.pk, state=row.state).update(
                done=progress.done, **{stage: {**told, "counts": dict(counts)}}
            )
        )

    run(prepared, write=writes, within=within, keep=keep, after=last)


def _end(
    row: DirectoryImport,
    verb: str,
    within: Callable[[], AbstractContextManager[None]],
    at: datetime,
    **changes: object,
) -> None:
    with within():
        try:
            move(row, TRANSITIONS, verb, **({} if verb == "rehearse" else {"ended_at": at}), **changes)
        except TransitionRefused:  # abandoned while it was rehearsed
            return
        record(
            verb=f"directory.{verb}",
            object_type="directory_import",
            object_ref=row.pk,
            by=row.by_id,
            organisation=row.organisation_id,
        )


def outcomes_of(row: DirectoryImport, stage: str) -> Iterator[list[object]]:
    """The kept lines of a stage, in the order of the file, some hundreds at a time in memory."""
    numbers = (
        ImportPart.objects.filter(of=row, stage=stage).order_by("number").values_list("number", flat=True)
    )
    for number in list(numbers):
        yield from ImportPart.objects.get(of=row, stage=stage, number=number).outcomes
