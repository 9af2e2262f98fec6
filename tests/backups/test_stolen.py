"""A stolen backup says nothing: neither its files, nor what is seen of the machine while it is made."""

import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import transaction

from maillage.cases.models import Authorisation
from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.core.row_security import acting
from maillage.organisations.models import Organisation
from tests.backups.drill import elsewhere, usual_place
from tests.backups.test_drill import saved
from tests.proof.canaries import Canary, needles, searched
from tests.proof.s10 import _dump, _send
from tests.security.worlds import build

pytestmark = pytest.mark.security
PLAIN = "Zqxtemoinenclair"


def test_no_canary_is_found_in_a_backup_and_a_plain_word_is_found_in_a_dump(
    fresh_database: DatabaseUrls, cluster: TestCluster, tmp_path: Path
) -> None:
    here, _ = build()
    with transaction.atomic(), acting(organisation=here.bodies["ccas"]):
        authorisation = Authorisation.objects.get(id=here.ids["authorisation"])
    for canary in map(Canary, range(3)):
        _send(canary, authorisation, here.worker)
    known = Organisation.objects.using("owner").order_by("id").first()
    assert known is not None
    Organisation.objects.using("owner").filter(pk=known.pk).update(address=PLAIN)
    folder = saved(usual_place(fresh_database), tmp_path / "backups")
    read, found = searched([folder])
    assert (read > 100_000, found) == (True, [])
    sought = needles(control=PLAIN)
    assert searched([folder], sought)[1] == []  # plain in the database, closed in the backup
    dump = _dump(fresh_database, cluster, tmp_path)
    assert searched([dump], sought)[1]
    copied = folder / "control"
    copied.write_bytes(dump.read_bytes())
    assert searched([folder], sought)[1]


def test_no_password_is_an_argument_and_no_key_is_told_to_a_child(
    fresh_database: DatabaseUrls, cluster: TestCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[list[str], dict[str, str]]] = []

    class Seen(subprocess.Popen[Any]):
        def __init__(self, command: Any, **options: Any) -> None:
            started.append(([str(word) for word in command], dict(options.get("env") or {})))
            super().__init__(command, **options)

    monkeypatch.setattr(subprocess, "Popen", Seen)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    folder = saved(usual_place(fresh_database), tmp_path / "backups")
    with elsewhere(cluster, tmp_path) as there:
        assert there.run("restore", str(folder))[0] == 0
    password = str(psycopg.conninfo.conninfo_to_dict(fresh_database.owner)["password"])
    ran = [(words, told) for words, told in started if told]
    assert {Path(words[0]).name for words, _ in ran} == {"pg_dump", "pg_restore"}
    for words, told in ran:
        assert password not in " ".join(words)
        assert told["PGPASSWORD"] == password
        assert not [name for name in told if name.startswith(("MAILLAGE", "DATABASE"))]
    assert not list(temporary.iterdir())
    assert not any(path.stat().st_mode & 0o077 for path in folder.rglob("*"))
