"""One server for all tests of a checkout, kept between runs: one template migrated once, many clones.

It lives in memory where it can: a clone is 750 small files, made and removed by the hundred, at which disks' file systems
are slow (ext4 without a journal passes over every file removed in the last minute, for each one that it makes).
"""

import os
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from maillage.core.database.configuration import TESTING
from maillage.core.database.embedded import close_server, role_passwords
from maillage.core.database.layout import give_memory_back, quick_layout, var_directory
from maillage.core.database.locking import exclusive
from maillage.core.database.roles import OWNER, close_database, close_schema, create_database, prepare_roles
from maillage.core.database.server import Server
from maillage.core.database.settings import DatabaseUrls, embedded_urls

TEST_NAME = "test-postgres"
CLONE_PREFIX = "clone_"
TEMPLATE_PREFIX = "template_"
KEPT_TEMPLATES = 3


class TestCluster:
    """The server of the tests: same roles and rights as the real one, but it may lose data on a power cut."""

    __test__ = False  # pytest collects every class with such a name

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        self.var = var_directory(environ)
        self.place = quick_layout(self.var, TEST_NAME)
        self.server = Server(self.place, TESTING, environ)
        self._superuser: psycopg.Connection | None = None

    def start(self) -> None:
        """Start the server or join it; clones that a killed run left behind are dropped when it starts."""
        self.server.acquire(on_start=self._prepare)

    def release(self) -> None:
        """Leave the server; the last to leave stops it."""
        if self._superuser:
            self._superuser.close()
            self._superuser = None
        self.server.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def urls(self, database: str) -> DatabaseUrls:
        """The four addresses of `database` on this server."""
        return embedded_urls(self.place, database)

    def template(self, fingerprint: str, build: Callable[[DatabaseUrls], None]) -> str:
        """The name of the template for `fingerprint`, a digest of the migrations, built the first time.

        `build` gets the addresses of an empty database and must close its connections. Other processes wait
        meanwhile. The newest templates are kept, so that going from branch to branch does not rebuild them.
        """
        name = f"{TEMPLATE_PREFIX}{fingerprint[:24]}"
        with exclusive(self.place.root / "template.lock"), self.server.connect() as connection:
            if name not in self._databases(connection, TEMPLATE_PREFIX):
                building = f"building_{fingerprint[:24]}"
                self.drop_database(building)
                create_database(connection, building)
                self._close(connection, building)
                build(self.urls(building))
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(building), sql.Identifier(name)
                    )
                )
                connection.execute(
                    sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name))
                )
                for old in self._databases(connection, TEMPLATE_PREFIX)[:-KEPT_TEMPLATES]:
                    self.drop_database(old)
        return name

    def clone_database(self, template: str, name: str) -> DatabaseUrls:
        """A fresh copy of `template`, with the rights of a real database; an older `name` is dropped."""
        connection = self._connection()
        _drop(connection, name)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)
            )
        )
        close_database(connection, name)
        return self.urls(name)

    def drop_database(self, name: str) -> None:
        """Drop `name` if it exists, closing the connections that are still open."""
        _drop(self._connection(), name)

    def _connection(self) -> psycopg.Connection:
        """A superuser's, kept until the server is left: to open one costs a quarter of a clone."""
        if self._superuser is None or self._superuser.closed:
            self._superuser = self.server.connect()
        return self._superuser

    def _prepare(self, connection: psycopg.Connection) -> None:
        give_memory_back(self.var)
        prepare_roles(connection, role_passwords(self.server.passwords()), owner_creates_databases=True)
        close_server(connection)
        for left in self._databases(connection, CLONE_PREFIX):
            _drop(connection, left)

    def _close(self, connection: psycopg.Connection, database: str) -> None:
        close_database(connection, database)
        with self.server.connect(database) as inside:
            close_schema(inside)

    @staticmethod
    def _databases(connection: psycopg.Connection, prefix: str) -> list[str]:
        """Databases whose name begins so, oldest first."""
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [prefix]
        )
        return [str(row[0]) for row in rows]


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
