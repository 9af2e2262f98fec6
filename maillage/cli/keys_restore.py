"""`maillage keys restore`: brings back the keys of a backup, and destroys again what was destroyed, in the store and the database.

With `--accept-loss` there is no backup: what is in the place of the lost store becomes the store, keys that it has lost may be made
again, and what was sealed under the former ones stays closed.
"""

import argparse
import sys
from pathlib import Path

from maillage.cli.keeping import refusing
from maillage.cli.operating import in_words
from maillage.cli.plurals import counted, plural
from maillage.core.database.errors import DatabaseError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which backup, or none."""
    one = parser.add_mutually_exclusive_group(required=True)
    one.add_argument("file", type=Path, nargs="?", help="fichier écrit par maillage keys backup")
    one.add_argument(
        "--accept-loss",
        action="store_true",
        help="il n’y a pas de sauvegarde : d’autres clés serviront, ce que les perdues fermaient ne s’ouvre plus jamais",
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when all that may be brought back stands; 1 when the file is refused (nothing is then written), a key does not open, or
    something erased is left to the owner."""
    return refusing(
        _accept_loss if arguments.accept_loss else lambda: _restore(arguments.file), any_store=True
    )


def _accept_loss() -> int:
    from django.db import ProgrammingError, transaction  # noqa: PLC0415 -- Django is set up by now

    from maillage.core.clock import now  # noqa: PLC0415 -- the same
    from maillage.vault.actions import vault  # noqa: PLC0415 -- the same
    from maillage.vault.belonging import accept_loss, missing  # noqa: PLC0415 -- the same
    from maillage.vault.checks import store_fault  # noqa: PLC0415 -- the same

    fault = store_fault()
    if not fault and not missing(vault().store):
        raise DatabaseError(
            "Le magasin de clés est celui de cette base, et entier : il n’y a pas de perte à accepter."
        )
    try:
        with transaction.atomic():
            lost = accept_loss(vault().store, at=now())
    except ProgrammingError as error:
        raise DatabaseError(
            "Accepter une perte revient au propriétaire : nommez DATABASE_OWNER_URL."
        ) from error
    print(
        f"{'Un autre magasin est en service : ' if fault else ''}{counted(lost, 'clé perdue', 'clés perdues')}, "
        f"{plural(lost, 'une autre prendra sa place', 'd’autres prendront leur place')}. Ce qui était fermé ainsi ne s’ouvrira plus, "
        "sauf si une sauvegarde est retrouvée."
    )
    return 0


def _restore(path: Path) -> int:
    from maillage.protection.destruction.running import left_to_the_owner  # noqa: PLC0415 -- Django is set up by now
    from maillage.vault.backup import BadBackup, bring_back, put_in_place, read_backup  # noqa: PLC0415 -- Django is set up by now
    from maillage.vault.ledger import replay_all  # noqa: PLC0415 -- the same

    try:
        backup = read_backup(path)
        put_in_place(backup)
    except BadBackup as error:
        raise DatabaseError(f"{path} : {error}") from error
    except OSError as error:
        raise DatabaseError(f"{path} ne peut pas être lu : {in_words(error)}.") from error
    erased = replay_all(backup.erased)
    done = bring_back(backup)
    print(
        f"Sauvegarde du {backup.made_at.isoformat()} : {counted(done.brought_back, 'clé rendue', 'clés rendues')}, "
        f"{done.standing} déjà là, {counted(done.destroyed, 'détruite et non rendue', 'détruites et non rendues')}. "
        f"{counted(len(erased), 'effacement rejoué', 'effacements rejoués')}."
    )
    left = left_to_the_owner(erased)
    if left:
        print(
            f"maillage : {counted(left, 'effacement dont', 'effacements dont')} aucune destruction ne parle dans cette base : "
            f"{plural(left, 'sa clé est détruite', 'leurs clés sont détruites')}, le reste (accès, documents) revient au propriétaire. "
            "Recommencez avec DATABASE_OWNER_URL.",
            file=sys.stderr,
        )
    if done.unreadable or done.in_the_way:
        print(
            f"maillage : {counted(done.unreadable, 'clé ne s’ouvre', 'clés ne s’ouvrent')} avec aucune clé maîtresse connue ; "
            f"{counted(done.in_the_way, 'n’a', 'n’ont')} pas de place, deux autres clés étant déjà là : "
            "terminez « maillage keys rotate store --resume », puis recommencez.",
            file=sys.stderr,
        )
        return 1
    return 1 if left else 0
