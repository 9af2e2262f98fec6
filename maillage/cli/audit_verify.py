"""`maillage audit verify`: reads the whole journal and says whether it was altered, and where first."""

import argparse
import sys

from maillage.audit.reporting import intact
from maillage.cli.anchoring import add_anchor_arguments, anchors_directory, say, trusted_key
from maillage.cli.operating import connect_as_owner
from maillage.core.clock import now
from maillage.core.database.errors import DatabaseError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The database is that of the environment."""
    add_anchor_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when every chain holds and the anchors agree, 1 when one does not or the database cannot be had."""
    try:
        connect_as_owner()
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1
    from maillage.audit.anchors import AnchorFault, read_anchors  # noqa: PLC0415 -- needs Django's settings
    from maillage.audit.verification import has_journal, missing_anchor, pruned, verify  # noqa: PLC0415 -- needs Django's models

    if not has_journal():
        print(
            "maillage : cette base est vide, elle n’a pas de journal à vérifier : vérifiez DATABASE_OWNER_URL, ou installez-la d’abord.",
            file=sys.stderr,
        )
        return 1
    directory = anchors_directory(arguments)
    try:
        trusted = trusted_key(arguments)
        anchors = list(read_anchors(directory, trusted=trusted))
        read, found = verify(anchors=anchors, at=now())
        missing = missing_anchor(list(read_anchors(directory, trusted=trusted)))
    except (AnchorFault, OSError, ValueError) as error:
        print(f"ancres : {error}", file=sys.stderr)
        return 1
    say(found)
    if missing:
        print(f"ancres : {missing}", file=sys.stderr)
    if found or missing:
        return 1
    whose = "" if trusted else " (signées par la clé qu’elles nomment : donnez --public-key)"
    until = anchors[-1].at if anchors else None
    for line in intact(read, anchors=len(anchors), until=until, pruned=pruned(), whose=whose):
        print(line)
    return 0
