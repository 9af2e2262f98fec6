"""`maillage manage …`: any Django command, with the embedded server running while it lasts."""

import os
import sys
from collections.abc import Sequence

from maillage.core.database.embedded import ensure_running
from maillage.core.database.errors import DatabaseError

SETTINGS = "config.settings.dev"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one Django command. 1 when the database cannot be had; Django's own errors keep their codes."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- half of the start-up time

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        ensure_running()
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1
    execute_from_command_line(["maillage manage", *(sys.argv[1:] if arguments is None else arguments)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
