"""`maillage audit verify` on a database that was never migrated: a message, not a traceback."""

import pytest
from django.db import connections, transaction

from maillage.cli import audit_verify
from maillage.cli.main import main


@pytest.mark.django_db(databases=["default", "owner"])
def test_an_empty_database_is_said_to_have_no_journal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit_verify, "connect_as_owner", lambda: None)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO pg_catalog")  # as where nothing was installed
        assert main(["audit", "verify"]) == 1
        transaction.set_rollback(True, using="owner")
    said = capsys.readouterr()
    assert "cette base est vide" in said.err
    assert said.out == ""
