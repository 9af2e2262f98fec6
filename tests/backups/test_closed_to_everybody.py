"""Until a restore has ended the web answers nobody, the jobs do not start, and the embedded server opens nothing again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client

from maillage.cli.serve import prepare
from maillage.core import checks
from maillage.core.database import closing, embedded
from maillage.core.database.roles import APP
from maillage.core.database.settings import DatabaseUrls
from tests.backups.drill import Place, usual_place
from tests.conftest import ALIASES
from tests.embedded import project

__all__ = ["project"]  # the fixture of these tests

pytestmark = pytest.mark.security


@pytest.fixture
def closed(fresh_database: DatabaseUrls) -> Iterator[Place]:
    """A database into which a restore began."""
    place = usual_place(fresh_database)
    with connections["owner"].cursor() as cursor:
        closing.close(cursor, place.database, backup="maillage-essai")
    for alias in ALIASES:
        connections[alias].close()
    yield place
    connection.close()


def test_production_does_not_start(closed: Place, settings: Any) -> None:
    settings.REFUSE_UNSAFE_START = True
    with pytest.raises(checks.UnsafeStart, match="relancez « maillage restore »"):
        checks.refuse_unsafe_start()


def test_the_jobs_do_not_start(closed: Place) -> None:
    usual = connections.settings["default"].copy()
    try:
        with pytest.raises(CommandError, match="relancez « maillage restore »"):
            call_command("run_worker", once=True)
    finally:
        connections.settings["default"].clear()
        connections.settings["default"].update(usual)


def test_no_backup_is_made(closed: Place, tmp_path: Path) -> None:
    code, said, complained = closed.run("backup", str(tmp_path / "backups"))
    assert (code, said, "Cette base est fermée" in complained) == (1, "", True)
    assert not (tmp_path / "backups").exists()


def test_a_demonstration_does_not_start(
    closed: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.setup", lambda: None)
    monkeypatch.setattr("gc.disable", lambda: None)
    assert prepare() == 1
    assert "la base est fermée" in capsys.readouterr().err


def test_a_web_server_that_runs_answers_nobody(closed: Place) -> None:
    browser = Client(raise_request_exception=False)
    for address in ("/", "/connexion/"):
        answer = browser.get(address)
        assert (answer.status_code, closed.database in answer.content.decode()) == (500, False)
    with connections["owner"].cursor() as cursor:
        closing.reopen(cursor, closed.database)
    assert browser.get("/connexion/").status_code == 200


def test_the_embedded_server_gives_no_right_back_when_it_starts(project: Path) -> None:
    environ = {"MAILLAGE_VAR": str(project / "var")}
    server = embedded.ensure_running(environ)
    assert server is not None
    try:
        with server.connect() as superuser:
            cursor = superuser.cursor()
            closing.close(cursor, "maillage", backup="maillage-essai")
        server.release()
        server.acquire()
        server.release()
        again = embedded.ensure_running(environ)
        assert again is not None
        with again.connect() as superuser:
            may = superuser.execute(
                "SELECT has_database_privilege(%s, 'maillage', 'CONNECT')", [APP]
            ).fetchone()
            assert may == (False,)
            closing.reopen(superuser.cursor(), "maillage")
            may = superuser.execute(
                "SELECT has_database_privilege(%s, 'maillage', 'CONNECT')", [APP]
            ).fetchone()
            assert may == (True,)
        again.release()
    finally:
        server.stop()
