"""The four roles of the platform and what PostgreSQL lets everybody else do, which is nothing.

The same statements prepare the embedded server and, as a script, a server that a database administrator runs
(docs/operations/postgresql.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg import sql

OWNER = "maillage_owner"
APP = "maillage_app"
WORKER = "maillage_worker"
STATISTICS = "maillage_statistics"
ROLES = (OWNER, APP, WORKER, STATISTICS)
RUNTIME_ROLES = (APP, WORKER, STATISTICS)
DATABASE = "maillage"

# Large objects know no row security: whoever may write one leaves data that no policy guards.
_LARGE_OBJECTS = (
    "lo_close(integer)",
    "lo_creat(integer)",
    "lo_create(oid)",
    "lo_from_bytea(oid, bytea)",
    "lo_get(oid)",
    "lo_get(oid, bigint, integer)",
    "lo_lseek(integer, integer, integer)",
    "lo_lseek64(integer, bigint, integer)",
    "lo_open(oid, integer)",
    "lo_put(oid, bigint, bytea)",
    "lo_tell(integer)",
    "lo_tell64(integer)",
    "lo_truncate(integer, integer)",
    "lo_truncate64(integer, bigint)",
    "lo_unlink(oid)",
    "loread(integer, integer)",
    "lowrite(integer, bytea)",
)

# Row security would not hold whoever had one of these. Only the owner of the test cluster creates databases.
ATTRIBUTES = "LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS"


@dataclass(frozen=True, repr=False)
class RolePasswords:
    """The password of each role."""

    owner: str
    app: str
    worker: str
    statistics: str

    def of(self, role: str) -> str:
        """The password of the role named as PostgreSQL names it."""
        return {OWNER: self.owner, APP: self.app, WORKER: self.worker, STATISTICS: self.statistics}[role]


def prepare_roles(
    connection: psycopg.Connection, passwords: RolePasswords, *, owner_creates_databases: bool = False
) -> None:
    """Create the four roles, or bring those that exist back to these attributes and passwords.

    `connection` is a superuser's. Passwords travel as SCRAM verifiers: a server that logs its statements
    learns none. They are random, so nothing is gained by slowing those who guess: a connection would derive
    its key 4 096 times.
    """
    if connection.info.server_version >= 160_000:
        connection.execute("SET scram_iterations = 1")
    known = {str(row[0]) for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role in ROLES:
        creates = owner_creates_databases and role == OWNER
        connection.execute(
            sql.SQL("{verb} ROLE {role} {attributes} PASSWORD {password}").format(
                verb=sql.SQL("ALTER" if role in known else "CREATE"),
                role=sql.Identifier(role),
                attributes=_attributes(creates_databases=creates),
                password=sql.Literal(_verifier(connection, role, passwords.of(role))),
            )
        )


def create_database(connection: psycopg.Connection, database: str) -> None:
    """Create an empty database of the owner, unless it exists; the connection is a superuser's."""
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
    if found is None:
        connection.execute(_creation(database))


def close_database(connection: psycopg.Connection, database: str) -> None:
    """Take from PUBLIC what PostgreSQL gives it on `database`; a clone of a template needs it again."""
    for statement in _database_rights(database):
        connection.execute(statement)


def close_schema(connection: psycopg.Connection) -> None:
    """Give the schema `public` of the connected database to the owner, closed to all but the runtime."""
    for statement in _schema_rights():
        connection.execute(statement)


def script() -> str:
    """What a database administrator runs in psql, as superuser, to prepare a server."""
    lines = []
    for role in ROLES:
        attributes = _attributes(creates_databases=False)
        lines.append(sql.SQL("CREATE ROLE {} {};").format(sql.Identifier(role), attributes).as_string())
        lines.append(f"\\password {role}")
    lines.append(f"{_creation(DATABASE).as_string()};")
    lines.extend(f"{statement.as_string()};" for statement in _database_rights(DATABASE))
    lines.append(f"\\connect {DATABASE}")
    lines.extend(f"{statement.as_string()};" for statement in _schema_rights())
    return "\n".join(lines) + "\n"


def _attributes(*, creates_databases: bool) -> sql.SQL:
    return sql.SQL(f"{ATTRIBUTES} CREATEDB" if creates_databases else f"{ATTRIBUTES} NOCREATEDB")


def _creation(database: str) -> sql.Composed:
    return sql.SQL(
        "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'"
        " LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
    ).format(sql.Identifier(database), sql.Identifier(OWNER))


def _database_rights(database: str) -> Iterator[sql.Composed]:
    name = sql.Identifier(database)
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name)
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, _runtime_roles())


def _schema_rights() -> Iterator[sql.Composed]:
    yield sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER))
    yield sql.SQL("REVOKE ALL ON SCHEMA public FROM {}").format(sql.SQL("PUBLIC"))
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(_runtime_roles())
    for function in _LARGE_OBJECTS:
        yield sql.SQL("REVOKE ALL ON FUNCTION {} FROM PUBLIC").format(sql.SQL(f"pg_catalog.{function}"))


def _runtime_roles() -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(role) for role in RUNTIME_ROLES)


def _verifier(connection: psycopg.Connection, role: str, password: str) -> str:
    return connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
