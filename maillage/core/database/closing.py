"""A database closed while a backup is being restored into it: PostgreSQL refuses everybody but its owner, and a comment says why.

Both are set before the first row comes back and lifted after the last erasure is done again; a restore killed in between leaves
them. The embedded server gives no right back to a database that bears the comment.
"""

from typing import Any, Final, Protocol

from psycopg import sql

from maillage.core.database.roles import RUNTIME_ROLES

MARK: Final = "maillage: being restored from "
HINT: Final = (
    "Si une restauration est en cours, attendez sa fin ; si elle a été interrompue, relancez « maillage restore » "
    "(docs/operations/backup.md) : personne n’entre avant que ce qui avait été effacé le soit de nouveau."
)


class Cursor(Protocol):
    """What is used of a cursor, psycopg's or Django's."""

    def execute(self, query: Any, params: Any = None, /) -> Any:
        """Run a statement."""
        ...

    def fetchone(self) -> Any:
        """One row of its answer."""
        ...


def restored_from(cursor: Cursor, database: str) -> str | None:
    """The backup that is being restored into this database, or whose restore was interrupted; None when there is none."""
    cursor.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [database]
    )
    row = cursor.fetchone()
    said = str(row[0] or "") if row else ""
    return said.removeprefix(MARK) if said.startswith(MARK) else None


def close(cursor: Cursor, database: str, *, backup: str) -> None:
    """Keep everybody out but the owner, who runs this; who is inside already stays (`others_inside`)."""
    name = sql.Identifier(database)
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(f"{MARK}{backup}"))
    revoke = sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC, {}").format(name, _runtime())
    cursor.execute(comment.as_string())
    cursor.execute(revoke.as_string())


def reopen(cursor: Cursor, database: str) -> None:
    """Let the web, the jobs and the statistics in again."""
    name = sql.Identifier(database)
    cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, _runtime()).as_string())
    cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS NULL").format(name).as_string())


def others_inside(cursor: Cursor) -> int:
    """How many other sessions are open in this database."""
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL"
    )
    return int(cursor.fetchone()[0])


def _runtime() -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(role) for role in RUNTIME_ROLES)
