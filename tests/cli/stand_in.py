"""A platform of stand-ins for the tests of the supervisor: `python -m tests.cli.stand_in PORT KIND`."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

from maillage.cli.children import die_with_parent
from maillage.cli.serve import Gate, Plan, Service, Supervisor
from maillage.core.database.settings import urls, uses_embedded_server

PYTHON = (sys.executable, "-m", "tests.cli.stand_in")
GRANIAN = (
    sys.executable,
    "-m",
    "granian",
    "--interface",
    "wsgi",
    "--log-level",
    "error",
    "--no-ws",
    "--factory",
)

PREPARATIONS = {"unprepared": (sys.executable, "-c", "exit(7)"), "slow": (*PYTHON, "prepare slowly")}


def application() -> Callable[..., Iterable[bytes]]:
    """Tied to granian as the real one is."""
    die_with_parent(signal.SIGKILL, os.getppid())
    Gate.wait(os.environ)

    def answer(environ: dict[str, Any], start: Callable[..., None]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return [str(os.getpid()).encode()]

    return answer


def prepare() -> None:
    """Leaves a trace in the embedded database, and says how many runs it has seen."""
    if not uses_embedded_server(os.environ):
        return
    with psycopg.connect(urls(os.environ).owner) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS runs (at timestamptz DEFAULT now())")
        owner.execute("INSERT INTO runs DEFAULT VALUES")
        row = owner.execute("SELECT count(*) FROM runs").fetchone()
    sys.stdout.write(f"liens vers {os.environ['MAILLAGE_URL']}\n")
    sys.stdout.write(f"démarrage {row[0] if row else '?'}\n")


def plan(port: int, kind: str) -> Plan:
    web = (*GRANIAN, "--port", str(port), "tests.cli.stand_in:application")
    return Plan(
        port=port,
        preparation=PREPARATIONS.get(kind, (*PYTHON, "prepare")),
        services=(
            Service("le serveur web", web, early=True),
            Service("les tâches de fond", (*PYTHON, "sleep" if kind != "dying" else "die")),
        ),
        announce=lambda: "les comptes",
    )


def main(arguments: list[str]) -> int:
    match arguments:
        case ["prepare"]:
            prepare()
        case ["sleep"]:
            time.sleep(600)
        case ["prepare slowly"]:
            time.sleep(2)
        case ["die"]:
            time.sleep(0.5)
            return 3
        case [port, kind]:
            return Supervisor(plan(int(port), kind), os.environ).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
