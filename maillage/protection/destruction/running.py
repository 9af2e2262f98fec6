"""The destruction itself, by the worker: ledger, key, then all that hung on it, batch after batch; killed, it goes on where it was."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.queries import parties
from maillage.conventions.lifecycle.recording import SYSTEM
from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.documents.actions import forget_files, store_made
from maillage.documents.erasing import remove_erased
from maillage.documents.formats.media import MediaType
from maillage.documents.sealing import ensure_seal
from maillage.organisations.member import Member
from maillage.protection.destruction.certificate import Certificate, drawn, ledger_digest
from maillage.protection.destruction.models import Destruction
from maillage.protection.destruction.notifications import tell
from maillage.protection.destruction.queries import Unsent, left, unsent
from maillage.protection.destruction.states import State
from maillage.vault.actions import vault
from maillage.vault.belonging import remembered, see_store
from maillage.vault.ledger import CONVENTION, Erased, ledger

logger = logging.getLogger(__name__)
BATCH: Final = 500
"""Cases of one transaction: what a kill undoes at most."""


class NotEmpty(Exception):
    """Something of what was to be destroyed still opens: no certificate says otherwise."""


def destroy_due(at: datetime) -> int:
    """All that is due at this instant; how many ended. One that fails is left for the next round, and logged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT destruction, body FROM protection_destructions_due(%s)", [at])
        waiting: list[tuple[UUID, UUID]] = cursor.fetchall()
    done = 0
    for destruction, organisation in waiting:
        try:
            ended = destroy(destruction, organisation, at)
        except Exception as error:  # noqa: BLE001 - one destruction must not keep the others from their days
            logger.error("Destruction %s failed: %s", destruction, type(error).__name__)  # noqa: TRY400 - a traceback may quote values
        else:
            done += ended
    return done


def destroy(destruction: UUID, organisation: UUID, at: datetime) -> bool:
    """One destruction from where it stands to its certificate; False where its day was moved since it was listed.

    Raises NotEmpty, WrongStore, RenderingFailed.
    """
    with transaction.atomic(), acting(organisation=organisation), connection.cursor() as cursor:
        cursor.execute("SELECT protection_begin(%s, %s)", [destruction, at])
        if cursor.fetchone() == (None,):
            return False
        row = Destruction.objects.select_related("convention", "organisation").get(pk=destruction)
    redo(organisation, row.convention_id)
    remove_erased(ledger())  # what a process that died left; a restore removes them itself
    with transaction.atomic(), acting(organisation=organisation):
        _certify(Destruction.objects.select_related("convention", "organisation").get(pk=destruction))
    return True


def redo(organisation: UUID, convention: UUID) -> None:
    """Destroy the key of a holder that the ledger says is erased, and empty what hung on it; done already, it does nothing.

    A restore calls it for each line of the ledger, before anybody may sign in.
    """
    store = vault().store
    if store.identity() is not None:
        see_store(store, remembered=remembered())
        store.destroy(organisation, convention)
    _until_nothing(lambda: _empty(organisation, convention))
    _until_nothing(lambda: _release(organisation, convention))


def redo_all(erased: Iterable[Erased]) -> int:
    """`redo` for each convention that the ledger says is erased; how many. The worker's role and the owner's only.

    A destruction that a restored database has not begun yet runs again, and has its certificate made again by the job. The worker
    leaves to the owner what no destruction speaks of.
    """
    holders = [(one.organisation, one.reference) for one in erased if one.scope == CONVENTION]
    for organisation, convention in holders:
        if organisation is not None and _resume(organisation, convention):
            redo(organisation, convention)
    return len(holders)


def left_to_the_owner(erased: Iterable[Erased]) -> int:
    """Of how many conventions the ledger says that they are erased for a holder, and no destruction here speaks: the worker empties
    nothing of these, their keys alone are gone. None for the owner."""
    holders = [(one.organisation, one.reference) for one in erased if one.scope == CONVENTION]
    return sum(
        organisation is not None and not _resume(organisation, convention)
        for organisation, convention in holders
    )


def _resume(organisation: UUID, convention: UUID) -> bool:
    with transaction.atomic(), acting(organisation=organisation), connection.cursor() as cursor:
        cursor.execute("SELECT protection_resume(%s, %s)", [organisation, convention])
        return bool(cursor.fetchone()[0])


def _until_nothing(step: Callable[[], int]) -> None:
    for _ in repeat(None):
        if not step():
            return


def _empty(organisation: UUID, convention: UUID) -> int:
    with transaction.atomic(), acting(organisation=organisation), connection.cursor() as cursor:
        cursor.execute("SELECT protection_empty(%s, %s, %s)", [organisation, convention, BATCH])
        return int(cursor.fetchone()[0])


def _release(organisation: UUID, convention: UUID) -> int:
    with transaction.atomic(), acting(organisation=organisation), connection.cursor() as cursor:
        cursor.execute(
            "SELECT document, is_erased FROM protection_release(%s, %s, %s)",
            [organisation, convention, BATCH],
        )
        found = cursor.fetchall()
        forget_files(document for document, is_erased in found if is_erased)
    return len(found)


def _certify(row: Destruction) -> None:
    """The certificate, once nothing opens; the parties of the convention read it. Raises NotEmpty."""
    if row.state != State.RUNNING:
        return
    still = left(row.organisation_id, row.convention_id)
    store = vault().store
    began = store.identity() is not None  # nothing was ever sealed where no store was begun
    if not still.is_nothing or (began and not store.is_destroyed(row.organisation_id, row.convention_id)):
        raise NotEmpty(str(row.pk))
    at = now()
    readers = [party.organisation for party in parties([row.convention_id])[row.convention_id] if party.signs]
    document = store_made(
        drawn(
            _said(row, still.cases, unsent(row.organisation_id), at),
            zone=_zone(row),
            pem=ensure_seal(Path(settings.SEAL), at),
        ),
        MediaType.PDF,
        name=f"certificat-destruction-{str(row.pk)[-8:]}.pdf",
        organisation=row.organisation_id,
        readers=readers,
        by=_platform(row),
        at=at,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT protection_finish(%s, %s)", [row.pk, document.pk])
    record(
        verb="destruction.done", object_type="destruction", object_ref=row.pk, by=None, organisation=row.organisation_id
    )  # fmt: skip
    tell("destruction_done", row.convention_id, readers, fact=row.pk)


def _said(row: Destruction, cases: int, begun: Unsent, at: datetime) -> Certificate:
    began = row.began_at or at
    return Certificate(
        destruction=str(row.pk),
        convention=str(row.convention_id),
        convention_title=row.convention.title,
        organisation=str(row.organisation_id),
        organisation_name=row.organisation.name,
        article=row.article,
        why=row.why,
        reason=row.reason,
        what=row.what,
        ended_on=row.ended_on.isoformat(),
        began_at=began.astimezone(UTC).isoformat(),
        finished_at=at.astimezone(UTC).isoformat(),
        cases=cases,
        documents=row.documents,
        drafts=begun.drafts,
        preparations=begun.preparations,
        tables=begun.tables,
        store=str(vault().store.identity() or ""),
        ledger=ledger_digest(str(row.organisation_id), str(row.convention_id)),
    )


def _zone(row: Destruction) -> ZoneInfo:
    return ZoneInfo(row.convention.time_zone)


def _platform(row: Destruction) -> Member:
    """Nobody signed in: the platform acts for the organisation whose data they were."""
    return Member(
        SYSTEM, "Maillage", row.organisation_id, row.organisation.name, row.organisation.kind, frozenset()
    )
