"""What each role may do, asked from PostgreSQL itself."""

import os
from pathlib import Path

import psycopg
import pytest
from psycopg import errors, sql

from maillage.core.database import roles
from maillage.core.database.server import Server
from maillage.core.database.settings import DatabaseUrls, embedded_urls, socket_url

GUIDE = Path(__file__).parents[3] / "docs" / "operations" / "postgresql.md"


@pytest.fixture
def addresses(server: Server) -> DatabaseUrls:
    return embedded_urls(server.place, roles.DATABASE)


def by_role(addresses: DatabaseUrls) -> dict[str, str]:
    return {
        roles.OWNER: addresses.owner,
        roles.APP: addresses.app,
        roles.WORKER: addresses.worker,
        roles.STATISTICS: addresses.statistics,
    }


@pytest.mark.parametrize("role", roles.ROLES)
def test_each_role_logs_in_as_itself_with_its_own_password(addresses: DatabaseUrls, role: str) -> None:
    with psycopg.connect(by_role(addresses)[role]) as connection:
        assert connection.execute("SELECT session_user::text, current_user::text").fetchone() == (role, role)


@pytest.mark.parametrize("role", roles.ROLES)
def test_no_role_escapes_row_security_nor_makes_roles_or_databases(server: Server, role: str) -> None:
    with server.connect() as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin"
            " FROM pg_roles WHERE rolname = %s",
            [role],
        ).fetchone()
    assert row == (False, False, False, False, False, True)


def test_no_role_is_a_member_of_another(server: Server) -> None:
    with server.connect() as connection:
        found = connection.execute(
            "SELECT member::regrole::text FROM pg_auth_members WHERE member::regrole::text = ANY (%s)",
            [list(roles.ROLES)],
        ).fetchall()
    assert found == []


@pytest.mark.parametrize("role", roles.ROLES)
@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_wrong_password_is_refused(server: Server, role: str, password: str) -> None:
    url = socket_url(role, password, server.place.socket, roles.DATABASE)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url)


def test_the_superuser_too_needs_its_password(server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(socket_url("postgres", "wrong", server.place.socket, "postgres"))


@pytest.mark.parametrize("role", roles.ROLES)
@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_no_role_enters_another_database(addresses: DatabaseUrls, role: str, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(by_role(addresses)[role], dbname=database)


@pytest.mark.parametrize("role", roles.RUNTIME_ROLES)
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (x integer)",
        "CREATE TEMPORARY TABLE mine (x integer)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        f"SET ROLE {roles.OWNER}",
        f"GRANT {roles.OWNER} TO CURRENT_USER",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "COPY (SELECT 1) TO '/dev/null'",
        "SELECT pg_read_file('PG_VERSION')",
    ],
)
def test_a_runtime_role_makes_nothing_and_becomes_nobody(
    addresses: DatabaseUrls, role: str, statement: str
) -> None:
    with (
        psycopg.connect(by_role(addresses)[role], autocommit=True) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


def test_the_owner_makes_tables_that_the_application_cannot_read_until_it_is_granted(
    addresses: DatabaseUrls,
) -> None:
    with psycopg.connect(addresses.owner) as owner:
        owner.execute("CREATE TABLE theirs AS SELECT 1 AS value")
    with psycopg.connect(addresses.app, autocommit=True) as app:
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("SELECT value FROM theirs")
        with psycopg.connect(addresses.owner) as owner:
            owner.execute(sql.SQL("GRANT SELECT ON theirs TO {}").format(sql.Identifier(roles.APP)))
        assert app.execute("SELECT value FROM theirs").fetchone() == (1,)


def test_the_owner_may_create_the_extensions_that_exclusion_constraints_need(addresses: DatabaseUrls) -> None:
    with psycopg.connect(addresses.owner) as owner:
        owner.execute("CREATE EXTENSION btree_gist")
        owner.rollback()


def test_a_role_that_was_given_too_much_gets_its_attributes_back(server: Server) -> None:
    with server.connect() as connection:
        connection.execute(sql.SQL("ALTER ROLE {} SUPERUSER BYPASSRLS").format(sql.Identifier(roles.APP)))
        kept = server.passwords()
        roles.prepare_roles(
            connection,
            roles.RolePasswords(
                owner=kept.owner, app=kept.app, worker=kept.worker, statistics=kept.statistics
            ),
        )
    test_no_role_escapes_row_security_nor_makes_roles_or_databases(server, roles.APP)


def test_passwords_reach_the_server_as_verifiers(server: Server) -> None:
    with server.connect() as connection:
        rows = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolcanlogin").fetchall()
    assert len(rows) == len(roles.ROLES) + 1
    assert all(row[0].startswith("SCRAM-SHA-256$") for row in rows)


def test_the_script_of_the_guide_for_administrators_is_the_one_that_prepares_our_own_server() -> None:
    assert f"```sql\n{roles.script()}```" in GUIDE.read_text(), (
        f"Copy the output of maillage.core.database.roles.script() into {os.fspath(GUIDE)}."
    )
