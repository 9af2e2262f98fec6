"""Where an embedded server keeps its files, and as whom it runs."""

import hashlib
import os
import pwd
import shutil
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from maillage.core.database.errors import DatabaseError

ROOT_DIRECTORY = Path("/var/lib/maillage")
SHORT_DIRECTORY = Path("/tmp")  # noqa: S108 -- the only short path every system has; ours is 0700 and its owner is checked
MEMORY = Path("/dev/shm")  # noqa: S108 -- the same; there is none on macOS
MEMORY_NEEDED = 2 << 30  # bytes free: the server of the tests uses a quarter of it
PROJECT = "project"  # the file that says whose place in memory this is
LONGEST_SOCKET_PATH = 103  # bytes: 107 on Linux, 103 on macOS


@dataclass(frozen=True)
class Account:
    """The system account under which the server runs when it is started by root, which PostgreSQL refuses."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Layout:
    """The files of one embedded server; everything but a too long socket path is below `root`."""

    root: Path
    account: Account | None

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.root / "data"

    @property
    def passwords(self) -> Path:
        """The passwords of the superuser and of the four roles; only whoever starts the server reads it."""
        return self.root / "passwords.json"

    @property
    def log(self) -> Path:
        """PostgreSQL's own log."""
        return self.root / "server.log"

    @property
    def start_lock(self) -> Path:
        """Held while the server is created, started or stopped."""
        return self.root / "start.lock"

    @property
    def use_lock(self) -> Path:
        """Shared by every process that uses the server."""
        return self.root / "use.lock"

    @property
    def socket(self) -> Path:
        """The directory of the Unix socket: a socket's whole path must stay under 104 bytes."""
        beside = self.root / "socket"
        if len(os.fsencode(beside / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return beside
        return SHORT_DIRECTORY / f"maillage-{os.geteuid()}-{_fingerprint(self.root)}"

    def create(self) -> None:
        """Create the directories, each closed to everybody but its user.

        Raises DatabaseError when they cannot be written, or when somebody else made the short directory.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.root.chmod(0o711 if self.account else 0o700)  # the server's account only passes through
            if self.account:
                self.root.parent.chmod(0o711)
            self.socket.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise DatabaseError(f"Impossible d’écrire dans {self.root} : {error.strerror}.") from error
        found = self.socket.lstat()
        owners = {os.geteuid(), self.account.uid} if self.account else {os.geteuid()}
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
            raise DatabaseError(
                f"{self.socket} appartient à un autre compte : supprimez-le, puis recommencez."
            )
        self.socket.chmod(0o700)
        self.give(self.socket)

    def give(self, path: Path) -> None:
        """Hand a file or directory over to the server's account, if it has one of its own."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


def layout(var: Path, name: str) -> Layout:
    """The files of the server `name` of the project whose changing files live in `var`.

    An ordinary user's server lives in `var`. Root's lives under /var/lib and runs as `nobody`: initdb wants
    an account that the system knows, and every system has that one.
    """
    if os.geteuid() != 0:
        return Layout(root=var / name, account=None)
    nobody = pwd.getpwnam("nobody")
    return Layout(
        root=ROOT_DIRECTORY / _fingerprint(var.resolve()) / name,
        account=Account(uid=nobody.pw_uid, gid=nobody.pw_gid),
    )


def layout_in_memory(var: Path, name: str) -> Layout:
    """The same in memory, for a server whose data may be lost when the machine restarts."""
    account = layout(var, name).account
    return Layout(MEMORY / f"{_memory_prefix()}{_fingerprint(var.resolve())}" / name, account)


def quick_layout(var: Path, name: str) -> Layout:
    """The files of such a server: in memory where there is room, or where it is already; on the disk otherwise."""
    quick = layout_in_memory(var, name)
    place = quick.root.parent
    if os.path.lexists(place):
        usable = _is_ours(place)
    else:
        writable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
        usable = writable and shutil.disk_usage(MEMORY).free >= MEMORY_NEEDED
    return quick if usable else layout(var, name)


def give_memory_back(var: Path) -> None:
    """Note whose place in memory this is, and remove those of projects that are gone: nobody would ever use them again."""
    mine = layout_in_memory(var, "").root
    if mine.is_dir():
        (mine / PROJECT).write_text(str(var.resolve().parent))
    for other in MEMORY.glob(f"{_memory_prefix()}*"):
        with suppress(
            FileNotFoundError
        ):  # it says nothing yet, or another process removes it at this instant
            if _is_ours(other) and not Path((other / PROJECT).read_text()).is_dir():
                shutil.rmtree(other, ignore_errors=True)


def _memory_prefix() -> str:
    return f"maillage-{os.geteuid()}-"


def _is_ours(place: Path) -> bool:
    found = place.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def var_directory(environ: Mapping[str, str]) -> Path:
    """Where the project keeps what changes: MAILLAGE_VAR, or `var` beside the package."""
    return Path(environ.get("MAILLAGE_VAR") or Path(__file__).resolve().parents[3] / "var")


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
