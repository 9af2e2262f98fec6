"""What is due is destroyed forty days on, in small batches, by a process that says when it begins: `python -m tests.proof.destroyer`."""

import sys
from datetime import timedelta

from maillage.cli.keeping import connect_as_keeper

if __name__ == "__main__":
    connect_as_keeper()
    from maillage.core.clock import now
    from maillage.protection.destruction import running

    running.BATCH = 2  # type: ignore[misc] # many steps, for a kill to fall between
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    running.destroy_due(now() + timedelta(days=40))
