"""What the commands of keys share: acting as the owner or as the worker, and saying how far they are."""

import sys
import time
from collections.abc import Callable
from typing import Final

from maillage.cli.chosen_settings import choose_settings
from maillage.core.database.embedded import ensure_running
from maillage.core.database.errors import DatabaseError

KEEPERS: Final = ("owner", "worker")
"""The connections that may renew keys, the first of those that the environment names."""
_EVERY: Final = 2.0  # seconds between two lines of progress


def connect_as_keeper(*, any_store: bool = False) -> None:
    """Set Django up, every query going through the owner's role or the worker's. Raises DatabaseError.

    Raises it too, in French, when no usable master key is given, and without `any_store` when the store is not the database's.
    """
    import django  # noqa: PLC0415 -- the commands that only compute do without
    from django.db import OperationalError, connection, connections  # noqa: PLC0415 -- the same

    choose_settings()
    ensure_running()
    django.setup()
    keeper = next((alias for alias in KEEPERS if alias in connections.settings), None)
    if keeper is None:
        raise DatabaseError(
            "Cette commande agit en propriétaire de la base ou en tâche de fond : nommez DATABASE_OWNER_URL ou "
            "DATABASE_WORKER_URL."
        )
    connection.close()
    connections.settings["default"].update(connections.settings[keeper])
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise DatabaseError("La base ne répond pas, ou refuse ce rôle : vérifiez son adresse.") from error
    see_the_master_key()
    if not any_store:
        _see_the_store()


def _see_the_store() -> None:
    from maillage.vault.checks import HINT, store_fault  # noqa: PLC0415 -- Django is set up by now

    fault = store_fault()
    if fault:
        raise DatabaseError(f"{fault} {HINT}")


def see_the_master_key() -> None:
    """Raises DatabaseError, in French, without a usable master key."""
    from maillage.vault.actions import vault  # noqa: PLC0415 -- Django is set up by now
    from maillage.vault.master import MasterKeyMissing  # noqa: PLC0415 -- the same

    try:
        vault()
    except MasterKeyMissing as error:
        raise DatabaseError(
            "La clé maîtresse manque ou n’est pas valable : donnez celle du serveur (MAILLAGE_MASTER_KEY ou "
            "MAILLAGE_MASTER_KEY_FILE), et l’ancienne si vous en changez (MAILLAGE_MASTER_KEY_FORMER)."
        ) from error


def refusing(work: Callable[[], int], *, any_store: bool = False) -> int:
    """Run what a command does; what the operator must know goes to standard error, with code 1.

    With `any_store` it runs although the key store is not that of the database.
    """
    try:
        connect_as_keeper(any_store=any_store)
        return _answered(work)
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1


def _answered(work: Callable[[], int]) -> int:
    from django.db import OperationalError  # noqa: PLC0415 -- Django is set up by now

    from maillage.vault.store import KeyMissing, WrongStore  # noqa: PLC0415 -- the same

    try:
        return work()
    except KeyMissing as error:
        from maillage.cli.missing_keys import HOW, named  # noqa: PLC0415 -- the same

        raise DatabaseError(
            f"le magasin n’a plus la clé de {named(error.organisation, error.convention)}. {HOW}"
        ) from error
    except WrongStore as error:
        _see_the_store()
        raise DatabaseError(
            f"{error} : ce dossier n’est pas un magasin de clés, ou son fichier « identity » ne se lit pas."
        ) from error
    except OperationalError as error:
        raise DatabaseError(
            "La base ne répond plus. Ce qui est fait reste fait : relancez la commande quand elle répond."
        ) from error


class Progress:
    """One line every two seconds at most, and each batch with `every=0`: what is committed by then stays."""

    def __init__(self, label: str, every: float = _EVERY) -> None:
        self.label, self.every, self.said = label, every, time.monotonic()

    def __call__(self, done: int) -> None:
        """Say how many are done, if it was not said just now."""
        if done and time.monotonic() - self.said >= self.every:
            self.said = time.monotonic()
            print(f"  {self.label} : {done} faits", flush=True)
