"""`maillage keys backup`: writes the store of keys and the ledger of what was destroyed to one file, apart from the database."""

import argparse
import sys
from pathlib import Path

from maillage.cli.keeping import refusing
from maillage.cli.operating import in_words
from maillage.cli.plurals import by_convention, counted
from maillage.core.database.errors import DatabaseError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where."""
    parser.add_argument("file", type=Path, help="fichier à écrire ; il ne doit pas exister")


def run(arguments: argparse.Namespace) -> int:
    """0 when the file is written and on the disk; 1 when it could not be, and there is none, or when the store has lost keys."""
    return refusing(lambda: _backup(arguments.file))


def _backup(path: Path) -> int:
    from maillage.cli.missing_keys import say_missing  # noqa: PLC0415 -- Django is set up by now
    from maillage.core.clock import now  # noqa: PLC0415 -- the same
    from maillage.vault.backup import write_backup  # noqa: PLC0415 -- the same
    from maillage.vault.ledger import replay  # noqa: PLC0415 -- the same

    erased = replay()
    try:
        made = write_backup(path, erased=erased, at=now())
    except FileExistsError as error:
        raise DatabaseError(f"{path} existe déjà : donnez un autre nom, rien n’est écrasé.") from error
    except OSError as error:
        raise DatabaseError(f"{path} ne peut pas être écrit : {in_words(error)}.") from error
    print(
        f"{by_convention(len(made.keys))} et {counted(len(erased), 'effacement')}, dans {path}. Rien ne s’ouvre "
        "sans la clé maîtresse, qui n’y est pas."
    )
    if say_missing():
        print("maillage : cette sauvegarde ne les a pas non plus : gardez les précédentes.", file=sys.stderr)
        return 1
    return 0
