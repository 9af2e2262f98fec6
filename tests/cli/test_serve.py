"""The supervisor behind `make run`, with stand-ins for Django and a real database."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from maillage.cli import serve
from maillage.core.database.configuration import SERVING
from maillage.core.database.server import Server
from maillage.core.database.settings import embedded_layout
from tests.embedded import environ_for

Run = subprocess.Popen[str]
Starter = Callable[..., Run]
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind((serve.HOST, 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Names a server that nobody asks anything, unless the test wants the embedded one."""
    return environ_for(tmp_path) | {
        "PYTHONPATH": str(PROJECT),
        "DATABASE_URL": "postgresql://db.example.org/none",
    }


@pytest.fixture
def database(environ: dict[str, str], project: Path) -> Iterator[Server]:
    """The embedded server that the supervisor starts, seen from outside."""
    del environ["DATABASE_URL"]
    environ["MAILLAGE_VAR"] = str(project)
    server = Server(embedded_layout(environ), SERVING, environ)
    yield server
    until(lambda: server.postmaster() is None)


@pytest.fixture
def start(environ: dict[str, str], port: int) -> Iterator[Starter]:
    runs: list[Run] = []

    def starter(kind: str = "sound") -> Run:
        command = [sys.executable, "-m", "tests.cli.stand_in", str(port), kind]
        pipe = subprocess.PIPE
        run = subprocess.Popen(command, env=environ, cwd=PROJECT, stdout=pipe, stderr=pipe, text=True)
        runs.append(run)
        return run

    yield starter
    for run in runs:
        run.terminate()
        run.communicate()


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "this never came true"
        time.sleep(0.05)


def announced(run: Run) -> str:
    """What was printed until the platform was ready."""
    assert run.stdout is not None
    lines = []
    for line in run.stdout:
        lines.append(line)
        if line.startswith("Ctrl-C"):
            break
    return "".join(lines)


def starts(said: str) -> int:
    """How many starts the database remembers."""
    return int(said.partition("démarrage ")[2].split()[0])


def served_by(port: int) -> int:
    """The process that answers."""
    connection = http.client.HTTPConnection(serve.HOST, port, timeout=5)
    connection.request("GET", "/")
    with connection.getresponse() as response:
        pid = int(response.read())
    connection.close()
    return pid


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def descendants(pid: int) -> set[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return set()
    return {int(child) for child in children}.union(*(descendants(int(child)) for child in children))


def test_everything_is_announced_served_and_stopped_on_request(
    environ: dict[str, str], database: Server, start: Starter, port: int
) -> None:
    environ.pop("MAILLAGE_URL", None)
    run = start()
    said = announced(run)
    assert starts(said) > 0
    assert "les comptes" in said
    assert f"http://127.0.0.1:{port}" in said
    assert f"liens vers http://127.0.0.1:{port}\n" in said
    family = descendants(run.pid)
    assert served_by(port) in family
    assert database.postmaster() in family
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=30)
    assert (run.returncode, out, err) == (0, "Arrêté.\n", "")
    assert not [pid for pid in family if alive(pid)]


def test_a_polite_signal_stops_everything(start: Starter) -> None:
    """SIGTERM; SIGINT is the test above's, SIGHUP the one below's."""
    stopped_by(signal.SIGTERM, start())


def stopped_by(how: signal.Signals, run: Run) -> str:
    """What was announced before this signal stopped everything."""
    said = announced(run)
    family = descendants(run.pid)
    run.send_signal(how)
    run.communicate(timeout=30)
    assert run.returncode == 0
    assert not [pid for pid in family if alive(pid)]
    return said


