"""`maillage keys index`: makes again the digests by which each organisation finds its people, under that organisation."""

import argparse

from maillage.cli.keeping import Progress, refusing
from maillage.cli.plurals import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose."""
    parser.add_argument("--siret", default="", help="un seul organisme (14 chiffres) ; tous sinon")


def run(arguments: argparse.Namespace) -> int:
    """0 when it is done, 1 when the command was refused. Searches find less while it runs."""
    return refusing(lambda: _index("".join(arguments.siret.split())))


def _index(siret: str) -> int:
    from maillage.beneficiaries.indexing import index_again, index_waiting  # noqa: PLC0415 -- needs Django's models
    from maillage.cli import renewal  # noqa: PLC0415 -- the same

    waiting = sum(index_again(body) for body, _ in renewal.bodies(renewal.Wanted(siret=siret)))
    print(f"{waiting} personnes à indexer.", flush=True)
    done = index_waiting(tell=Progress("empreintes"))
    print(
        f"{counted(done.indexed, 'dossier indexé', 'dossiers indexés')}, {done.left_out} sans données lisibles."
    )
    return 0
