"""A durable cluster of its own for the benchmarks: fsync on, same roles, filled once per size and kept in `var/`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
from django.core.management import call_command
from django.db import connections

from maillage.core.database.configuration import SERVING
from maillage.core.database.embedded import close_server, role_passwords
from maillage.core.database.layout import layout, var_directory
from maillage.core.database.roles import close_database, close_schema, create_database, prepare_roles
from maillage.core.database.server import Server
from maillage.core.database.settings import DatabaseUrls, django_databases, embedded_urls

PROFILE = replace(SERVING, owner_creates_databases=True, max_connections=80)
ALIASES = ("default", "worker", "owner", "statistics")


class Bench:
    """The running cluster of the benchmarks."""

    def __init__(self) -> None:
        self.place = layout(var_directory(os.environ), "bench-postgres")
        self.server = Server(self.place, PROFILE, os.environ)

    def urls(self, database: str) -> DatabaseUrls:
        """The addresses of one of its databases."""
        return embedded_urls(self.place, database)

    def database(self, name: str) -> bool:
        """Make Django speak to the database of this name; True when it was just made, empty but migrated."""
        with self.server.connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not known:
                create_database(connection, name)
                close_database(connection, name)
        if not known:
            with self.server.connect(name) as inside:
                close_schema(inside)
        self.point_at(name)
        if not known:
            call_command("migrate", database="owner", verbosity=0, interactive=False)
        return not known

    def point_at(self, name: str) -> None:
        """Every alias of Django, on this database."""
        for alias, described in django_databases(self.urls(name)).items():
            connections[alias].close()
            connections[alias].settings_dict.update({**described, "CONN_MAX_AGE": None})

    @contextmanager
    def as_worker(self, database: str) -> Iterator[None]:
        """The process logs in to this database as the worker until the block ends."""
        connections["default"].close()
        connections["default"].settings_dict.update(dict(connections["worker"].settings_dict))
        try:
            yield
        finally:
            self.point_at(database)

    def drop(self, name: str) -> None:
        """Forget a database that was left half filled."""
        for alias in ALIASES:
            connections[alias].close()
        with self.server.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _prepare(connection: psycopg.Connection, server: Server) -> None:
    prepare_roles(connection, role_passwords(server.passwords()), owner_creates_databases=True)
    close_server(connection)


@contextmanager
def running() -> Iterator[Bench]:
    """The cluster, started for the time of the benchmarks."""
    bench = Bench()
    bench.server.acquire(on_start=lambda connection: _prepare(connection, bench.server))
    try:
        yield bench
    finally:
        for alias in ALIASES:
            connections[alias].close()
        bench.server.release()
