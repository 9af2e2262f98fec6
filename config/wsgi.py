"""The WSGI entry point. In production, an unsafe setting stops it here, before the first request."""

import gc

gc.disable()  # nothing of what is loaded is garbage: looking for it takes a sixth of the start

import os  # noqa: E402

from django.core.wsgi import get_wsgi_application  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
application = get_wsgi_application()

from maillage.conventions.terms.base import build_models  # noqa: E402 - Django must be set up first
from maillage.core.checks import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start()
build_models()
gc.freeze()  # what is loaded stays: the collector of garbage need not look at it again and again, 0.1 s each time
gc.enable()
