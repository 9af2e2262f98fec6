"""Secrets given to a process: in a variable of its environment, or in a file that the variable `…_FILE` names."""

from collections.abc import Mapping
from pathlib import Path


def given_secret(name: str, environ: Mapping[str, str]) -> str:
    """The secret called `name`, without the blanks around it; empty when none is given or its file cannot be read.

    The variable wins over the file: giving both is refused in production, and so is a file that does not open
    (maillage/core/key_checks.py).
    """
    if environ.get(name):
        return environ[name].strip()
    path = environ.get(f"{name}_FILE")
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
