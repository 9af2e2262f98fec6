"""Embedded servers of the tests: each in a directory of its own, removed afterwards; initdb runs once for most of them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from maillage.core.database.embedded import ensure_running
from maillage.core.database.layout import Layout
from maillage.core.database.server import Server
from maillage.core.database.settings import embedded_layout


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


def laid(project: Path, var: Path) -> Path:
    """`var`, with a copy of the stopped server of a project in it."""
    lay(project, embedded_layout(environ_for(var)))
    return var


def lay(project: Path, place: Layout) -> None:
    """Copy the stopped server of a project: what initdb makes is the same each time."""
    source = embedded_layout(environ_for(project))
    place.create()
    for path in (source.data, source.passwords):
        subprocess.run(["cp", "-a", path, place.root], check=True)


def remove(server: Server) -> None:
    """Remove the files of a server: root's are not in the test's directory."""
    assert server.postmaster() is None
    shutil.rmtree(server.place.socket, ignore_errors=True)
    shutil.rmtree(server.place.root, ignore_errors=True)
    with suppress(OSError):  # of an ordinary user it is the directory of the test, with other things in it
        server.place.root.parent.rmdir()