@pytest.mark.long
def test_a_killed_supervisor_takes_everything_with_it_and_the_next_run_finds_the_data(
    environ: dict[str, str], database: Server, start: Starter, port: int
) -> None:
    """First the supervisor alone is killed, then everything at once; links lead to an address that is given.

    Killed, where test_everything_is_announced_served_and_stopped_on_request is asked to stop.
    """
    first = start()
    counted = starts(announced(first))
    family = descendants(first.pid)
    assert served_by(port) in family
    first.kill()
    first.communicate()
    until(lambda: not [pid for pid in family if alive(pid)])
    second = start()
    assert starts(announced(second)) == counted + 1
    for pid in (second.pid, *descendants(second.pid)):
        with contextlib.suppress(ProcessLookupError):  # the death of its parent was faster
            os.kill(pid, signal.SIGKILL)
    second.communicate()
    environ["MAILLAGE_URL"] = "https://maillage.example.org"
    said = stopped_by(signal.SIGHUP, start())
    assert starts(said) == counted + 2
    assert "liens vers https://maillage.example.org\n" in said


def test_a_web_server_whose_parent_alone_was_killed_does_not_keep_the_port(start: Starter, port: int) -> None:
    run = start()
    announced(run)
    worker = served_by(port)
    granian = int(Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(granian, signal.SIGKILL)
    _, err = run.communicate(timeout=30)
    assert run.returncode == 1
    assert "le serveur web s’est arrêté (code -9)" in err
    assert not alive(worker)


def test_a_service_that_dies_is_named_and_stops_everything(database: Server, start: Starter) -> None:
    run = start("dying")
    _, err = run.communicate(timeout=30)
    assert run.returncode == 1
    assert "les tâches de fond s’est arrêté (code 3) : tout est arrêté." in err
    assert database.postmaster() is None


def test_a_preparation_that_fails_serves_nothing(start: Starter) -> None:
    run = start("unprepared")
    out, err = run.communicate(timeout=30)
    assert run.returncode == 1
    assert "la préparation de la base a échoué (code 7)." in err
    assert "http://" not in out


@pytest.fixture
def preparation(environ: dict[str, str], tmp_path: Path) -> Path:
    """A pipe: a slow preparation lasts until something is written there."""
    pipe = tmp_path / "preparation"
    os.mkfifo(pipe)
    environ["PREPARATION"] = str(pipe)
    return pipe


def test_nothing_is_served_before_the_database_is_prepared(
    start: Starter, port: int, preparation: Path
) -> None:
    run = start("slow")
    until(lambda: len(descendants(run.pid)) == 3)  # the preparation, granian, and its worker that waits
    with pytest.raises(OSError, match="refused"):
        served_by(port)
    preparation.write_text("")
    announced(run)
    assert served_by(port) in descendants(run.pid)


@pytest.mark.usefixtures("preparation")
def test_ctrl_c_during_the_preparation_stops_the_web_server_that_waits_for_it(start: Starter) -> None:
    run = start("slow")
    until(lambda: len(descendants(run.pid)) == 3)
    family = descendants(run.pid)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=30)
    assert (run.returncode, err) == (0, "")
    assert not [pid for pid in family if alive(pid)]


def test_a_port_that_is_taken_is_said_at_once_with_a_way_out(start: Starter, port: int) -> None:
    with socket.socket() as taken:
        taken.bind((serve.HOST, port))
        taken.listen()
        run = start()
        _, err = run.communicate(timeout=30)
    assert run.returncode == 1
    assert f"le port {port} ne peut être ouvert" in err
    assert f"make run PORT={port + 1}" in err


def test_the_real_platform_migrates_as_the_owner_before_it_loads_and_serves() -> None:
    assert [step[0] for step in serve.PREPARATION] == ["migrate", "load_demo"]
    assert "--database=owner" in serve.PREPARATION[0]
    plan = serve.platform(8123)
    assert plan.port == 8123
    assert [service.name for service in plan.services] == ["le serveur web", "les tâches de fond"]
    assert "8123" in plan.services[0].command


def test_a_port_that_is_not_a_number_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        serve.main(["--port", "huit mille"])
    assert caught.value.code == 2
    assert "--port" in capsys.readouterr().err
