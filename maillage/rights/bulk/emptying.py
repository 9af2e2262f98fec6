"""A table destroyed: its key, its file and its wrong lines go, the numbers stay. By its author, at its end, or when its days are over."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.core.moves import move
from maillage.core.row_security import acting
from maillage.core.states import TransitionRefused
from maillage.rights.imported.states import ENDS, TRANSITIONS, State
from maillage.rights.models import ApplicationImport, ApplicationImportPart
from maillage.rights.rules import FURTHEST_BACK

PAGE: Final = 200
NOT_IN_TIME: Final = "L’import n’a pas pu se terminer à temps : déposez le fichier à nouveau, les lignes déjà importées seront reconnues."
REMEMBERED: Final = FURTHEST_BACK + timedelta(days=30)
"""A digest outlives by a month the day on which its line is too old to be imported."""


def empty(row: ApplicationImport, *, at: datetime) -> None:
    """Destroy what an ended table still holds; in a transaction."""
    ApplicationImportPart.objects.filter(of=row).delete()
    gone = {"sealed": None, "content": None, "described": None, "emptied_at": at}
    ApplicationImport.objects.filter(id=row.id, emptied_at__isnull=True).update(**gone)
    for name, value in gone.items():
        setattr(row, name, value)


def empty_old(*, at: datetime, days: int) -> int:
    """Destroy the tables brought more than so many days ago, and forget the digests of a year ago. Returns how many tables.

    One transaction each: a stop loses nothing. For the worker's role.
    """
    found = 0
    while rows := _kept(at - timedelta(days=days)):
        done = sum(_empty(row, organisation, at) for row, organisation in rows)
        found += done
        if not done:
            break
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT rights_forget_lines(%s)", [(at - REMEMBERED).date()])
    return found


def _kept(before: datetime) -> list[tuple[UUID, UUID]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT import, organisation FROM rights_imports_kept(%s, %s)", [before, PAGE])
        return list(cursor.fetchall())


def _empty(table: UUID, organisation: UUID, at: datetime) -> bool:
    with transaction.atomic(), acting(organisation=organisation):
        row = ApplicationImport.objects.select_for_update().filter(id=table, emptied_at__isnull=True).first()
        if row is None:
            return False
        try:
            if row.state == State.CONFIRMED:
                move(row, TRANSITIONS, "refuse", ended_at=at, fault=NOT_IN_TIME)
            elif row.state not in ENDS:
                move(row, TRANSITIONS, "abandon", ended_at=at)
        except TransitionRefused:
            return False
        empty(row, at=at)
        record(
            verb="table.expire",
            object_type="application_import",
            object_ref=table,
            by=None,
            organisation=organisation,
            reason="daily round",
        )
    return True
