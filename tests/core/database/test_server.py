"""The life of an embedded server, its sudden deaths included."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from maillage.core.database import layout as layouts
from maillage.core.database.configuration import SERVING
from maillage.core.database.errors import DatabaseError
from maillage.core.database.layout import Layout
from maillage.core.database.server import Server
from maillage.core.database.settings import urls
from tests.core.database.conftest import Starter
from tests.embedded import environ_for

LONG = "a-very-long-directory-name-" * 5
JOIN = """
import os, sys
from maillage.core.database.embedded import ensure_running
server = ensure_running()
print(server.postmaster(), flush=True)
sys.stdin.readline()
"""


def write(var: Path, value: int) -> None:
    with psycopg.connect(urls(environ_for(var)).owner) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept (value integer)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def read(var: Path) -> list[int]:
    with psycopg.connect(urls(environ_for(var)).owner) as connection:
        return [row[0] for row in connection.execute("SELECT value FROM kept ORDER BY value")]


def join(var: Path) -> "subprocess.Popen[str]":
    """Another process that uses the same server until its standard input is closed."""
    command = [sys.executable, "-c", JOIN]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environ_for(var), stdin=pipe, stdout=pipe, text=True)


def postmaster_of(process: "subprocess.Popen[str]") -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def leave(process: "subprocess.Popen[str]") -> None:
    process.communicate("\n")
    assert process.returncode == 0


def running(server: Server) -> int:
    found = server.postmaster()
    assert found is not None
    return found


def kill_all(server: Server) -> int:
    """Kill the postmaster and every process it started; its number."""
    postmaster = running(server)
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in (postmaster, *map(int, children)):
        os.kill(pid, signal.SIGKILL)
    return postmaster


def test_what_was_written_is_found_after_a_stop_and_a_start(project: Path, start: Starter) -> None:
    first = start(project)
    write(project, 1)
    first.release()
    assert first.postmaster() is None
    start(project)
    assert read(project) == [1]


def test_the_last_process_to_leave_stops_the_server(project: Path, start: Starter) -> None:
    mine = start(project)
    other = join(project)
    assert postmaster_of(other) == mine.postmaster()
    mine.release()
    write(project, 1)
    leave(other)
    assert mine.postmaster() is None


def test_a_killed_user_of_the_server_does_not_keep_it_running(project: Path, start: Starter) -> None:
    mine = start(project)
    other = join(project)
    postmaster_of(other)
    other.kill()
    other.communicate()
    mine.release()
    assert mine.postmaster() is None


def test_two_processes_that_start_at_once_share_one_server(tmp_path: Path, start: Starter) -> None:
    both = [join(tmp_path), join(tmp_path)]
    assert len({postmaster_of(process) for process in both}) == 1
    for process in both:
        leave(process)
    assert start(tmp_path).postmaster() is not None  # and the fixture removes it


def test_a_server_killed_with_all_its_processes_starts_again_with_its_data(
    project: Path, start: Starter
) -> None:
    first = start(project)
    write(project, 1)
    killed = kill_all(first)
    second = start(project)
    assert second.postmaster() not in {None, killed}
    assert read(project) == [1]


def test_a_server_whose_postmaster_alone_was_killed_starts_again_within_30_s(
    project: Path, start: Starter
) -> None:
    first = start(project)
    write(project, 1)
    os.kill(running(first), signal.SIGKILL)  # its children live on for a moment; it stays a zombie of ours
    began = time.monotonic()
    start(project)
    assert time.monotonic() - began < 30
    assert read(project) == [1]


def test_a_stale_number_that_another_program_was_given_does_not_prevent_the_start(
    project: Path, start: Starter
) -> None:
    first = start(project)
    stale = [first.place.data / "postmaster.pid", first.place.socket / ".s.PGSQL.5432.lock"]
    killed = kill_all(first)
    account = first.place.account
    with subprocess.Popen(["sleep", "60"], user=account.uid if account else None) as other:
        for path in stale:
            path.write_text(path.read_text().replace(f"{killed}\n", f"{other.pid}\n", 1))
        try:
            assert start(project).postmaster() not in {None, other.pid}
        finally:
            other.kill()


def test_a_half_made_data_directory_is_made_again(project: Path, start: Starter) -> None:
    first = start(project)
    first.release()
    first.place.data.rename(first.place.root / "data.unfinished")
    (first.place.root / "data.unfinished" / "global" / "pg_control").unlink()
    assert start(project).postmaster() is not None


def open_to_others(directory: Path) -> None:
    """Let the server's own account through the directories that pytest keeps to itself."""
    directory.chmod(0o755)
    for parent in directory.parents:
        if parent.name.startswith(("pytest-", "popen-")):
            parent.chmod(0o755)


def test_a_project_whose_path_is_too_long_for_a_socket_is_served(
    tmp_path: Path, start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        layouts, "ROOT_DIRECTORY", tmp_path / LONG
    )  # root's data are never that deep by themselves
    open_to_others(tmp_path)
    server = start(tmp_path / LONG)
    assert len(os.fsencode(server.place.root)) > 108
    write(tmp_path / LONG, 1)
    assert read(tmp_path / LONG) == [1]


def test_a_project_whose_path_has_spaces_an_apostrophe_and_a_comma_is_served(
    tmp_path: Path, start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / "l'été, ici"
    monkeypatch.setattr(layouts, "ROOT_DIRECTORY", odd)
    open_to_others(tmp_path)
    start(odd)
    write(odd, 1)
    assert read(odd) == [1]


def test_a_short_socket_directory_made_by_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layouts, "SHORT_DIRECTORY", tmp_path)
    place = Layout(root=tmp_path / LONG, account=None)
    place.create()
    place.socket.rmdir()
    place.socket.symlink_to("/")
    with pytest.raises(DatabaseError, match="appartient à un autre compte"):
        place.create()


def test_data_of_another_major_version_are_left_alone(project: Path, start: Starter) -> None:
    server = start(project)
    server.release()
    version = server.place.data / "PG_VERSION"
    found = version.read_text()
    version.write_text("14\n")
    with pytest.raises(DatabaseError, match="PostgreSQL 14"):
        start(project)
    version.write_text(found)


def test_binaries_that_are_not_there_are_named(tmp_path: Path) -> None:
    environ = environ_for(tmp_path) | {"MAILLAGE_POSTGRES_BIN": str(tmp_path / "bin")}
    server = Server(Layout(root=tmp_path / "postgres", account=None), SERVING, environ)
    with pytest.raises(DatabaseError, match="MAILLAGE_POSTGRES_BIN : initdb et postgres"):
        server.acquire()


def test_nobody_else_can_read_the_data_the_passwords_or_reach_the_socket(
    project: Path, start: Starter
) -> None:
    place = start(project).place
    assert stat.S_IMODE(place.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.passwords.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.log.stat().st_mode) == 0o600


def test_the_server_listens_on_no_network_address_and_loses_nothing(server: Server) -> None:
    with server.connect() as connection:
        shown = {
            name: connection.execute("SELECT current_setting(%s)", [name]).fetchone()
            for name in (
                "listen_addresses",
                "fsync",
                "full_page_writes",
                "synchronous_commit",
                "data_checksums",
            )
        }
    assert shown == {
        "listen_addresses": ("",),
        "fsync": ("on",),
        "full_page_writes": ("on",),
        "synchronous_commit": ("on",),
        "data_checksums": ("on",),
    }
