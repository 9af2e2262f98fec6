"""`maillage backup verify`: reads a backup to its end and says whether it is sound; restores nothing and needs no database."""

import argparse
import sys
from pathlib import Path

from maillage.cli.chosen_settings import choose_settings
from maillage.cli.keeping import see_the_master_key
from maillage.cli.plurals import by_convention, counted
from maillage.cli.saving import add_keys, in_french, say_unread
from maillage.core.database.errors import DatabaseError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which."""
    parser.add_argument("directory", type=Path, help="une sauvegarde, ou leur dossier : la plus récente")
    add_keys(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when every byte is there and opens, 1 otherwise, and why."""
    import django  # noqa: PLC0415 -- the commands that only compute do without

    choose_settings()
    django.setup()
    try:
        see_the_master_key()
        return in_french(lambda: _verify(arguments))
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1


def _verify(arguments: argparse.Namespace) -> int:
    from maillage.backups.verifying import checked, chosen, verify  # noqa: PLC0415 -- Django is set up by now

    folder = chosen(arguments.directory)
    sound = checked(folder, arguments.keys or folder.resolve().parent)
    verify(sound)
    say_unread(sound.unread)
    manifest = sound.manifest
    print(
        f"Sauvegarde saine : {folder}, du {manifest.made_at.isoformat()}, {counted(manifest.documents, 'document')}, "
        f"{by_convention(len(sound.keys.keys))} ({sound.keys_file}), "
        f"{counted(len(sound.erased), 'effacement connu', 'effacements connus')}."
    )
    return 0
