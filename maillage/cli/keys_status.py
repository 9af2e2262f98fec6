"""`maillage keys status`: whether the store is the right one and whole, what is under which key, what a rotation has left to do.

And whether the former master key still serves.
"""

import argparse

from maillage.cli.keeping import refusing
from maillage.cli.plurals import by_convention, counted, plural


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command takes no argument: keys and database are those of the environment."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """0 when everything opens with the keys in use, 1 when something is still under a former one, opens with none, or is lost."""
    del arguments
    return refusing(_status, any_store=True)


def _status() -> int:
    from maillage.cli import renewal  # noqa: PLC0415 -- needs Django's models
    from maillage.cli.missing_keys import say_missing  # noqa: PLC0415 -- the same
    from maillage.vault import renewing  # noqa: PLC0415 -- the same
    from maillage.vault.actions import vault  # noqa: PLC0415 -- the same
    from maillage.vault.checks import HINT, store_fault  # noqa: PLC0415 -- the same

    fault = store_fault()
    if fault:
        print(f"{fault} {HINT}")
        return 1
    everybody, store = renewal.bodies(renewal.Wanted()), vault().store
    bodies = counted(len(everybody), "organisme a", "organismes ont")
    print(f"{bodies} une paire de clés ; {by_convention(len(store.holders()))}.")
    retiring = [name for body, name in everybody if renewing.retired_pairs(body)]
    for name in retiring:
        print(
            f"{name} : une ancienne paire sert encore. Finissez par « maillage keys rotate pairs --resume »."
        )
    two = store.being_renewed()
    if two:
        print(
            f"{by_convention(len(two))} {plural(len(two), 'a', 'ont')} deux versions. "
            "Finissez par « maillage keys rotate store --resume »."
        )
    lost = say_missing()
    left = renewal.say_master(renewal.under_former())
    return 1 if lost or retiring or two or left else 0
