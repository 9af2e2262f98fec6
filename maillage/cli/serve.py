"""`make run`: database, demonstration, web server and worker, started, watched and stopped together.

python -m maillage.cli.serve [--port 8000]
"""

import argparse
import gc
import http.client
import importlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maillage.cli.children import STOP_SECONDS, Child, die_with_parent, tied
from maillage.cli.chosen_settings import DEMONSTRATION, VARIABLE
from maillage.cli.gate import Gate
from maillage.core.database import closing
from maillage.core.database.embedded import ensure_running
from maillage.core.database.errors import DatabaseError

HOST = "127.0.0.1"
PORT = 8000
READY_SECONDS = 60.0
PAUSE_SECONDS = 0.05

# Before anything is served, in this order, in one process: starting Django costs a second.
PREPARATION: tuple[tuple[str, ...], ...] = (
    ("migrate", "--database=owner", "--no-input", "--verbosity=0"),
    ("load_demo",),
)

# Where the list of accounts is. Like the commands above it is named, not imported: the commands and the
# demonstration are two top layers that do not know each other.
ACCOUNTS = "maillage.demo.accounts"


@dataclass(frozen=True)
class Service:
    """A program that runs as long as the platform does.

    One that is `early` loads its code while the database is prepared, and waits at the gate before it serves.
    """

    name: str
    command: tuple[str, ...]
    early: bool = False


@dataclass(frozen=True)
class Plan:
    """What the supervisor starts. Services are started in this order and stopped in it too: the web first."""

    port: int
    preparation: tuple[str, ...]
    services: tuple[Service, ...]
    announce: Callable[[], str]

    @property
    def address(self) -> str:
        """Where this platform is found; its e-mails and calendars lead there, unless MAILLAGE_URL says otherwise."""
        return f"http://{HOST}:{self.port}"


class StopRequest(Exception):
    """Somebody asked the platform to stop."""


class ServeError(Exception):
    """The platform cannot start or go on; the message is French."""


def platform(port: int) -> Plan:
    """The real thing."""
    python = sys.executable
    granian = (python, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port))
    web = (*granian, "--blocking-threads", "4", "--log-level", "warning", "--no-ws", "--factory")
    return Plan(
        port=port,
        preparation=(python, "-m", "maillage.cli.serve", "--prepare"),
        services=(
            Service("le serveur web", (*web, "maillage.cli.serve:application"), early=True),
            Service("les tâches de fond", (python, "-m", "maillage.cli.manage", "run_worker")),
        ),
        announce=accounts,
    )


