"""`maillage keys rotate`: puts new keys in use while the web goes on, and closes under them what was under the former ones."""

import argparse
from datetime import datetime
from typing import Final

from maillage.cli.keeping import Progress, refusing

KINDS: Final = ("master", "pairs", "store", "cases", "index")
_LARGEST_BATCH: Final = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which keys, whose, and by how many rows at a time."""
    parser.add_argument(
        "kind",
        choices=KINDS,
        help="master : ce que la clé maîtresse enveloppe ; pairs : paires de clés des organismes ; "
        "store : clés par convention ; cases : clés des dossiers ; index : clés des empreintes qui retrouvent les personnes",
    )
    parser.add_argument("--siret", default="", help="un seul organisme (14 chiffres) ; tous sinon")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="pairs, store, index : finit ce qui a été commencé, sans mettre de nouvelle clé en service",
    )
    parser.add_argument(
        "--made-before",
        type=_instant,
        help="cases : seulement les clés faites avant cet instant (2026-01-31T00:00:00+01:00) ; avant maintenant sinon",
    )
    parser.add_argument(
        "--batch", type=_size, default=None, help="lignes par transaction (200 ; 50 pour les dossiers)"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when all is under the keys in use, 1 when something could not be opened or the command was refused."""
    return refusing(lambda: _rotate(arguments))


def _rotate(arguments: argparse.Namespace) -> int:
    from maillage.cli import renewal  # noqa: PLC0415 -- needs Django's models

    wanted = renewal.Wanted(
        siret="".join(arguments.siret.split()),
        resume=arguments.resume,
        before=arguments.made_before,
        batch=arguments.batch,
        progress=lambda label: Progress(label, every=0 if arguments.batch else 2.0),
    )
    work = {
        "master": renewal.master,
        "pairs": renewal.pairs,
        "store": renewal.store,
        "cases": renewal.cases,
        "index": renewal.index,
    }[arguments.kind]
    return work(wanted)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant


def _size(text: str) -> int:
    size = int(text)
    if not 1 <= size <= _LARGEST_BATCH:
        raise ValueError(text)
    return size
