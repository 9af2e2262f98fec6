"""A partner's table of 50 000 applications, as CSV, XLSX and ODS, tried then imported by a process of its own, as the worker."""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, connections, transaction
from xlsxwriter import Workbook

from benchmarks.database import Bench
from benchmarks.measure import Line
from maillage.core.calendar import french
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.organisations.member import Member, enter
from maillage.organisations.models import User
from maillage.rights.bulk import acting as tables
from maillage.rights.filing import authorisations
from tests.core.spreadsheets.files import ods, ods_row, ods_sheet
from tests.days import today

COUNT = 50_000
WORKER = "pass@hopital.example.org"
_TITLES = (
    "Référence", "Nom", "Prénom", "Né(e) le", "Droit", "Date de dépôt", "Portable", "Téléphone fixe", "Montant des ressources",
)  # fmt: skip
_DAYS, _AMOUNT = (3, 5), 8
_WORK = """
import json, os, resource, sys
from pathlib import Path
import django; django.setup()
from django.db import connection, connections
from benchmarks.database import Bench
from maillage.core.clock import now
from maillage.rights.bulk.working import work
from tests.bounded import peak
Bench().point_at(sys.argv[1])
connection.settings_dict.update(connections["worker"].settings_dict)
assert work(now) == 1
used = resource.getrusage(resource.RUSAGE_SELF)
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid()")
    spent = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
ticks = (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")
print(json.dumps({"memory": peak() / 1024, "cpu": used.ru_utime + used.ru_stime, "server": ticks}))
"""


def _rows(count: int, series: str) -> Iterator[tuple[str, ...]]:
    """So many applications of people who do not exist, as somebody types them; another series, other people."""
    day = french(today() - timedelta(days=3))
    for n in range(count):
        born = f"{n % 28 + 1:02}/{n % 12 + 1:02}/{1940 + n % 60}"
        phone = f"06 {n % 10**8:08}"
        yield (
            f"{series}-{n}",
            f"Exemple {series} {n}",
            "Personne",
            born,
            "C2S",
            day,
            phone,
            "",
            "1 234,50 €",
        )


def _as_csv(rows: Iterable[tuple[str, ...]]) -> bytes:
    return "\r\n".join(";".join(row) for row in (_TITLES, *rows)).encode("cp1252")


def _as_xlsx(rows: Iterable[tuple[str, ...]]) -> bytes:
    """Days and amounts as a spreadsheet holds them: numbers with a format."""
    data = io.BytesIO()
    with Workbook(data, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Dossiers")
        day, euros = (
            book.add_format({"num_format": "dd/mm/yyyy"}),
            book.add_format({"num_format": '#,##0.00 "€"'}),
        )
        sheet.write_row(0, 0, _TITLES)
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if place in _DAYS:
                    sheet.write_datetime(number, place, datetime.strptime(cell, "%d/%m/%Y"), day)  # noqa: DTZ007 - a day
                elif place == _AMOUNT:
                    sheet.write_number(number, place, 1234.5, euros)
                else:
                    sheet.write_string(number, place, cell)
    return data.getvalue()


def _as_ods(rows: Iterable[tuple[str, ...]]) -> bytes:
    return ods(ods_sheet("".join(ods_row(*row) for row in (_TITLES, *rows))))


WRITERS: Final = {"csv": _as_csv, "xlsx": _as_xlsx, "ods": _as_ods}


def _member() -> Member:
    user = User.objects.using("owner").get(email=WORKER)
    with transaction.atomic():
        member = enter(user=user.id, user_name=user.full_name, wanted=None, on=today())
    assert member is not None
    return member


def _bring(member: Member, content: bytes, kind: str) -> UUID:
    with transaction.atomic(), acting(organisation=member.organisation, user=member.user):
        under = authorisations(member)[0].id
        row = tables.bring(
            new_id=uuid7(), file_name=f"dossiers.{kind}", content=content, authorisation=under, by=member, at=now()
        )  # fmt: skip
    return row.id


def _worked(database: str) -> tuple[float, dict[str, Any]]:
    """Seconds, and what another process tells: mebibytes, its CPU seconds and its server's."""
    began = time.perf_counter()
    answer = subprocess.run(
        [sys.executable, "-c", _WORK, database], env=os.environ, capture_output=True, text=True, check=True
    )
    return time.perf_counter() - began, json.loads(answer.stdout.splitlines()[-1])


def _step(member: Member, table: UUID, step: str) -> None:
    with transaction.atomic(), acting(organisation=member.organisation, user=member.user):
        row = tables.within_reach(member).get(id=table)
        if step == "name":
            fields = {place: field for field, place in row.places.items()}
            tables.name_columns(row=row, fields=fields, right="", by=member)
        else:
            tables.confirm(row=row, by=member, at=now())


def _created(table: UUID) -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT created FROM rights_applicationimport WHERE id = %s", [table])
        return int(cursor.fetchone()[0])


def lines(bench: Bench, count: int = COUNT) -> Iterator[Line]:
    """The try and the import of each kind of table, then the import of the same lines once more, which makes nothing."""
    from maillage.demo.directory import load_directory  # noqa: PLC0415 - after Django
    from maillage.demo.rights import load_rights  # noqa: PLC0415 - the same

    bench.drop("imports")
    bench.database("imports")
    load_directory()
    load_rights()
    member = _member()
    connection.close()
    for kind, write in WRITERS.items():
        for name, news in ((kind, count), *((("csv, répété", 0),) if kind == "csv" else ())):
            table = _bring(member, write(_rows(count, kind)), kind)
            _worked("imports")
            _step(member, table, "name")
            yield from _measured(f"dossiers, essai de {count} lignes ({name})")
            assert _created(table) == news
            if news:
                _step(member, table, "confirm")
                yield from _measured(f"dossiers, import de {count} lignes ({name})")
                assert _created(table) == news


def _measured(name: str) -> Iterator[Line]:
    seconds, told = _worked("imports")
    detail = f"CPU {told['cpu']:.1f} s et PostgreSQL {told['server']:.1f} s, charge de la machine {os.getloadavg()[0]:.1f}"
    yield Line(f"{name} : secondes", seconds, 90.0, "below", detail)
    yield Line(f"{name} : mémoire, Mio", told["memory"], 300.0, "below")
