"""The background's part: a table read, tried or imported, from where it was left; each batch is one transaction. For the worker's role."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.core.moves import move
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.tables import Table, Unreadable
from maillage.core.spreadsheets.values import text_of
from maillage.core.statements import update
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member, enter
from maillage.rights.bulk.emptying import empty
from maillage.rights.bulk.keeping import (
    Described,
    Memory,
    description_of,
    encrypted_description,
    file_of,
    key_of,
    memory_of,
    part_of,
)
from maillage.rights.bulk.running import Batch, batches, begin_files, under_of
from maillage.rights.imported.states import TRANSITIONS, State
from maillage.rights.importing.columns import guessed
from maillage.rights.importing.lines import Under
from maillage.rights.models import ApplicationImport
from maillage.rights.policies import can_file

logger = logging.getLogger(__name__)
_PARIS: Final = ZoneInfo("Europe/Paris")
_NOT_HERS: Final = "La personne qui a déposé ce fichier ne prépare plus de dossiers de droits ici."
_NO_LINE: Final = "Ce tableau n’a aucune ligne sous ses titres."
_BROKEN: Final = (
    "Une erreur imprévue empêche de lire ce tableau ; l’exploitant de la plateforme la trouve dans ses messages. Rien n’est envoyé, "
    "et les dossiers déjà commencés restent dans votre liste. Essayez avec moins de lignes, ou prévenez-le."
)
_LONGEST_FAULT: Final = 400
_LONGEST_EXAMPLE: Final = 60
TRIES: Final = 10
"""How many times an unforeseen error is tried again, a minute apart, before its author is told."""


class Stopping(Exception):
    """The worker was asked to stop: the table is left between two batches, and goes on from there another time."""


class _Overtaken(Exception):
    """The table was abandoned, or its columns named again, meanwhile: this batch is undone."""


def waiting() -> list[tuple[UUID, UUID, UUID]]:
    """The tables to work on, the first brought first, each with its organisation and its author."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT import, organisation, person FROM rights_imports_waiting()")
        return list(cursor.fetchall())


def work(now: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False) -> int:
    """Work on every table that waits, to its end; how many were. One that fails is left for the next rounds, and logged; then refused.

    Once `stopping` says so, what is under way is left after its batch, and the rest as it is.
    """
    treated = 0
    for table, organisation, person in waiting():
        job = _Work(table, organisation, person, now, stopping)
        try:
            job.advance()
        except Stopping:
            break
        except Exception as error:  # noqa: BLE001 - one table must not keep the others waiting
            logger.error("Table %s failed: %s", table, type(error).__name__)  # noqa: TRY400 - a traceback may quote cells
            job.stumble()
        else:
            treated += 1
    return treated


def _first(table: Table) -> tuple[str, ...]:
    """The first line under the titles, by which her columns are recognised."""
    line = next(table.rows(), None)
    return tuple(text_of(cell)[:_LONGEST_EXAMPLE] for cell in line.cells) if line else ()


