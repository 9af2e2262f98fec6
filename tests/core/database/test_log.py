"""PostgreSQL's own log never holds what a person typed."""

from collections.abc import Iterator

import psycopg
import pytest

from maillage.core.database.server import Server
from maillage.core.database.settings import embedded_urls

NIR = "185097512345678"
FAILURES = {
    "a syntax error": "SELEC 'NIR'",
    "a value that does not parse": "SELECT 'xNIR'::integer",
    "a duplicate": "INSERT INTO people VALUES ('NIR'), ('NIR')",
    "a broken check": "INSERT INTO people VALUES ('NIR0')",
    "an unknown column": 'SELECT "NIR" FROM people',
    "an error raised by a function": "DO $$ BEGIN RAISE EXCEPTION 'refused NIR'; END $$",
    "a warning raised by a function": "DO $$ BEGIN RAISE WARNING 'odd NIR'; END $$",
}


@pytest.fixture
def owner(server: Server) -> Iterator[psycopg.Connection]:
    with psycopg.connect(embedded_urls(server.place, "maillage").owner, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS people (nir text PRIMARY KEY CHECK (length(nir) = 15))"
        )
        yield connection


@pytest.mark.security
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failing_statement_leaves_no_literal_in_the_log(
    server: Server, owner: psycopg.Connection, failure: str
) -> None:
    attempt(owner, failure)
    assert NIR not in server.place.log.read_text()


@pytest.mark.security
def test_a_failing_parameter_leaves_no_value_in_the_log(server: Server, owner: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        owner.execute("SELECT CAST(%s::text AS integer)", [f"x{NIR}"])
    assert NIR not in server.place.log.read_text()


@pytest.mark.security
def test_the_same_failures_are_seen_once_the_log_is_not_silenced(
    server: Server, owner: psycopg.Connection
) -> None:
    """The control: without our settings, the detector of the tests above finds the number."""
    before = server.place.log.stat().st_size
    with server.connect("maillage") as superuser:
        superuser.execute("SET log_min_messages = warning")
        superuser.execute("SET log_min_error_statement = error")
        attempt(superuser, "a duplicate")
    with server.place.log.open() as log:
        log.seek(before)
        assert NIR in log.read()
    with server.place.log.open("r+") as log:
        log.truncate(before)


def attempt(connection: psycopg.Connection, failure: str) -> None:
    try:
        connection.execute(FAILURES[failure].replace("NIR", NIR).encode())
    except psycopg.Error:
        connection.rollback()
