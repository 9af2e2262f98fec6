"""Embedded servers that these tests start and stop."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from maillage.core.database.embedded import ensure_running
from maillage.core.database.server import Server
from maillage.core.database.settings import embedded_layout
from tests.embedded import environ_for, laid, remove

Starter = Callable[[Path], Server]


@pytest.fixture
def start(project: Path) -> Iterator[Starter]:
    """Start the embedded server of a project, as many times as wanted."""
    kept = embedded_layout(environ_for(project)).root
    servers: list[Server] = []

    def starter(var: Path) -> Server:
        server = ensure_running(environ_for(var))
        assert server is not None
        servers.append(server)
        return server

    yield starter
    for server in servers:
        server.release()
    for server in servers:
        assert server.postmaster() is None
        if server.place.root != kept:
            remove(server)


@pytest.fixture(scope="session")
def server(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running server for the tests that do not stop it."""
    running = ensure_running(environ_for(laid(project, tmp_path_factory.mktemp("var"))))
    assert running is not None
    yield running
    running.release()
    remove(running)
