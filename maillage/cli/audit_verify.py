"""`maillage audit verify`: reads the whole journal and says whether it was altered, and where first."""

import argparse
import sys

from maillage.cli.operating import connect_as_owner
from maillage.core.database.errors import DatabaseError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command takes no argument: the database is that of the environment."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """0 when every chain holds, 1 when one does not or the database cannot be had."""
    del arguments
    try:
        connect_as_owner()
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1
    from maillage.audit.verification import verify  # noqa: PLC0415 -- needs Django's models

    read, found = verify()
    for alteration in found:
        where = f"chaîne {alteration.chain}, voie {alteration.lane}, maillon {alteration.number}"
        entry = f", entrée {alteration.entry}" if alteration.entry else ""
        print(f"journal altéré : {where}{entry} : {alteration.what}", file=sys.stderr)
    if found:
        return 1
    print(f"journal intact : {read} entrées vérifiées")
    return 0
