"""What the operator's commands share: the owner's connection to the database of the environment, and refusals in French."""

import errno

from maillage.cli.chosen_settings import choose_settings
from maillage.core.database.embedded import ensure_running
from maillage.core.database.errors import DatabaseError

OWNER = "owner"
_FAULTS = {
    errno.ENOENT: "ce fichier ou ce dossier n’existe pas",
    errno.EACCES: "accès refusé",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "un dossier de ce chemin n’en est pas un",
    errno.ENOSPC: "plus de place sur le disque",
    errno.EROFS: "disque en lecture seule",
}


def in_words(error: OSError) -> str:
    """Why a file is not read or written, in French where it is usual; else as the system says it."""
    return _FAULTS.get(error.errno or 0, error.strerror or type(error).__name__)


def connect_as_owner() -> None:
    """Set Django up on the database of the environment, and see that the owner may log in. Raises DatabaseError."""
    import django  # noqa: PLC0415 -- the commands that only compute do without
    from django.db import OperationalError, connections  # noqa: PLC0415 -- the same

    choose_settings()
    ensure_running()
    django.setup()
    if OWNER not in connections.settings:
        raise DatabaseError("Cette commande agit en propriétaire de la base : nommez DATABASE_OWNER_URL.")
    try:
        connections[OWNER].ensure_connection()
    except OperationalError as error:
        raise DatabaseError(
            "La base ne répond pas, ou refuse le propriétaire : vérifiez DATABASE_OWNER_URL."
        ) from error
