"""Random passwords of the embedded server, kept in one file that only its user can read."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True, repr=False)
class Passwords:
    """One password per role; `superuser` never leaves this package."""

    superuser: str
    owner: str
    app: str
    worker: str
    statistics: str


def generate() -> Passwords:
    """Passwords of 192 random bits, safe in a URL."""
    return Passwords(**{field.name: secrets.token_urlsafe(24) for field in fields(Passwords)})


def read(path: Path) -> Passwords | None:
    """The passwords kept in `path`; None before the server was first created."""
    try:
        return Passwords(**json.loads(path.read_text()))
    except FileNotFoundError:
        return None


def write(path: Path, passwords: Passwords) -> None:
    """Keep the passwords in `path`, whole or not at all, mode 0600."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(passwords), file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
