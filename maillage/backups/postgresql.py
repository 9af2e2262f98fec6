"""The database as one stream: `pg_dump`'s archive out, `pg_restore` in. Nothing of it touches the disk in between."""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, Final

from django.db import connection

from maillage.backups.files import PIECE
from maillage.core.database.errors import DatabaseError
from maillage.core.database.programs import environment, major_of, program

EXTENSIONS: Final = ("btree_gist",)
_DUMP: Final = (
    "--format=custom",
    "--compress=gzip:1",
    "--no-owner",
    "--no-publications",
    "--no-subscriptions",
    "--no-security-labels",
    "--no-tablespaces",
    "--lock-wait-timeout=60000",
    # The owner obeys row security too (FORCE), by a policy that shows every row: `every_row_is_the_owners` looks at it.
    "--enable-row-security",
)
_UNSEEN: Final = """
    SELECT c.relname FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relrowsecurity
       AND (NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd = '*'
                         AND p.polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname = current_user)]
                         AND pg_get_expr(p.polqual, p.polrelid) = 'true')
            OR EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive))
     ORDER BY 1
"""


def server_major() -> int:
    """The major version of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])


def dump_program() -> tuple[Path, int]:
    """The `pg_dump` that this server takes, and its major version. Raises DatabaseError."""
    found = program("pg_dump", at_least=server_major(), environ=os.environ)
    return found, major_of(found)


def every_row_is_the_owners() -> None:
    """See that no policy hides a row from whoever dumps: it would be missing without a word. Raises DatabaseError."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEEN)
        unseen = [row[0] for row in cursor.fetchall()]
    if unseen:
        raise DatabaseError(
            f"Le propriétaire ne voit pas toutes les lignes de {', '.join(unseen)} : cette sauvegarde serait incomplète."
        )


def dumped(snapshot: str) -> Iterator[bytes]:
    """The archive of the whole database as an exported snapshot shows it. Raises DatabaseError."""
    found, _ = dump_program()
    with _running([str(found), *_DUMP, f"--snapshot={snapshot}"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - tells the type checker what PIPE gives
        while piece := process.stdout.read(PIECE):
            yield piece


def bring_back(archive: Iterable[bytes], *, made_by: int) -> None:
    """Restore an archive into the empty database of this connection: all of it or nothing. Raises DatabaseError."""
    with connection.cursor() as cursor:
        for extension in EXTENSIONS:
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    named = str(connection.settings_dict["NAME"])
    _feed(
        archive,
        max(made_by, server_major()),
        ["--single-transaction", "--no-owner", "--schema=public", f"--dbname={named}"],
    )


def read_whole(archive: Iterable[bytes], *, made_by: int) -> None:
    """Have an archive read to its end, and keep nothing of it. Raises DatabaseError."""
    _feed(archive, made_by, ["--no-owner", f"--file={os.devnull}"])


def _feed(archive: Iterable[bytes], at_least: int, arguments: Sequence[str]) -> None:
    found = program("pg_restore", at_least=at_least, environ=os.environ)
    command = [str(found), "--format=custom", *arguments]
    with _running(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stdin is not None  # noqa: S101 - tells the type checker what PIPE gives
        with suppress(BrokenPipeError):  # it ended before: what it said tells why
            for piece in archive:
                process.stdin.write(piece)
            process.stdin.flush()
        with suppress(BrokenPipeError):
            process.stdin.close()


@contextmanager
def _running(
    command: list[str], *, stdout: int, stdin: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    said: list[bytes] = []
    with subprocess.Popen(
        command,
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=environment(connection.get_connection_params(), os.environ),
    ) as process:
        listener = Thread(target=_listen, args=(process.stderr, said), daemon=True)
        listener.start()
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            listener.join()
    if process.returncode:
        raise DatabaseError(f"{Path(command[0]).name} a échoué : {_fault(b''.join(said))}")


def _listen(stream: IO[bytes] | None, said: list[bytes]) -> None:
    """Keep the beginning of what is said, and read on: a full pipe would stop whoever speaks."""
    while stream and (piece := stream.read(4096)):
        if len(said) < 16:
            said.append(piece)


def _fault(said: bytes) -> str:
    """The first error, without what it quotes: that may be a value of a row."""
    lines = said.decode(errors="replace").splitlines()
    first = next((line for line in lines if "error:" in line), "il ne dit pas pourquoi")
    return re.sub(r'"[^"]*"', '"…"', first)[:300]
