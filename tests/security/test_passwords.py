"""The hash of a password is read by whoever signs people in, and by nobody else."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors, sql

from maillage.core.database.settings import DatabaseUrls
from tests.security.conftest import Spoiler

pytestmark = [pytest.mark.security, pytest.mark.django_db]

READS = (
    "SELECT password FROM organisations_user",
    "SELECT * FROM organisations_user",
    "SELECT u FROM organisations_user u",
    "SELECT to_jsonb(u) FROM organisations_user u",
    "SELECT 1 FROM organisations_user WHERE password LIKE 'argon2%'",
    "SELECT 1 FROM organisations_user ORDER BY password",
    "COPY organisations_user TO STDOUT",
    "UPDATE organisations_user SET is_active = is_active RETURNING password",
)
OWN = "SELECT id FROM organisations_user WHERE email = 'social@ccas.example.org'"


def readable(address: str) -> list[str]:
    """The statements that show a hash to this role."""
    return list(_readable(address))


def _readable(address: str) -> Iterator[str]:
    for statement in READS:
        with psycopg.connect(address) as connection, connection.cursor() as cursor:
            try:
                if statement.startswith("COPY"):
                    with cursor.copy(statement.encode()) as rows:
                        list(rows)
                else:
                    cursor.execute(statement.encode())
            except errors.InsufficientPrivilege:
                continue
            yield statement


@pytest.mark.parametrize("role", ["worker", "statistics"])
def test_neither_jobs_nor_statistics_read_a_hash(addresses: DatabaseUrls, role: str) -> None:
    assert readable(getattr(addresses, role)) == []


def test_jobs_read_the_rest_of_an_account(addresses: DatabaseUrls) -> None:
    with psycopg.connect(addresses.worker) as worker:
        row = worker.execute(
            "SELECT count(id), count(email), count(full_name), count(is_active) FROM organisations_user"
        )
        assert min(row.fetchone() or (0,)) > 5


@pytest.mark.parametrize("columns", ["", " (password)"])
def test_the_detector_turns_red_when_the_right_comes_back(spoiled: Spoiler, columns: str) -> None:
    opened = spoiled(f"GRANT SELECT{columns} ON organisations_user TO maillage_worker")
    assert "SELECT password FROM organisations_user" in readable(opened.worker)


def test_the_web_reads_a_hash_to_sign_someone_in_and_changes_no_other_s(addresses: DatabaseUrls) -> None:
    with psycopg.connect(addresses.app) as app:
        hashes = app.execute("SELECT count(password) FROM organisations_user").fetchone()
        assert hashes is not None
        assert hashes[0] > 5
        (own,) = app.execute(OWN).fetchone() or (None,)
        app.execute("SELECT set_config('maillage.user', %s, true)", [str(own)])
        changed = app.execute("UPDATE organisations_user SET password = 'x' RETURNING id").fetchall()
        assert changed == [(own,)]
        app.rollback()


@pytest.mark.parametrize("column", ["id", "email", "full_name", "is_active"])
def test_the_web_changes_nothing_else_of_an_account(addresses: DatabaseUrls, column: str) -> None:
    with psycopg.connect(addresses.app) as app, pytest.raises(errors.InsufficientPrivilege):
        app.execute(sql.SQL("UPDATE organisations_user SET {c} = {c}").format(c=sql.Identifier(column)))
