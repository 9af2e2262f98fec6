"""The demonstration and development: everything works at once, with secrets of its own made in `var/`.

Production refuses the keys kept here (maillage/core/checks.py).
"""

import base64
import os
import secrets

from config.settings.base import *  # noqa: F403 - settings build on each other
from config.settings.base import MASTER_KEY, SECRET_KEY, VAR
from config.settings.kept import kept_secret

DEBUG = os.environ.get("MAILLAGE_DEBUG") == "1"
DEMONSTRATION_SECRETS = VAR / "secrets"
SECRET_KEY = SECRET_KEY or kept_secret(
    DEMONSTRATION_SECRETS / "secret_key", lambda: secrets.token_urlsafe(64)
)
MASTER_KEY = MASTER_KEY or kept_secret(
    DEMONSTRATION_SECRETS / "master_key", lambda: base64.b64encode(secrets.token_bytes(32)).decode()
)
