"""A database of the security tests' own, with rows of two worlds planted in it, and copies of it that a test may spoil."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections

from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from tests.conftest import ALIASES, point_at
from tests.security.planting import Plant, plant

Spoiler = Callable[[str], DatabaseUrls]


@pytest.fixture(scope="session")
def planted(
    cluster: TestCluster, database_template: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[str, Plant]]:
    """The planted database's name and what is in it. Nobody stays connected to it: it is copied."""
    name = f"clone_planted_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    urls = cluster.clone_database(database_template, name)
    before = {alias: dict(connections[alias].settings_dict) for alias in ALIASES}
    with django_db_blocker.unblock():
        point_at(urls)
        try:
            found = plant()
        finally:
            for alias in ALIASES:
                connections[alias].close()
                connections[alias].settings_dict.clear()
                connections[alias].settings_dict.update(before[alias])
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
