"""Tests: synthetic keys, fast password hashing, the database of the test cluster (see tests/conftest.py)."""

from pathlib import Path
from tempfile import gettempdir

from config.settings.base import *  # noqa: F403 - settings build on each other
from config.settings.base import DATABASES

SECRET_KEY = "tests-only-tests-only-tests-only-tests-only-tests-only"  # noqa: S105 - signs nothing outside tests
MASTER_KEY = "bWFpbGxhZ2UtdGVzdHMtbWFpbGxhZ2UtdGVzdHMtMDE="
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
FRESH_SECONDS = (
    12 * 3600
)  # the probes knock for longer than five minutes; the tests of freshness set their own
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Else each client of a test lists every static file before its first request: 8 ms.
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
KEY_STORE = Path(gettempdir()) / "maillage-tests" / "keys"  # each test points it at its own directory
DOCUMENT_STORE = Path(gettempdir()) / "maillage-tests" / "documents"
ANCHORS = Path(gettempdir()) / "maillage-tests" / "anchors"
ANCHOR_KEY = Path(gettempdir()) / "maillage-tests" / "anchor_key"
SEAL = Path(gettempdir()) / "maillage-tests" / "seal.pem"  # one for all: making it takes a while
for _alias in ("default", "worker", "owner", "statistics"):
    DATABASES.setdefault(_alias, dict(DATABASES["default"]))
    DATABASES[_alias]["CONN_MAX_AGE"] = 0
