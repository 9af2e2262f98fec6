"""Forgetting the embedded servers, data included."""

import shutil
from collections.abc import Mapping

from maillage.core.database.configuration import SERVING
from maillage.core.database.errors import DatabaseError
from maillage.core.database.layout import Layout, layout, layout_in_memory, var_directory
from maillage.core.database.locking import SharedUse, exclusive
from maillage.core.database.server import Server
from maillage.core.database.settings import EMBEDDED_NAME
from maillage.core.database.testing import TEST_NAME


def forget(environ: Mapping[str, str]) -> None:
    """Remove the embedded servers of this project, their data and their passwords.

    Raises DatabaseError, and removes nothing of it, when somebody uses one.
    """
    var = var_directory(environ)
    for place in (layout(var, EMBEDDED_NAME), layout(var, TEST_NAME), layout_in_memory(var, TEST_NAME)):
        if place.root.is_dir():
            _forget(place, environ)


def _forget(place: Layout, environ: Mapping[str, str]) -> None:
    with exclusive(place.start_lock):
        if not SharedUse(place.use_lock).end():
            raise DatabaseError(f"La base de {place.root} sert encore : arrêtez d’abord ce qui l’utilise.")
        Server(place, SERVING, environ).stop()
        shutil.rmtree(place.socket, ignore_errors=True)
        shutil.rmtree(place.root)
