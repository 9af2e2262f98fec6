"""What the operator's commands share: the owner's connection to the database of the environment, and refusals in French."""

from maillage.cli.chosen_settings import choose_settings
from maillage.core.database.embedded import ensure_running
from maillage.core.database.errors import DatabaseError

OWNER = "owner"


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
