"""The directory: searching among 50 000 organisations, and importing 50 000 lines in a process of its own."""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import connections
from django.test import Client
from stdnum import luhn

from benchmarks.database import Bench
from benchmarks.measure import Line, cpu, replay, statements_of
from maillage.core.row_security import acting
from maillage.organisations.models import Organisation, User
from maillage.organisations.territories import Commune, departements, search

COUNT, SMALL = 50_000, 10_000
READER = "social@ccas.example.org"
KINDS = ("CCAS", "Association", "Hôpital", "Mission locale", "France services")
SEARCHES = {
    "toutes": "/annuaire/",
    "par mots": "/annuaire/?texte=structure+montb",
    "par commune et nature": "/annuaire/?commune=42147&nature=association",
}


def _siret(number: int) -> str:
    siren = f"{10_000_000 + number // 10_000:08d}"
    siren += luhn.calc_check_digit(siren)
    body = f"{siren}{number % 10_000:04d}"
    return body + luhn.calc_check_digit(body)


def _places() -> list[Commune]:
    """Communes of every département in which an organisation may be."""
    letters = "abcdefghijlmnopqrstuv"
    return [
        one
        for letter in letters
        for one in search(letter, most=1_000)
        if one.postal_codes
        and not one.parent
        and one.departement in departements()
        and one.departement < "976"
    ]


def write_file(path: Path, count: int) -> None:
    """So many organisations that do not exist, in Windows-1252, with semicolons."""
    places = _places()
    with path.open("w", encoding="cp1252", errors="replace", newline="") as to:
        writer = csv.writer(to, delimiter=";")
        writer.writerow(
            [
                "Nature",
                "Raison sociale",
                "SIRET",
                "Adresse",
                "Code postal",
                "Ville",
                "Département",
                "Courriel",
            ]
        )
        for n in range(count):
            place = places[n % len(places)]
            writer.writerow(
                [KINDS[n % 5], f"Structure {n} de {place.name}", _siret(n), f"{n % 200} rue de l’Exemple",
                 place.postal_codes[0], place.name, place.departement, f"contact{n}@example.org"]
            )  # fmt: skip


_IMPORT = """
import json, resource, sys
from pathlib import Path
import django; django.setup()
from benchmarks.database import Bench
from maillage.organisations.directory.imports.running import prepare
from maillage.organisations.directory.imports.working import apply_file
from tests.bounded import peak
Bench().point_at(sys.argv[2])
path, counts = Path(sys.argv[1]), {}
def keep(progress):
    for verb, number in progress.counts.items():
        counts[verb] = counts.get(verb, 0) + number
    return True
apply_file(prepared=prepare(lambda: path.open("rb")), write=sys.argv[3] == "write", keep=keep, using="owner")
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"memory": peak() / 1024, "cpu": used.ru_utime + used.ru_stime, "counts": counts}))
"""


def _import(path: Path, database: str, mode: str) -> tuple[float, dict[str, Any]]:
    """Seconds, and what another process tells: mebibytes, its CPU seconds, what became of the lines."""
    began = time.perf_counter()
    answer = subprocess.run(
        [sys.executable, "-c", _IMPORT, str(path), database, mode],
        env=os.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return time.perf_counter() - began, json.loads(answer.stdout.splitlines()[-1])


def lines(bench: Bench) -> Iterator[Line]:
    """The import, its repetition, then the searches over what it brought."""
    from maillage.demo.directory import load_directory  # noqa: PLC0415 - after Django

    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "annuaire.csv"
        write_file(path, COUNT)
        bench.drop("directory")
        bench.database("directory")
        load_directory()
        for name, mode, verb in (
            ("essai", "rehearse", "created"),
            ("import", "write", "created"),
            ("import répété", "write", "unchanged"),
        ):
            seconds, told = _import(path, "directory", mode)
            assert told["counts"] == {verb: COUNT}, told
            detail = (
                f"{told['cpu']:.1f} s de CPU hors PostgreSQL, charge de la machine {os.getloadavg()[0]:.1f}"
            )
            yield Line(f"annuaire, {name} de {COUNT} lignes : secondes", seconds, 60.0, "below", detail)
            yield Line(f"annuaire, {name} : mémoire, Mio", told["memory"], 300.0, "below")
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE organisations_organisation")
    bench.point_at("directory")
    for name, url in SEARCHES.items():
        yield from _search(bench, name, url)


def _search(bench: Bench, name: str, url: str) -> Iterator[Line]:
    get = _page(url)
    get()
    statements = statements_of(get)
    page, raw = cpu(get, runs=25), cpu(replay(bench.urls("directory").app, statements), runs=25)
    said = f"annuaire de {COUNT}, {name}"
    detail = f"{page * 1000:.1f} ms de CPU contre {raw * 1000:.2f} ms"
    yield Line(f"{said} : requêtes", float(len(statements)), 8.0, "below")
    yield Line(f"{said} : CPU / psycopg nu", page / raw, 60.0, "below", detail)
    yield Line(f"{said} : parcours entiers de la table", float(_scans(statements)), 0.0, "below")


def _page(url: str) -> Callable[[], None]:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(email=READER))

    def get() -> None:
        answer = client.get(url)
        assert answer.status_code == 200, answer.status_code
        assert b"<tbody" in answer.content, "la page ne montre pas la liste attendue"

    return get


def _scans(statements: list[str]) -> int:
    """How many statements read the whole table, as the web's role plans them."""
    from django.db import connection, transaction  # noqa: PLC0415 - after Django

    listed = [one for one in statements if "organisations_organisation" in one and one.startswith("SELECT")]
    found = 0
    with transaction.atomic(), acting(organisation=Organisation.objects.get(short_name="CCAS").id):
        for statement in listed:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN " + statement.replace("%", "%%"), [])
                found += any("Seq Scan on organisations_organisation" in row[0] for row in cursor.fetchall())
    return found
