"""Embedded servers of these tests: each in a directory of its own, stopped and removed afterwards."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from maillage.core.database.embedded import ensure_running
from maillage.core.database.server import Server
from maillage.core.database.settings import embedded_layout

Starter = Callable[[Path], Server]


def environ_for(var: Path) -> dict[str, str]:
    """An environment that names no server and keeps the embedded one in `var`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    return kept | {"MAILLAGE_VAR": str(var)}


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The `var` of a project whose server was created and stopped, for tests that leave it so."""
    var = tmp_path_factory.mktemp("project")
    created = ensure_running(environ_for(var))
    assert created is not None
    created.release()
    yield var
    remove(created)


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
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running server for the tests that do not stop it."""
    running = ensure_running(environ_for(tmp_path_factory.mktemp("var")))
    assert running is not None
    yield running
    running.release()
    remove(running)


def remove(server: Server) -> None:
    """Remove the files of a server: root's are not in the test's directory."""
    assert server.postmaster() is None
    shutil.rmtree(server.place.socket, ignore_errors=True)
    shutil.rmtree(server.place.root, ignore_errors=True)
    if server.place.account:
        shutil.rmtree(server.place.root.parent, ignore_errors=True)
