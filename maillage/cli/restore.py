"""`maillage restore`: brings a backup back into an empty database and empty stores; nobody enters before the erased are erased again."""

import argparse
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from maillage.cli.plurals import counted
from maillage.cli.saving import add_keys, as_owner, say_unread
from maillage.core.database.errors import DatabaseError

if TYPE_CHECKING:
    from maillage.backups.verifying import Sound
    from maillage.vault.ledger import Erased


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which."""
    parser.add_argument("directory", type=Path, help="une sauvegarde, ou leur dossier : la plus récente")
    add_keys(parser)
    parser.add_argument(
        "--certificate",
        type=Path,
        action="append",
        default=[],
        metavar="FICHIER",
        help="certificat de destruction établi depuis cette sauvegarde : ce qu’il dit est effacé de nouveau (autant que voulu)",
    )
    parser.add_argument(
        "--seal", type=Path, help="certificat du sceau (PEM), s'il n'est pas celui de MAILLAGE_SEAL"
    )


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
    certified = _certified(sound, arguments.certificate, arguments.seal)
    done = restore(replace(sound, erased=(*sound.erased, *certified)))
    print(
        f"Sauvegarde du {sound.manifest.made_at.isoformat()} rendue : {counted(done.documents, 'document')}, "
        f"{counted(done.keys.brought_back, 'clé rendue', 'clés rendues')}, {done.keys.standing} déjà là, "
        f"{counted(done.keys.destroyed, 'détruite et non rendue', 'détruites et non rendues')}. "
        f"{counted(done.erased, 'effacement rejoué', 'effacements rejoués')}. La base est ouverte de nouveau ; chacun se reconnecte."
    )
    _say_what_is_not_known(sound.known_until)
    if done.keys.unreadable or done.keys.in_the_way:
        print(
            f"maillage : {counted(done.keys.unreadable, 'clé ne s’ouvre', 'clés ne s’ouvrent')} avec aucune clé maîtresse connue ; "
            f"{counted(done.keys.in_the_way, 'n’a', 'n’ont')} pas de place, deux autres clés étant déjà là.",
            file=sys.stderr,
        )
    return 1 if say_missing() or done.keys.unreadable or done.keys.in_the_way else 0


def _certified(sound: "Sound", paths: list[Path], seal: Path | None) -> "list[Erased]":
    """What certificates of destruction say was erased, of this very store. Raises DatabaseError: then nothing is restored."""
    from django.conf import settings  # noqa: PLC0415 -- Django is set up by now

    from maillage.documents.sealing import SealFault, certificate_of  # noqa: PLC0415 -- the same
    from maillage.protection.destruction.certificate import read  # noqa: PLC0415 -- the same
    from maillage.vault.ledger import CONVENTION, Erased  # noqa: PLC0415 -- the same

    found = []
    for path in paths:
        try:
            known = certificate_of((seal or Path(settings.SEAL)).read_bytes())
            said = read(path.read_bytes(), certificate=known)
        except SealFault as fault:
            raise DatabaseError(f"{path} : {fault} Rien n’est rendu.") from fault
        if said.store and said.store != str(sound.manifest.store):
            raise DatabaseError(f"{path} est le certificat d’une autre base. Rien n’est rendu.")
        found.append(
            Erased(
                CONVENTION, UUID(said.convention), UUID(said.organisation), f"destruction {said.destruction}"
            )
        )
    return found


def _say_what_is_not_known(until: datetime) -> None:
    """A backup knows nothing of what was erased after it, nor do its neighbours of what was erased after them."""
    print(
        f"maillage : les effacements sont connus jusqu’au {until.astimezone(UTC):%Y-%m-%d à %H:%M} (UTC). Ce qui a été effacé depuis est "
        "revenu : données détruites au terme d’une convention, dossiers au bout de leur durée, demandes de personnes. S’il reste des clés "
        "sauvegardées plus tard : « maillage keys restore FICHIER » ; un certificat de destruction plus récent : rendez de nouveau cette "
        "sauvegarde, dans une base vide, avec --certificate FICHIER. « maillage erase verify » dit ce qui manque.",
        file=sys.stderr,
    )