class Supervisor:
    """Starts a plan, waits until it answers, watches it, and stops it whatever happens."""

    def __init__(self, plan: Plan, environ: Mapping[str, str]) -> None:
        self._plan = plan
        self._environ = {"MAILLAGE_URL": plan.address, **environ}
        self._asked_to_stop = False
        self._children: list[Child] = []
        self._gate = Gate()

    def run(self) -> int:
        """The exit code: 0 after Ctrl-C or SIGTERM, 1 when something could not start or died."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        server = None
        try:
            began = time.monotonic()
            self._check_port()
            server = ensure_running(self._environ, before_exec=tied(signal.SIGINT))
            self._start(early=True)
            self._prepare()
            self._gate.open()
            self._start(early=False)
            self._wait_until_it_answers()
            print(f"\n{self._plan.announce()}")
            print(f"\nPrêt en {time.monotonic() - began:.1f} s : {self._plan.address}")
            print("Ctrl-C arrête tout.", flush=True)
            while True:
                self._watch()
        except StopRequest:
            return 0
        except (ServeError, DatabaseError) as error:
            print(f"maillage : {error}", file=sys.stderr, flush=True)
            return 1
        finally:
            for child in self._children:
                child.stop(STOP_SECONDS if self._gate.opened else 0)  # nothing was served: nothing to finish
            if server:
                server.release()
            print("Arrêté.", flush=True)

    def _ask_to_stop(self, *_signal: object) -> None:
        self._asked_to_stop = True

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, self._plan.port))
            except OSError as error:
                raise ServeError(
                    f"le port {self._plan.port} ne peut être ouvert ({error.strerror}) : Maillage tourne "
                    f"peut-être déjà. Arrêtez-le, ou choisissez un autre port : "
                    f"make run PORT={self._plan.port + 1}"
                ) from error

    def _start(self, *, early: bool) -> None:
        environ = {**self._environ, Gate.VARIABLE: str(self._gate.end)} if early else self._environ
        inherited = (self._gate.end,) if early else ()
        for service in self._plan.services:
            if service.early is early:
                self._children.append(Child(service.name, service.command, environ, inherited))

    def _prepare(self) -> None:
        child = Child("la préparation", self._plan.preparation, self._environ)
        self._children.append(child)
        while child.code() is None:
            self._pause()
        if child.code() != 0:
            raise ServeError(f"la préparation de la base a échoué (code {child.code()}).")
        self._children.remove(child)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(self._plan.port):
            self._watch()
            if time.monotonic() > deadline:
                raise ServeError(f"aucune réponse sur le port {self._plan.port} après {READY_SECONDS:.0f} s.")

    def _watch(self) -> None:
        for child in self._children:
            if child.code() is not None:
                raise ServeError(f"{child.name} s’est arrêté (code {child.code()}) : tout est arrêté.")
        self._pause()

    def _pause(self) -> None:
        if self._asked_to_stop:
            raise StopRequest
        time.sleep(PAUSE_SECONDS)


def _answers(port: int) -> bool:
    """Whether the home page is served; an error of the server is not an answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def accounts() -> str:
    """The demonstration accounts, one a line."""
    demo_accounts = importlib.import_module(ACCOUNTS).demo_accounts
    rows = [("Identifiant", "Mot de passe", "Rôle", "Organisme")]
    rows.extend((row.login, row.password, row.role, row.organisation) for row in demo_accounts())
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)


def _is_being_restored() -> bool:
    from django.db import connections  # noqa: PLC0415 -- Django is set up by now

    owner = connections["owner"]
    with owner.cursor() as cursor:
        return closing.restored_from(cursor, str(owner.settings_dict["NAME"])) is not None


def application() -> Any:
    """The WSGI application, in the process that granian starts for it and that must not outlive granian."""
    die_with_parent(signal.SIGKILL, os.getppid())
    loaded = importlib.import_module("config.wsgi").application
    Gate.wait(os.environ)
    return loaded


def prepare() -> int:
    """Migrate and load the demonstration; both leave alone what is there. 1 when older data cannot follow, or a setting is nonsense."""
    gc.disable()  # a process of its own, soon over: looking for garbage takes it a sixth of its time
    import django  # noqa: PLC0415 -- the supervisor itself does without
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    from django.core.checks import Tags, run_checks  # noqa: PLC0415

    from maillage.core.applied import rewritten  # noqa: PLC0415

    wrong = [message for message in run_checks(tags=[Tags.security]) if message.is_serious()]
    for message in wrong:
        print(f"maillage : {message.msg} {message.hint or ''}".rstrip(), file=sys.stderr)
    if wrong:
        return 1

    if _is_being_restored():
        print(f"maillage : la base est fermée. {closing.HINT}", file=sys.stderr)
        return 1
    if changed := rewritten():
        print(
            f"maillage : ces données viennent d’une version dont le schéma a été récrit depuis ({changed[0]}"
            f"{f' et {len(changed) - 1} autres' if len(changed) > 1 else ''}). `make reset` les oublie, puis `make run` repart à neuf.",
            file=sys.stderr,
        )
        return 1
    for name, *options in PREPARATION:
        call_command(name, *options)
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until asked to stop. 0 after Ctrl-C, 1 when something failed, 2 on bad usage."""
    parser = argparse.ArgumentParser(prog="maillage serve", description="Sert Maillage et sa démonstration.")
    parser.add_argument(
        "--port", type=int, default=os.environ.get("MAILLAGE_PORT", PORT), help="8000 par défaut"
    )
    parser.add_argument("--stop-with-parent", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    os.environ.setdefault(VARIABLE, DEMONSTRATION)
    if options.prepare:
        return prepare()
    if options.stop_with_parent:
        die_with_parent(signal.SIGTERM, os.getppid())
    return Supervisor(platform(options.port), os.environ).run()


if __name__ == "__main__":
    sys.exit(main())
