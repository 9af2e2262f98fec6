"""`maillage audit seal`: closes a segment of the journal by an anchor written outside the database."""

import argparse
import sys

from maillage.cli.operating import connect_as_owner
from maillage.core.clock import now
from maillage.core.database.errors import DatabaseError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command takes no argument: the directory and the key are those of the environment."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """0 when a segment was sealed, or when nothing had been written since the last one."""
    del arguments
    try:
        connect_as_owner()
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1
    from maillage.audit.anchors import AnchorFault  # noqa: PLC0415 -- needs Django's settings
    from maillage.audit.sealing import seal  # noqa: PLC0415 -- needs Django's models

    try:
        sealed = seal(at=now(), using="owner")
    except (AnchorFault, OSError) as error:
        print(f"ancres : {error}", file=sys.stderr)
        return 1
    if sealed.path is None:
        print("rien de nouveau à sceller")
    else:
        print(f"segment scellé : {sealed.lanes} voie(s), {sealed.path}")
    print(f"clé publique : {sealed.public_key}")
    return 0
