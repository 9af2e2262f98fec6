"""Production. Whatever is unsafe here stops the web server and the worker at start-up (maillage/core/checks.py)."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from config.settings.base import *  # noqa: F403 - settings build on each other
from config.settings.base import SITE_URL
from config.settings.given import given_count

REFUSE_UNSAFE_START = True
DEBUG = os.environ.get("MAILLAGE_DEBUG") == "1"  # read so that asking for it is refused, rather than ignored

CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# The prefix makes browsers refuse these cookies from a neighbouring subdomain or over HTTP.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"

# Read so that doing without is refused, rather than ignored.
SECOND_FACTOR_REQUIRED = os.environ.get("MAILLAGE_SECOND_FACTOR", "1") == "1"

SECURE_SSL_REDIRECT = True
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc  # never the Host header of the request
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SILENCED_SYSTEM_CHECKS = [
    "security.W021"
]  # the list of browsers binds a whole domain for years: its owner's decision
if (
    os.environ.get("MAILLAGE_TRUST_PROXY") == "1"
):  # a proxy that sets this header itself, whatever it received
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else every failed sign-in would count against the proxy's own address

# No default: files would lie in the checkout, and reminders come from an address that nobody answers for.
DOCUMENT_STORE = Path(os.environ.get("MAILLAGE_DOCUMENT_STORE", ""))
DEFAULT_FROM_EMAIL = os.environ.get("MAILLAGE_FROM", "")
# Nor here: anchors are a proof only where they are kept apart.
ANCHORS = Path(os.environ.get("MAILLAGE_ANCHORS", ""))
ANCHOR_KEY = Path(os.environ.get("MAILLAGE_ANCHOR_KEY", ""))
SEAL = Path(os.environ.get("MAILLAGE_SEAL", ""))

EMAIL_BACKEND = os.environ.get("MAILLAGE_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("MAILLAGE_EMAIL_HOST", "localhost")
EMAIL_PORT = given_count("MAILLAGE_EMAIL_PORT", os.environ, 25)
EMAIL_HOST_USER = os.environ.get("MAILLAGE_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("MAILLAGE_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("MAILLAGE_EMAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 20
