"""`maillage manage …`: any Django command, with the embedded server running while it lasts."""

import sys
from collections.abc import Sequence

from maillage.cli.chosen_settings import choose_settings
from maillage.core.database.embedded import ensure_running
from maillage.core.database.errors import DatabaseError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one Django command. 1 when the database cannot be had; Django's own errors keep their codes."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- half of the start-up time

    given = list(sys.argv[1:] if arguments is None else arguments)
    if not any(argument.split("=")[0] == "--settings" for argument in given):
        choose_settings()
    try:
        ensure_running()
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1
    execute_from_command_line(["maillage manage", *given])
    return 0


if __name__ == "__main__":
    sys.exit(main())