class _Work:
    """One table, in the name of its author: her right to prepare files is looked at again here."""

    def __init__(
        self,
        table: UUID,
        organisation: UUID,
        person: UUID,
        now: Callable[[], datetime],
        stopping: Callable[[], bool],
    ) -> None:
        self.table, self.organisation, self.person = table, organisation, person
        self.now, self.stopping = now, stopping

    @contextmanager
    def within(self) -> Iterator[None]:
        """A transaction in her name."""
        with transaction.atomic(), acting(organisation=self.organisation, user=self.person):
            yield

    def advance(self) -> None:
        """Read it, try it or import it. Raises Stopping between two batches, each committed whole."""
        at = self.now()
        with self.within():
            row = ApplicationImport.objects.get(id=self.table)
            key = key_of(row)
            memory = memory_of(self.organisation)
        try:
            member = self._member(at)
            table = self._table(row, key, memory)
            if row.state == State.UPLOADED:
                self._describe(row, key, table, memory)
                return
            with self.within():
                under = under_of(row, by=member, at=at)
            self._treat(row, key, table, memory, under)
        except (Unreadable, Refused) as error:
            self._end(row, "refuse", ended_at=self.now(), fault=str(error)[:_LONGEST_FAULT])
        except (_Overtaken, TransitionRefused):
            return

    def stumble(self) -> None:
        """Count an unforeseen error; after so many, the table is refused and its author told."""
        with self.within():
            row = ApplicationImport.objects.select_for_update().filter(id=self.table).first()
            if row is not None:
                update(row, {"stumbles": row.stumbles + 1})
        if row is not None and row.stumbles >= TRIES:
            self._end(row, "refuse", ended_at=self.now(), fault=_BROKEN)

    def _member(self, at: datetime) -> Member:
        """Her as she is today. Raises Refused where she no longer prepares files there."""
        with self.within():
            on = at.astimezone(_PARIS).date()
            found = enter(user=self.person, user_name="", wanted=self.organisation, on=on)
        if found is None or found.organisation != self.organisation or not can_file(found):
            raise Refused(_NOT_HERS)
        return found

    def _table(self, row: ApplicationImport, key: bytes, memory: Memory) -> Table:
        def known(titles: Sequence[str]) -> int:
            return len(guessed(titles, memory.titles).places)

        table = read_table(file_of(row, key=key), known=known)
        if not table.lines:
            raise Unreadable(_NO_LINE)
        return table

    def _describe(self, row: ApplicationImport, key: bytes, table: Table, memory: Memory) -> None:
        """Keep its titles, and which column each probably is."""
        with self.within():
            told = Described(description_of(row, key=key).name, table.told, table.header, _first(table))
            move(
                row,
                TRANSITIONS,
                "read",
                described=encrypted_description(told, key=key, table=row.id),
                places=dict(guessed(table.header, memory.titles).places),
                total=table.lines,
            )
            self._record("read", row)

    def _treat(self, row: ApplicationImport, key: bytes, table: Table, memory: Memory, under: Under) -> None:
        """Every batch that is not done yet; those that are only tell which lines they had."""
        for batch in batches(table, row, under, key=memory.key):
            if batch.first < row.done:
                continue
            if self.stopping():
                raise Stopping
            with self.within():
                self._keep(row, batch, key, under)
        self._end(row, "finish" if row.state == State.CONFIRMED else "rehearse")

    def _keep(self, row: ApplicationImport, batch: Batch, key: bytes, under: Under) -> None:
        new = batch.new(self.organisation)
        counts = {
            "done": batch.first + batch.size,
            "created": row.created + len(new),
            "known": row.known + len(batch.right_lines) - len(new),
            "wrong": row.wrong + len(batch.wrong),
        }
        same = ApplicationImport.objects.filter(id=row.id, state=row.state, done=row.done)
        if not same.update(**counts):
            raise _Overtaken
        if row.state == State.CONFIRMED:
            begin_files(row, new, on=under, at=self.now())
        if batch.wrong:
            part_of(row, batch.wrong, number=batch.first, key=key).save(force_insert=True)
        for name, value in counts.items():
            setattr(row, name, value)

    def _end(self, row: ApplicationImport, verb: str, **changes: object) -> None:
        """An imported table gives up its file, and all it holds where nothing is left to correct; a refused one all."""
        at = self.now()
        with suppress(TransitionRefused), self.within():
            if verb == "finish":
                changes = {"ended_at": at, "content": None}
            move(row, TRANSITIONS, verb, **changes)
            if verb == "refuse" or (verb == "finish" and not row.wrong):
                empty(row, at=at)
            self._record(verb, row)

    def _record(self, verb: str, row: ApplicationImport) -> None:
        numbers = f"{row.created} à commencer ou commencés, {row.known} déjà importés, {row.wrong} à corriger"
        record(
            verb=f"table.{verb}",
            object_type="application_import",
            object_ref=row.id,
            by=self.person,
            organisation=self.organisation,
            reason=numbers if verb in {"rehearse", "finish"} else "",
        )
