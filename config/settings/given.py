"""What is given to a process: secrets in a variable of its environment or in a file that `…_FILE` names; numbers."""

import re
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


def given_count(name: str, environ: Mapping[str, str], usual: int) -> int:
    """The same, with what it is when none is given."""
    number = given_number(name, environ)
    return usual if number is None else number


def given_number(name: str, environ: Mapping[str, str]) -> int | None:
    """The whole number called `name`; None when none is given, -1 for what is no number, which a check then refuses in words."""
    text = environ.get(name, "").strip()
    if not text:
        return None
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else -1
