"""The embedded server of `make run`: one call starts it, creates its roles and its database."""

import atexit
import os
from collections.abc import Callable, Mapping

import psycopg

from maillage.core.database.closing import restored_from
from maillage.core.database.configuration import SERVING
from maillage.core.database.passwords import Passwords
from maillage.core.database.roles import (
    DATABASE,
    RolePasswords,
    close_database,
    close_schema,
    create_database,
    prepare_roles,
)
from maillage.core.database.server import Server
from maillage.core.database.settings import embedded_layout, uses_embedded_server


def ensure_running(
    environ: Mapping[str, str] | None = None,
    *,
    before_exec: Callable[[], None] | None = None,
) -> Server | None:
    """Start the embedded server, or find it running, and use it until this process ends.

    The last process to leave stops it. None when DATABASE_URL names a server: there is nothing to start.
    `release()` on the result leaves earlier. Raises DatabaseError.
    """
    environ = os.environ if environ is None else environ
    if not uses_embedded_server(environ):
        return None
    server = Server(embedded_layout(environ), SERVING, environ)

    def prepare(connection: psycopg.Connection) -> None:
        prepare_roles(connection, role_passwords(server.passwords()))
        create_database(connection, DATABASE)
        close_server(connection)
        if restored_from(connection.cursor(), DATABASE) is None:
            close_database(connection, DATABASE)
        with server.connect(DATABASE) as inside:
            close_schema(inside)

    server.acquire(on_start=prepare, before_exec=before_exec)
    atexit.register(server.release)
    return server


def role_passwords(passwords: Passwords) -> RolePasswords:
    """The passwords of the four roles, without the superuser's."""
    return RolePasswords(
        owner=passwords.owner, app=passwords.app, worker=passwords.worker, statistics=passwords.statistics
    )


def close_server(connection: psycopg.Connection) -> None:
    """Keep the roles out of the databases that initdb makes."""
    connection.execute("REVOKE ALL ON DATABASE postgres FROM PUBLIC")
    connection.execute("REVOKE ALL ON DATABASE template1 FROM PUBLIC")
