"""`maillage keys` as an operator runs it: another process, on the database and the stores of the test."""

import base64
import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from maillage.core.crypto import new_key
from maillage.core.database.settings import DatabaseUrls

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


def start(urls: DatabaseUrls, *words: str, role: str = "worker", **more: str) -> subprocess.Popen[str]:
    """Start a command; what it says can be read line by line."""
    return subprocess.Popen(
        [sys.executable, "-m", "maillage.cli.main", "keys", *words],
        cwd=PROJECT,
        env=environment(urls, role, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def keys(urls: DatabaseUrls, *words: str, role: str = "worker", **more: str) -> tuple[int, str, str]:
    """Run a command to its end: its exit code, what it said and what it complained of."""
    process = start(urls, *words, role=role, **more)
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
