"""`make reset`: forget everything that `make run` and `make test` keep between two runs."""

import os
import shutil
import sys
from collections.abc import Mapping

from maillage.core.database.errors import DatabaseError
from maillage.core.database.layout import var_directory
from maillage.core.database.removal import forget


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Remove the embedded databases, then `var`: keys and documents. 1 when somebody uses them."""
    try:
        forget(environ)
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1
    shutil.rmtree(var_directory(environ), ignore_errors=True)
    print("Les données de démonstration sont effacées.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
