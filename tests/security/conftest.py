"""Databases of the security tests' own, made once for a process: rows planted one by one, and worlds that the actions made.

A test gets a copy of the first that it may spoil, and the second in a transaction that is rolled back.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections, transaction

from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from tests.conftest import ALIASES, point_at
from tests.security.planting import Plant, plant
from tests.security.worlds import World, build

Spoiler = Callable[[str], DatabaseUrls]
Worlds = tuple[World, World]


@contextmanager
def speaking_to(urls: DatabaseUrls, blocker: Any) -> Iterator[None]:
    """Django speaks to this database until the block ends, then to the one to which it spoke."""
    before = {alias: dict(connections[alias].settings_dict) for alias in ALIASES}
    with blocker.unblock():
        point_at(urls)
        try:
            yield
        finally:
            for alias in ALIASES:
                connections[alias].close()
                connections[alias].settings_dict.clear()
                connections[alias].settings_dict.update(before[alias])


@pytest.fixture(scope="session")
def planted(
    cluster: TestCluster, database_template: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[str, Plant]]:
    """The planted database's name and what is in it. Nobody stays connected to it: it is copied."""
    name = f"clone_planted_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    urls = cluster.clone_database(database_template, name)
    with speaking_to(urls, django_db_blocker):
        found = plant()
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("ANALYZE")
    yield name, found
    cluster.drop_database(name)


@pytest.fixture(scope="session")
def plant_rows(planted: tuple[str, Plant]) -> Plant:
    """What was planted."""
    return planted[1]


@pytest.fixture(scope="session")
def addresses(cluster: TestCluster, planted: tuple[str, Plant]) -> DatabaseUrls:
    """The planted database, as each role reaches it."""
    return cluster.urls(planted[0])


@pytest.fixture
def spoiled(cluster: TestCluster, planted: tuple[str, Plant]) -> Iterator[Spoiler]:
    """A copy of the planted database in which the owner ran one statement that opens a hole."""
    name = f"clone_spoiled_{os.getpid()}"

    def spoil(statement: str) -> DatabaseUrls:
        urls = cluster.clone_database(planted[0], name)
        with psycopg.connect(urls.owner, autocommit=True) as owner:
            owner.execute(statement.encode())
        return urls

    yield spoil
    cluster.drop_database(name)


@dataclass(frozen=True)
class Inhabited:
    """A database in which both worlds are committed, and where the keys and documents of its organisations are."""

    name: str
    urls: DatabaseUrls
    worlds: Worlds
    root: Path


def _stores(patch: pytest.MonkeyPatch, root: Path) -> None:
    patch.setattr(settings, "KEY_STORE", root / "keys")
    patch.setattr(settings, "DOCUMENT_STORE", root / "documents")


@pytest.fixture(scope="session")
def inhabited(
    cluster: TestCluster,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Inhabited]:
    """Both worlds, built once. Nobody stays connected to them: they are copied."""
    name = f"clone_inhabited_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    urls, root = cluster.clone_database(database_template, name), tmp_path_factory.mktemp("inhabited")
    with pytest.MonkeyPatch.context() as patch, speaking_to(urls, django_db_blocker):
        _stores(patch, root)
        worlds = build()
    yield Inhabited(name, urls, worlds, root)
    cluster.drop_database(name)


@pytest.fixture
def silence() -> Iterator[None]:
    """A refusal is what the probes look for: thousands of them are no news in a log."""
    logger = logging.getLogger("django.request")
    before, logger.disabled = logger.disabled, True
    yield
    logger.disabled = before


@pytest.fixture
def worlds(
    inhabited: Inhabited, django_db_blocker: Any, stores: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Worlds]:
    """Both worlds, in a transaction that is rolled back."""
    _stores(monkeypatch, inhabited.root)
    with speaking_to(inhabited.urls, django_db_blocker), transaction.atomic():
        yield deepcopy(inhabited.worlds)
        transaction.set_rollback(True)


@pytest.fixture
def own_worlds(
    cluster: TestCluster,
    inhabited: Inhabited,
    django_db_blocker: Any,
    stores: None,
) -> Iterator[tuple[DatabaseUrls, Worlds]]:
    """A copy of both worlds, keys and documents included, that a test may spoil, and where it is: no transaction is open."""
    for store in (settings.KEY_STORE, settings.DOCUMENT_STORE):
        copytree(inhabited.root / store.name, store)
    name = f"clone_worlds_{os.getpid()}"
    urls = cluster.clone_database(inhabited.name, name)
    with speaking_to(urls, django_db_blocker):
        yield urls, deepcopy(inhabited.worlds)
    cluster.drop_database(name)
