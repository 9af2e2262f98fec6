"""MAILLAGE_THOROUGH=true: a thousand examples of each property, and every page judged by axe in every aspect."""

import os

THOROUGH = os.environ.get("MAILLAGE_THOROUGH") == "true"
