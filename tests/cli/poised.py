"""`maillage` that has loaded its code before it is let go by a line: `python -m tests.cli.poised keys …`.

Those at work during a rotation would otherwise work, most of the time, during the imports of the next process.
"""

import importlib
import sys

import django

from maillage.cli.chosen_settings import choose_settings
from maillage.cli.main import main

READY = "ready"

if __name__ == "__main__":
    choose_settings()
    django.setup()
    importlib.import_module("maillage.cli.renewal")
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.exit(main())
