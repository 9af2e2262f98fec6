"""`maillage backup` and `restore` as an operator runs them, in this process or another, from one place to an empty one."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import django
import psycopg
from django.conf import settings
from django.db import connection, connections
from django.test import override_settings
from psycopg import sql

from maillage.cli import keeping
from maillage.cli.main import main
from maillage.core.database.roles import create_database
from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from tests.cli.keys import PROJECT, Ended, environment
from tests.conftest import pointing_at


@dataclass(frozen=True)
class Place:
    """Where an installation lives: its database and its directories."""

    urls: DatabaseUrls
    keys: Path
    documents: Path
    anchors: Path

    @property
    def database(self) -> str:
        """The name of its database."""
        return str(psycopg.conninfo.conninfo_to_dict(self.urls.owner)["dbname"])

    def environment(self, **more: str) -> dict[str, str]:
        """What a command of the owner's is told."""
        return environment(
            self.urls,
            "owner",
            **{
                "MAILLAGE_KEY_STORE": str(self.keys),
                "MAILLAGE_DOCUMENT_STORE": str(self.documents),
                "MAILLAGE_ANCHORS": str(self.anchors),
                "MAILLAGE_ANCHOR_KEY": str(self.anchors.with_name("anchor_key")),
                **more,
            },
        )

    @contextmanager
    def here(self, **more: str) -> Iterator[None]:
        """This process works at this place until the block ends."""
        stores = override_settings(
            KEY_STORE=self.keys,
            DOCUMENT_STORE=self.documents,
            ANCHORS=self.anchors,
            MASTER_KEY=more.get("MAILLAGE_MASTER_KEY", settings.MASTER_KEY),
        )
        with stores, pointing_at(self.urls):
            yield

    def run(self, *words: str, **more: str) -> Ended:
        """Run a command to its end, in this process: its exit code, what it said, what it complained of."""
        said, complained = io.StringIO(), io.StringIO()
        with (
            self.here(**more),
            patch.dict(os.environ, self.environment(**more)),
            patch.object(keeping, "KEEPERS", ("owner",)),
            patch.object(django, "setup"),  # it is set up; twice would take the log away from the tests
            redirect_stdout(said),
            redirect_stderr(complained),
        ):
            usual = connections.settings["default"].copy()
            try:
                return main(list(words)), said.getvalue(), complained.getvalue()
            finally:
                connection.close()
                connections.settings["default"].clear()
                connections.settings["default"].update(usual)

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        """The same in another process, which knows nothing but its environment."""
        return subprocess.Popen(
            [sys.executable, "-m", "maillage.cli.main", *words],
            cwd=PROJECT,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def usual_place(urls: DatabaseUrls) -> Place:
    """The installation of the test."""
    return Place(urls, Path(settings.KEY_STORE), Path(settings.DOCUMENT_STORE), Path(settings.ANCHORS))


@contextmanager
def elsewhere(cluster: TestCluster, folder: Path, name: str = "elsewhere") -> Iterator[Place]:
    """An empty database, as an administrator prepares it, and directories that are not there yet."""
    database = f"clone_{name}_{os.getpid()}"
    cluster.drop_database(database)
    with cluster.server.connect() as superuser:
        create_database(superuser, database)
        cluster._close(superuser, database)
    root = folder / name
    yield Place(cluster.urls(database), root / "keys", root / "documents", root / "anchors")
    cluster.drop_database(database)


def digests(urls: DatabaseUrls) -> dict[str, str]:
    """The digest of every row of each table, as the owner reads them; and of what tables are made of."""
    found = {}
    with psycopg.connect(urls.owner) as owner:
        tables = owner.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
        ).fetchall()
        for (table,) in tables:
            whole = sql.SQL(
                "SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {} t"
            )
            row = owner.execute(whole.format(sql.Identifier(table))).fetchone()
            assert row is not None
            found[table] = str(row[0])
    return found


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a directory, by its path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
