"""The server never runs as root: root's runs as `nobody`, an ordinary user's as that user."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from maillage.core.database.binaries import binaries
from maillage.core.database.server import Server
from tests.embedded import environ_for

AS_SOMEBODY_ELSE = """
import os, sys
import psycopg
from maillage.core.database.embedded import ensure_running
from maillage.core.database.settings import urls
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(int(sys.argv[1]))
server = ensure_running()
with psycopg.connect(urls(os.environ).app) as connection:
    print(connection.execute("SELECT current_user::text").fetchone()[0])
print(os.stat(f"/proc/{server.postmaster()}").st_uid, server.place.root)
server.release()
print(server.postmaster())
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty home that an ordinary account owns."""
    directory = Path(tempfile.mkdtemp(prefix="maillage-home-"))
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(directory, nobody.pw_uid, nobody.pw_gid)
    yield directory
    shutil.rmtree(directory)


def test_the_server_does_not_run_as_root(server: Server) -> None:
    postmaster = server.postmaster()
    assert postmaster is not None
    uid = Path(f"/proc/{postmaster}").stat().st_uid
    assert uid == (server.place.account.uid if server.place.account else os.geteuid())
    assert uid != 0


def test_the_server_is_told_nothing_of_the_environment_of_its_starter(server: Server) -> None:
    postmaster = server.postmaster()
    names = {
        line.split(b"=")[0] for line in Path(f"/proc/{postmaster}/environ").read_bytes().split(b"\0") if line
    }
    assert names <= {b"PATH", b"LC_ALL", b"LD_LIBRARY_PATH", b"TZDIR", b"PG_GRANDPARENT_PID"}


def test_an_ordinary_user_with_an_empty_home_has_a_server_of_its_own(server: Server, home: Path) -> None:
    """Run by root, this becomes `nobody` first; run by an ordinary user, it stays who it is."""
    uid, gid = os.geteuid(), os.getegid()
    environ = environ_for(home / "var") | {"HOME": str(home)}
    if server.place.account:
        uid, gid = server.place.account.uid, server.place.account.gid
        # the virtual environment may be below root's home; the copy made for the server is not
        environ["MAILLAGE_POSTGRES_BIN"] = str(binaries(environ, server.place))
    script = AS_SOMEBODY_ELSE if os.geteuid() == 0 else AS_SOMEBODY_ELSE.replace("os.setgroups([])\n", "")
    result = subprocess.run(
        [sys.executable, "-c", script, str(uid), str(gid)],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split("\n") == ["maillage_app", f"{uid} {home / 'var' / 'postgres'}", "None", ""]
