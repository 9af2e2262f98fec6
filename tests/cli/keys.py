"""`maillage keys` as an operator runs it: in this process or in another one, on the database and the stores of the test."""

import base64
import io
import os
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import django
from django.conf import settings
from django.db import connection, connections
from django.test import override_settings

from maillage.cli import keeping
from maillage.cli.main import main
from maillage.core.crypto import new_key
from maillage.core.database.settings import DatabaseUrls
from tests.cli import poised

Ended = tuple[int, str, str]
PROJECT = Path(__file__).resolve().parents[2]


def other_master_key() -> str:
    """A master key that nobody has seen."""
    return base64.b64encode(new_key()).decode()


def environment(urls: DatabaseUrls, role: str, **more: str) -> dict[str, str]:
    """What the process is told: the application's address and the role's, the stores and the master key of the test."""
    named = {"worker": "DATABASE_WORKER_URL", "owner": "DATABASE_OWNER_URL"}[role]
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": urls.app,
        named: getattr(urls, role),
        "MAILLAGE_SECRET_KEY": "x" * 60,
        "MAILLAGE_MASTER_KEY": settings.MASTER_KEY,
        "MAILLAGE_KEY_STORE": str(settings.KEY_STORE),
        "MAILLAGE_DOCUMENT_STORE": str(settings.DOCUMENT_STORE),
        **more,
    }


def start(
    urls: DatabaseUrls, *words: str, role: str = "worker", by: str = "maillage.cli.main", **more: str
) -> subprocess.Popen[str]:
    """Start a command; what it says can be read line by line."""
    return subprocess.Popen(
        [sys.executable, "-m", by, "keys", *words],
        cwd=PROJECT,
        env=environment(urls, role, **more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def poise(urls: DatabaseUrls, *words: str, **more: str) -> subprocess.Popen[str]:
    """A process that has loaded its code and runs the command when it is let go: nobody waits for its imports."""
    process = start(urls, *words, by=poised.__name__, **more)
    assert process.stdout is not None
    assert process.stdout.readline() == f"{poised.READY}\n"
    return process


def let_go(process: subprocess.Popen[str]) -> subprocess.Popen[str]:
    """Let a poised process run its command."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return process


def keys(urls: DatabaseUrls, *words: str, role: str = "worker", **more: str) -> Ended:
    """Run a command to its end, in this process, as that role: its exit code, what it said, what it complained of.

    For one who is alone: the connection of this thread becomes the command's, and nobody else may be at work.
    """
    told, usual = environment(urls, role, **more), connections.settings["default"].copy()
    masters = override_settings(
        MASTER_KEY=told["MAILLAGE_MASTER_KEY"], MASTER_KEY_FORMER=told.get("MAILLAGE_MASTER_KEY_FORMER", "")
    )
    said, complained = io.StringIO(), io.StringIO()
    with (
        masters,
        patch.dict(os.environ, told),
        patch.object(keeping, "KEEPERS", (role,)),  # the tests know the addresses of every role
        patch.object(django, "setup"),  # it is set up; twice would take the log away from the tests
        redirect_stdout(said),
        redirect_stderr(complained),
    ):
        try:
            return main(["keys", *words]), said.getvalue(), complained.getvalue()
        finally:
            connection.close()
            connections.settings["default"].clear()
            connections.settings["default"].update(usual)


def keys_apart(urls: DatabaseUrls, *words: str, role: str = "worker", **more: str) -> Ended:
    """The same in another process, which knows nothing but its environment."""
    return ended(start(urls, *words, role=role, **more))


def ended(process: subprocess.Popen[str]) -> Ended:
    """The end of a process: its exit code, what it said and what it complained of."""
    said, complained = process.communicate(timeout=120)
    return process.returncode, said, complained


def kill_after(process: subprocess.Popen[str], lines: int) -> list[str]:
    """Kill -9 once it has told its progress so many times; what it had said. Fails when it ended before."""
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if sum(" faits" in one for one in said) >= lines:
            process.send_signal(signal.SIGKILL)
            break
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, "".join(said)
    return said
