"""A platform of stand-ins for the tests of the supervisor: `python -m tests.cli.stand_in PORT KIND`."""

import os
import sys

import psycopg

from maillage.cli.serve import Plan, Service, Supervisor
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

# What is only started, watched and stopped is no Python: each would load half a second of code to do nothing.
PREPARATIONS = {"unprepared": ("sh", "-c", "exit 7"), "slow": ("sh", "-c", 'exec cat "$PREPARATION"')}
BACKGROUND = {"dying": ("sh", "-c", "sleep 0.5; exit 3")}


def prepare() -> None:
    """Leaves a trace in the embedded database, and says how many runs it has seen."""
    with psycopg.connect(urls(os.environ).owner) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS runs (at timestamptz DEFAULT now())")
        owner.execute("INSERT INTO runs DEFAULT VALUES")
        row = owner.execute("SELECT count(*) FROM runs").fetchone()
    sys.stdout.write(f"liens vers {os.environ['MAILLAGE_URL']}\n")
    sys.stdout.write(f"démarrage {row[0] if row else '?'}\n")


def plan(port: int, kind: str) -> Plan:
    web = (*GRANIAN, "--port", str(port), "tests.cli.stand_in_web:application")
    usual = (*PYTHON, "prepare") if uses_embedded_server(os.environ) else ("true",)
    return Plan(
        port=port,
        preparation=PREPARATIONS.get(kind, usual),
        services=(
            Service("le serveur web", web, early=True),
            Service("les tâches de fond", BACKGROUND.get(kind, ("sleep", "600"))),
        ),
        announce=lambda: "les comptes",
    )


def main(arguments: list[str]) -> int:
    match arguments:
        case ["prepare"]:
            prepare()
        case [port, kind]:
            return Supervisor(plan(int(port), kind), os.environ).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
