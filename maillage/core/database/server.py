"""The life of one embedded PostgreSQL server: created, started or found running, shared, stopped."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg

from maillage.core.database import passwords as kept_passwords
from maillage.core.database.binaries import binaries
from maillage.core.database.configuration import HOST_BASED_AUTHENTICATION, Profile, configuration
from maillage.core.database.errors import DatabaseError
from maillage.core.database.layout import Layout
from maillage.core.database.locking import SharedUse, exclusive
from maillage.core.database.passwords import Passwords
from maillage.core.database.settings import socket_url

SUPERUSER = "postgres"
START_SECONDS = 30.0  # after a kill -9, children of the dead server hold its shared memory for a while
RECOVERY_SECONDS = (
    300.0  # a server that answers « starting up » replays its journal: that is worth waiting for
)
STOP_SECONDS = 30.0
PAUSE_SECONDS = 0.03
LARGEST_LOG = 1_000_000  # bytes

# Servers that this process started and left to others: waited for once they end, and kept from a destructor
# that would complain of them.
_left_running: list[subprocess.Popen[bytes]] = []


class Server:
    """One embedded server. Several processes may use it: the first starts it, the last to leave stops it."""

    def __init__(self, place: Layout, profile: Profile, environ: Mapping[str, str]) -> None:
        self.place = place
        self.profile = profile
        self._environ = environ
        self._use: SharedUse | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def acquire(
        self,
        *,
        on_start: Callable[[psycopg.Connection], None] | None = None,
        before_exec: Callable[[], None] | None = None,
    ) -> None:
        """Create the server if needed, start it unless it runs, and use it until `release`.

        `on_start` prepares a server that this call started, through a superuser's connection, before anybody
        else uses it. `before_exec` runs in the child just before PostgreSQL: the supervisor ties it to its
        own life. Raises DatabaseError.
        """
        if self._use:
            return
        self.place.create()
        with exclusive(self.place.start_lock):
            directory = binaries(self._environ, self.place)
            self._initialise(directory)
            if not self._answers():
                self._start(directory, before_exec)
                if on_start:
                    with self.connect() as connection:
                        on_start(connection)
            self._use = SharedUse(self.place.use_lock)

    def release(self) -> None:
        """Stop using the server, and stop it when nobody else uses it."""
        if not self._use:
            return
        if not self.place.root.is_dir():  # forgotten meanwhile; without its files a server stops by itself
            self._use = None
            return
        with exclusive(self.place.start_lock):
            last, self._use = self._use.end(), None
            if last:
                self.stop()
            elif self._process:
                _left_running.append(self._process)
                self._process = None

    def stop(self) -> None:
        """Stop it whoever uses it: fast, or at once when that takes too long, which the journal repairs.

        `release` is what a user of the server calls.
        """
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            pid = self.postmaster()
            if pid is None:
                break
            os.kill(pid, how)
            deadline = time.monotonic() + STOP_SECONDS
            while self.postmaster() == pid and time.monotonic() < deadline:
                if self._process:
                    self._process.poll()  # a child that ended stays visible until it is waited for
                time.sleep(PAUSE_SECONDS)
        if self._process:
            self._process.wait(STOP_SECONDS)
            self._process = None

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection in autocommit."""
        url = socket_url(SUPERUSER, self.passwords().superuser, self.place.socket, database)
        return psycopg.connect(url, autocommit=True, connect_timeout=5)

    def passwords(self) -> Passwords:
        """The passwords of this server. Raises DatabaseError when there are none."""
        found = kept_passwords.read(self.place.passwords)
        if found is None:
            raise DatabaseError(
                f"Les mots de passe de la base manquent : {self.place.passwords} est introuvable."
            )
        return found

    def postmaster(self) -> int | None:
        """The process id of the running server, None when none runs."""
        try:
            pid = int((self.place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if self._is_ours(pid) else None

    def _initialise(self, directory: Path) -> None:
        """Create the data directory under another name, then rename it: a crash leaves nothing half-made."""
        if (self.place.data / "PG_VERSION").exists():
            self._check_version(directory)
            return
        if kept_passwords.read(self.place.passwords) is None:
            kept_passwords.write(self.place.passwords, kept_passwords.generate())
        unfinished = self.place.root / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.place.give(unfinished)
        with tempfile.NamedTemporaryFile("w", dir=self.place.socket, suffix=".password") as password_file:
            self.place.give(Path(password_file.name))
            password_file.write(self.passwords().superuser)
            password_file.flush()
            command = [
                directory / "initdb",
                *("--pgdata", unfinished, "--username", SUPERUSER, "--pwfile", password_file.name),
                *("--locale=C.UTF-8", "--encoding=UTF8", "--auth=scram-sha-256", "--data-checksums"),
                *(() if self.profile.durable else ("--no-sync",)),
            ]
            result = self._run(command)
        if result.returncode != 0:
            raise DatabaseError(
                f"La base n’a pas pu être créée : {result.stdout.decode(errors='replace')[-2000:]}"
            )
        unfinished.rename(self.place.data)

    def _check_version(self, directory: Path) -> None:
        written = (self.place.data / "PG_VERSION").read_text().strip()
        answer = self._run([directory / "postgres", "--version"]).stdout.decode(errors="replace")
        if f" {written}." not in answer and not answer.strip().endswith(f" {written}"):
            raise DatabaseError(
                f"Les données de {self.place.data} sont celles de PostgreSQL {written}, mais le programme "
                f"installé est « {answer.strip()} » : exportez-les avec l’ancienne version (pg_dump), "
                "ou supprimez le dossier."
            )

    def _start(self, directory: Path, before_exec: Callable[[], None] | None) -> None:
        """Start the server and wait until it answers, starting again while an unclean stop is in the way."""
        self._configure()
        began = time.monotonic()
        _left_running[:] = [process for process in _left_running if process.poll() is None]
        while not self._answers():
            waited = time.monotonic() - began
            if waited > (RECOVERY_SECONDS if self._recovering else START_SECONDS):
                raise DatabaseError(f"PostgreSQL n’a pas démarré en {waited:.0f} s :\n{self._last_words()}")
            if self._process is None or self._process.poll() is not None:
                self._process = self._launch(directory, before_exec)
            time.sleep(PAUSE_SECONDS)

    def _launch(self, directory: Path, before_exec: Callable[[], None] | None) -> subprocess.Popen[bytes]:
        account = self.place.account
        with self.place.log.open("ab") as log:
            return subprocess.Popen(
                [directory / "postgres", "-D", self.place.data],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.place.socket,
                env=self._server_environment() | self._without_stale_pid(),
                start_new_session=True,  # Ctrl-C is for the supervisor, which stops things in order
                preexec_fn=before_exec,  # noqa: PLW1509 -- only the supervisor gives one, and it has no thread
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )

    def _configure(self) -> None:
        for name, text in (
            ("postgresql.conf", configuration(self.profile, self.place.socket)),
            ("pg_hba.conf", HOST_BASED_AUTHENTICATION),
        ):
            path = self.place.data / name
            path.write_text(text)
            path.chmod(0o600)
            self.place.give(path)
        if self.place.log.exists() and self.place.log.stat().st_size > LARGEST_LOG:
            self.place.log.replace(self.place.log.with_suffix(".log.1"))
        self.place.log.touch(mode=0o600)

    def _answers(self) -> bool:
        """Whether a server answers on our socket, serves our directory and takes our password."""
        self._recovering = False
        try:
            with self.connect() as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError as error:
            self._recovering = "starting up" in str(error)
            if "password authentication failed" in str(error):
                raise DatabaseError(
                    f"Le serveur de {self.place.data} refuse le mot de passe de {self.place.passwords}."
                ) from error
            return False
        return row is not None and Path(row[0]).resolve() == self.place.data.resolve()

    def _is_ours(self, pid: int) -> bool:
        """Whether this process is our server, not an unrelated one that got the number of a dead server."""
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        command = Path(f"/proc/{pid}/cmdline")
        if not command.parent.parent.joinpath("self").exists():
            return True  # no /proc here: trust the file, as PostgreSQL does
        try:
            return os.fsencode(self.place.data) in command.read_bytes()
        except OSError:
            return False

    def _without_stale_pid(self) -> dict[str, str]:
        """Let PostgreSQL start over the file of a server that was killed.

        It refuses as long as any process bears the number in that file: a zombie that nobody waits for, or,
        after the machine restarted, something unrelated. It excepts the number in this variable, made
        for pg_ctl, and goes on to check the shared memory, which is what protects the data.
        """
        try:
            recorded = int((self.place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return {}
        return {} if self._is_ours(recorded) else {"PG_GRANDPARENT_PID": str(recorded)}

    def _run(self, command: list[str | Path]) -> subprocess.CompletedProcess[bytes]:
        account = self.place.account
        return subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.place.socket,
            env=self._server_environment(),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )

    def _server_environment(self) -> dict[str, str]:
        """The server sees no PG* variable nor secret of the caller, only where programs and libraries are."""
        kept = ("PATH", "LD_LIBRARY_PATH", "TZDIR")
        return {name: self._environ[name] for name in kept if name in self._environ} | {"LC_ALL": "C.UTF-8"}

    def _last_words(self) -> str:
        try:
            return "\n".join(self.place.log.read_text(errors="replace").splitlines()[-8:])
        except OSError:
            return f"(journal illisible : {self.place.log})"
