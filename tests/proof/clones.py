"""A database of a unit's own, to which Django speaks until the unit ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from tests.conftest import pointing_at


@contextmanager
def own_clone(cluster: TestCluster, template: str, blocker: Any, unit: str) -> Iterator[DatabaseUrls]:
    """A copy of the template, dropped when the block ends; `unit` keeps the copies of several units apart."""
    name = f"clone_{unit}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    urls = cluster.clone_database(template, name)
    with blocker.unblock(), pointing_at(urls):
        yield urls
    cluster.drop_database(name)
