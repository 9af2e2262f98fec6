"""Which Django settings a command runs under, and saying so: nobody works on a server under those of a demonstration."""

import os
import sys
from collections.abc import MutableMapping
from typing import Final

from maillage.core.database.settings import VARIABLES, uses_embedded_server

VARIABLE: Final = "DJANGO_SETTINGS_MODULE"
DEMONSTRATION: Final = "config.settings.dev"
PRODUCTION: Final = "config.settings.prod"


def choose_settings(environ: MutableMapping[str, str] = os.environ) -> str:
    """Name the settings in the environment unless they are named already; the name.

    A named server (DATABASE_URL) means production, the embedded one the demonstration. What was chosen for the operator
    is said on standard error.
    """
    if environ.get(VARIABLE):
        return environ[VARIABLE]
    embedded = uses_embedded_server(environ)
    environ[VARIABLE] = DEMONSTRATION if embedded else PRODUCTION
    why = (
        f"{VARIABLES['app']} n’est pas défini : base de la démonstration"
        if embedded
        else f"{VARIABLES['app']} nomme un serveur"
    )
    print(f"maillage : réglages {environ[VARIABLE]} ({why}).", file=sys.stderr, flush=True)
    return environ[VARIABLE]
