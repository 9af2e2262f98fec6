"""Data made by migrations that were written again since are named, not migrated halfway."""

from pathlib import Path

import pytest
from django.db import connections

from maillage.audit.migrations import __path__ as audit
from maillage.cli import serve
from maillage.core.applied import note, rewritten
from maillage.core.database.settings import DatabaseUrls


def forget_notes() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("COMMENT ON TABLE django_migrations IS NULL")


def test_data_of_the_same_migrations_go_on(fresh_database: DatabaseUrls) -> None:
    note("owner")
    assert rewritten() == []


def test_a_migration_written_again_is_named(
    fresh_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    note("owner")
    told = Path.read_bytes
    chain = Path(audit[0]) / "0002_chain.py"
    monkeypatch.setattr(Path, "read_bytes", lambda path: told(path) + (b"#" if path == chain else b""))
    assert rewritten() == ["audit.0002_chain"]
    assert serve.prepare() == 1
    assert "audit.0002_chain" in (err := capsys.readouterr().err)
    assert "make reset" in err


def test_data_from_before_texts_were_noted_are_not_trusted(fresh_database: DatabaseUrls) -> None:
    forget_notes()
    assert "conventions.0001_initial" in rewritten()
