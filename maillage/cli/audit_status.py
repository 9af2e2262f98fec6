"""`maillage audit status`: says whether the journal is kept beyond its retention."""

import argparse
import sys

from maillage.cli.operating import OWNER, connect_as_owner
from maillage.core.clock import now
from maillage.core.database.errors import DatabaseError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The database is that of the environment."""


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - it takes none
    """0 when nothing waits for longer than a month to be removed; 1 when something does."""
    try:
        connect_as_owner()
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1
    from maillage.audit.overdue import overdue_since  # noqa: PLC0415 -- needs Django's settings

    since = overdue_since(now(), using=OWNER)
    if since is None:
        print("le journal n’est pas gardé au-delà de sa durée")
        return 0
    print(
        f"le journal est gardé au-delà de sa durée depuis le {since:%d/%m/%Y} : lancez « maillage audit prune »"
    )
    return 1
