"""`maillage restore`: brings a backup back into an empty database and empty stores; nobody enters before the erased are erased again."""

import argparse
import sys
from pathlib import Path

from maillage.cli.plurals import counted
from maillage.cli.saving import add_keys, as_owner, say_unread


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which."""
    parser.add_argument("directory", type=Path, help="une sauvegarde, ou leur dossier : la plus récente")
    add_keys(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when everything stands and the database is open again; 1 when it was refused, or when a key does not open."""
    return as_owner(lambda: _restore(arguments), any_store=True)


def _restore(arguments: argparse.Namespace) -> int:
    from maillage.backups.restoring import restore  # noqa: PLC0415 -- Django is set up by now
    from maillage.backups.verifying import checked, chosen  # noqa: PLC0415 -- the same
    from maillage.cli.missing_keys import say_missing  # noqa: PLC0415 -- the same

    folder = chosen(arguments.directory)
    sound = checked(folder, arguments.keys or folder.resolve().parent)
    say_unread(sound.unread)
    done = restore(sound)
    print(
        f"Sauvegarde du {sound.manifest.made_at.isoformat()} rendue : {counted(done.documents, 'document')}, "
        f"{counted(done.keys.brought_back, 'clé rendue', 'clés rendues')}, {done.keys.standing} déjà là, "
        f"{counted(done.keys.destroyed, 'détruite et non rendue', 'détruites et non rendues')}. "
        f"{counted(done.erased, 'effacement rejoué', 'effacements rejoués')}. La base est ouverte de nouveau ; chacun se reconnecte."
    )
    if done.keys.unreadable or done.keys.in_the_way:
        print(
            f"maillage : {counted(done.keys.unreadable, 'clé ne s’ouvre', 'clés ne s’ouvrent')} avec aucune clé maîtresse connue ; "
            f"{counted(done.keys.in_the_way, 'n’a', 'n’ont')} pas de place, deux autres clés étant déjà là.",
            file=sys.stderr,
        )
    return 1 if say_missing() or done.keys.unreadable or done.keys.in_the_way else 0
