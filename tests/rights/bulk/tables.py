"""A partner's table as CSV, brought by the worker of the PASS and taken through its steps."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from maillage.core.calendar import french
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.rights.bulk import acting
from maillage.rights.bulk.keeping import Described, Wrong
from maillage.rights.bulk.working import work
from maillage.rights.content import Content, content_from_bytes
from maillage.rights.models import ApplicationImport, Preparation
from maillage.rights.preparing import preparation_place
from maillage.vault.actions import vault
from tests.conventions.people import worker_process
from tests.days import today
from tests.referrals.world import member
from tests.rights.world import PASS, Signed

TITLES = ("Nom", "Prénom", "Né(e) le", "Droit", "Date de dépôt", "Tél", "Commentaire")


def lines(count: int, *, right: str = "C2S", first: int = 0) -> list[list[str]]:
    """So many lines that are right, each of somebody else."""
    day = french(today() - timedelta(days=2))
    return [
        [f"Palissandre {number}", "Eudoxie", "05/03/1991", right, day, f"06 00 00 {number // 100:02} {number % 100:02}", "vue lundi"]
        for number in range(first, first + count)
    ]  # fmt: skip


def csv(rows: Sequence[Sequence[str]], titles: Sequence[str] = TITLES) -> bytes:
    """As a French spreadsheet writes it."""
    return "\r\n".join(";".join(row) for row in (titles, *rows)).encode("cp1252")


def bring(signed: Signed, content: bytes, *, address: str = PASS, at: datetime | None = None) -> UUID:
    """The table, left to be read."""
    with member(address) as worker:
        row = acting.bring(
            new_id=uuid7(),
            file_name="dossiers.csv",
            content=content,
            authorisation=signed.authorisation().id,
            by=worker,
            at=at or now(),
        )
    return row.id


def worked(stopping: Callable[[], bool] = lambda: False) -> int:
    """The background's round, under its own role."""
    with worker_process():
        return work(now, stopping)


def row_of(table: UUID) -> ApplicationImport:
    """As its author's organisation sees it."""
    with member(PASS) as worker:
        return acting.within_reach(worker).defer(None).get(id=table)


def name(table: UUID, *, right: str = "", **fields: str) -> None:
    """Accept the columns that were proposed, but those said here (`column_3="nir"`)."""
    with member(PASS) as worker:
        row = acting.within_reach(worker).get(id=table)
        named = {place: field for field, place in row.places.items()}
        named |= {int(column.removeprefix("column_")): field for column, field in fields.items()}
        acting.name_columns(row=row, fields=named, right=right, by=worker)


def tried(signed: Signed, content: bytes, *, right: str = "") -> UUID:
    """Brought, read, its columns named, tried."""
    table = bring(signed, content)
    worked()
    name(table, right=right)
    worked()
    return table


def confirm(table: UUID) -> None:
    with member(PASS) as worker:
        acting.confirm(row=acting.within_reach(worker).get(id=table), by=worker, at=now())


def imported(signed: Signed, content: bytes, *, right: str = "") -> UUID:
    """The same, confirmed and imported."""
    table = tried(signed, content, right=right)
    confirm(table)
    worked()
    return table


def numbers(table: UUID) -> tuple[str, int, int, int]:
    """Its state; how many begun (or to begin), known, wrong."""
    row = row_of(table)
    return row.state, row.created, row.known, row.wrong


def wrong(table: UUID) -> list[Wrong]:
    with member(PASS) as worker:
        return list(acting.wrong_of(acting.within_reach(worker).get(id=table), by=worker))


def described(table: UUID) -> Described:
    with member(PASS) as worker:
        return acting.described(acting.within_reach(worker).get(id=table), by=worker)


def begun() -> dict[int, Content]:
    """What is being prepared at the hospital, by line of its table."""
    with member(PASS) as worker:
        rows = Preparation.objects.filter(organisation=worker.organisation).order_by("line")
        return {
            row.line or 0: content_from_bytes(
                vault().open_for_self(bytes(row.sealed), at=preparation_place(row.id))
            )
            for row in rows
        }
