"""The demonstration as `make run` serves it: PostgreSQL, web server and worker of its own, in a directory of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browsing import Opened, browser, open_in
from tests.chromium import chromium

__all__ = ["browser"]  # the fixture of these tests
PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration that was just started; stopped cleanly at the end."""
    chromium()  # nothing is started for nobody to look at
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "DATABASE_"))
    }
    environ["MAILLAGE_VAR"] = str(tmp_path_factory.mktemp("var"))
    environ["MAILLAGE_MAIL_DIRECTORY"] = str(tmp_path_factory.mktemp("mail"))
    command = [sys.executable, "-m", "maillage.cli.serve", "--port", str(port)]
    run = subprocess.Popen(command, env=environ, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    said = []
    for line in run.stdout:
        said.append(line)
        if line.startswith("Prêt"):
            break
    else:
        pytest.fail("the demonstration did not start:\n" + "".join(said))
    yield f"http://127.0.0.1:{port}"
    run.terminate()
    run.communicate(timeout=30)
    assert run.returncode == 0


@pytest.fixture
def opened(browser: Browser, platform: str) -> Iterator[Opened]:
    """A page of someone who has signed in on the demonstration."""
    yield from open_in(browser, platform)
