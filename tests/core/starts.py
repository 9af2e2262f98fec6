"""Production started several times in one process: `python -m tests.core.starts '[{"VARIABLE": "value"}, …]'`.

For each environment, the present one changed so, the settings are read anew and the start is refused or not. Writes the
refusals, as JSON; an empty one for a start.
"""

import json
import os
import sys

import django
from django.conf import settings
from django.db import connections
from django.utils.functional import empty

from maillage.core.checks import UnsafeStart, refuse_unsafe_start


def refusal(change: dict[str, str]) -> str:
    """What a start in this environment says when it refuses; nothing when it does not."""
    before = dict(os.environ)
    os.environ.update(change)
    try:
        read_again()
        refuse_unsafe_start()
    except UnsafeStart as refused:
        return str(refused)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return ""


def read_again() -> None:
    """Forget the settings, which are then read from the environment, and the connections that were made with them."""
    for name in [name for name in sys.modules if name.startswith("config.settings.")]:
        del sys.modules[name]
    settings._wrapped = empty
    for alias in connections:
        connections[alias].close()
        del connections[alias]
    vars(connections)["_settings"] = None
    vars(connections).pop("settings", None)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.prod"
    django.setup()
    sys.stdout.write(json.dumps([refusal(change) for change in json.loads(sys.argv[1])]))
