"""The WSGI entry point. In production, an unsafe setting stops it here, before the first request."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
application = get_wsgi_application()

from maillage.core.checks import refuse_unsafe_start  # noqa: E402 - Django must be set up first

refuse_unsafe_start()
