"""`maillage audit prune`: removes the segments of the journal whose retention has passed."""

import argparse
import sys

from maillage.cli.anchoring import add_anchor_arguments, anchors_directory, say, trusted_key
from maillage.cli.operating import connect_as_owner
from maillage.core.clock import now
from maillage.core.database.errors import DatabaseError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The database is that of the environment."""
    add_anchor_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when all that was old enough is removed; 1, and nothing removed, when the journal or an anchor does not hold."""
    try:
        connect_as_owner()
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1
    from maillage.audit.anchors import AnchorFault  # noqa: PLC0415 -- needs Django's settings
    from maillage.audit.pruning import Altered, prune  # noqa: PLC0415 -- needs Django's models

    try:
        done = prune(directory=anchors_directory(arguments), trusted=trusted_key(arguments), at=now())
    except (AnchorFault, OSError, ValueError) as error:
        print(f"ancres : {error}", file=sys.stderr)
        return 1
    except Altered as altered:
        say(altered.found)
        print("rien n’a été retiré", file=sys.stderr)
        return 1
    if not done.anchor:
        print("rien n’a passé sa durée de conservation")
    else:
        print(f"{done.entries} entrée(s) retirées, jusqu’à l’ancre {done.anchor}")
    return 0
