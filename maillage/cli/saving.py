"""What the commands of backups share: acting as the owner, and refusals in French."""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from maillage.cli.keeping import refusing
from maillage.cli.operating import OWNER, in_words
from maillage.core.database.errors import DatabaseError


def add_keys(parser: argparse.ArgumentParser) -> None:
    """Where the keys are: in the same directory unless it is said."""
    parser.add_argument(
        "--keys",
        type=Path,
        metavar="DOSSIER",
        help="le dossier des clés, ailleurs de préférence ; sans lui, celui des sauvegardes",
    )


def as_owner(work: Callable[[], int], *, any_store: bool = False) -> int:
    """Run a command as the owner of the database; 1 when it is refused, which is said on standard error."""

    def checked() -> int:
        from django.db import connections  # noqa: PLC0415 -- Django is set up by now

        if OWNER not in connections.settings:
            raise DatabaseError("Cette commande agit en propriétaire de la base : nommez DATABASE_OWNER_URL.")
        return in_french(work)

    return refusing(checked, any_store=any_store)


def say_unread(unread: Iterable[Path]) -> None:
    """Name what lies beside a backup and does not read: it may know of erasures that nothing else tells."""
    for path in unread:
        print(
            f"maillage : {path} ne se lit pas : ce qu’il dit d’effacements plus récents, s’il est de cette base, n’est pas su.",
            file=sys.stderr,
        )


def in_french(work: Callable[[], int]) -> int:
    """What a backup refuses, as DatabaseError. Raises DatabaseError."""
    from maillage.vault.backup import BadBackup  # noqa: PLC0415 -- Django is set up by now

    try:
        return work()
    except BadBackup as error:
        raise DatabaseError(str(error)) from error
    except OSError as error:
        raise DatabaseError(f"{error.filename or 'Un fichier'} : {in_words(error)}.") from error
