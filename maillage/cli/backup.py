"""`maillage backup`: the database, the documents and the anchors in one encrypted backup, the keys apart; then read whole again."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from maillage.cli.plurals import by_convention, counted
from maillage.cli.saving import add_keys, as_owner

if TYPE_CHECKING:
    from maillage.backups.writing import Written

KEYS_DAYS: Final = 28


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where, and for how long."""
    parser.add_argument("directory", type=Path, help="dossier des sauvegardes ; rien n’y est écrasé")
    add_keys(parser)
    parser.add_argument(
        "--keep",
        type=_days,
        metavar="JOURS",
        help="retire les sauvegardes plus vieilles, une fois celle-ci relue",
    )
    parser.add_argument(
        "--keep-keys",
        type=_days,
        metavar="JOURS",
        help=f"retire les clés plus vieilles ({KEYS_DAYS} jours avec --keep, s’il ne dit pas moins)",
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when the backup is on the disk and reads whole; 1 when it could not be, or when a key or a document is missing already."""
    return as_owner(lambda: _backup(arguments))


def _backup(arguments: argparse.Namespace) -> int:
    from maillage.backups.verifying import checked, verify  # noqa: PLC0415 -- Django is set up by now
    from maillage.backups.writing import write_backup  # noqa: PLC0415 -- the same
    from maillage.core.clock import now  # noqa: PLC0415 -- the same

    at = now()
    done = write_backup(arguments.directory, keys=arguments.keys or arguments.directory, at=at)
    verify(checked(done.path, done.keys.parent))
    size = sum(part.size for part in done.manifest.parts) / 1_000_000
    print(
        f"{done.path} : {size:.1f} Mo, {counted(done.manifest.documents, 'document')}, "
        f"{counted(done.manifest.anchor, 'ancre')}, {counted(len(done.manifest.erased), 'effacement')}, relue en entier.\n"
        f"{done.keys} : {by_convention(done.holders)}. Rien ne s’ouvre sans la clé maîtresse, qui n’y est pas."
    )
    _remove_older(done, arguments)
    return _complain(done)


def _remove_older(done: "Written", arguments: argparse.Namespace) -> None:
    from maillage.backups.keeping import remove_older, remove_older_keys  # noqa: PLC0415 -- Django is set up by now

    keep, keep_keys = arguments.keep, arguments.keep_keys
    if keep_keys is None and keep is not None:
        keep_keys = min(keep, KEYS_DAYS)
    at = done.manifest.made_at
    gone = remove_older(done, days=keep, at=at) if keep is not None else 0
    gone_keys = remove_older_keys(done, days=keep_keys, at=at) if keep_keys is not None else 0
    if gone or gone_keys:
        print(
            f"{counted(gone, 'sauvegarde ancienne retirée', 'sauvegardes anciennes retirées')}, "
            f"{counted(gone_keys, 'fichier de clés retiré', 'fichiers de clés retirés')}."
        )


def _complain(done: "Written") -> int:
    from maillage.cli.missing_keys import say_missing  # noqa: PLC0415 -- Django is set up by now

    for document in done.lost:
        print(f"maillage : le fichier du document {document} manque dans le magasin.", file=sys.stderr)
    if say_missing() or done.lost:
        print("maillage : cette sauvegarde ne les a pas non plus : gardez les précédentes.", file=sys.stderr)
        return 1
    return 0


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= 3660:
        raise ValueError(text)
    return days
