"""`maillage keys restore`: brings back the keys of a backup, and destroys again what was destroyed, in the store and the database."""

import argparse
import sys
from pathlib import Path

from maillage.cli.keeping import refusing
from maillage.core.database.errors import DatabaseError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which backup."""
    parser.add_argument("file", type=Path, help="fichier écrit par maillage keys backup")


def run(arguments: argparse.Namespace) -> int:
    """0 when all that may be brought back stands, 1 when the file is refused (nothing is then written) or a key does not open."""
    return refusing(lambda: _restore(arguments.file))


def _restore(path: Path) -> int:
    from maillage.documents.erasing import remove_erased  # noqa: PLC0415 -- Django is set up by now
    from maillage.vault.backup import BadBackup, bring_back, read_backup  # noqa: PLC0415 -- the same
    from maillage.vault.ledger import replay  # noqa: PLC0415 -- the same

    try:
        backup = read_backup(path)
    except BadBackup as error:
        raise DatabaseError(f"{path} : {error}") from error
    except OSError as error:
        raise DatabaseError(f"{path} ne peut pas être lu : {error.strerror}.") from error
    erased = replay(backup.erased)
    remove_erased(erased)
    done = bring_back(backup)
    print(
        f"Sauvegarde du {backup.made_at.isoformat()} : {done.brought_back} clés rendues, {done.standing} déjà là, "
        f"{done.destroyed} détruites et non rendues. {len(erased)} effacements rejoués."
    )
    if done.unreadable or done.in_the_way:
        print(
            f"maillage : {done.unreadable} clés ne s’ouvrent avec aucune clé maîtresse connue ; {done.in_the_way} n’ont pas "
            "de place, deux autres clés étant déjà là : terminez « maillage keys rotate store --resume », puis recommencez.",
            file=sys.stderr,
        )
        return 1
    return 0
