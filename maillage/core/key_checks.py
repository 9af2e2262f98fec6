"""What must hold of the master key, before production serves anyone: beside those of checks.py, one check each."""

import base64
import binascii
import os
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Critical, Tags, register

from maillage.core.crypto import KEY_BYTES

NAMES: Final = ("MAILLAGE_MASTER_KEY", "MAILLAGE_MASTER_KEY_FORMER")


def _critical(number: int, message: str, hint: str) -> CheckMessage:
    return Critical(message, hint=hint, id=f"maillage.E{number:03}")


def _files() -> dict[str, Path]:
    """The files named by the environment, by the variable that names them."""
    return {f"{name}_FILE": Path(path) for name in NAMES if (path := os.environ.get(f"{name}_FILE"))}


@register(Tags.security, deploy=True)
def master_key_is_given_once(**_: Any) -> list[CheckMessage]:
    """Of two keys one would be used, and nobody would know which."""
    twice = [name for name in NAMES if os.environ.get(name) and os.environ.get(f"{name}_FILE")]
    hint = "Gardez la variable ou le fichier, pas les deux."
    return [_critical(30, f"{name} est donnée deux fois, et par un fichier.", hint) for name in twice]


@register(Tags.security, deploy=True)
def master_key_file_is_readable(**_: Any) -> list[CheckMessage]:
    """A file that is not there leaves no key at all, or no former one."""
    return [
        _critical(
            31, f"Le fichier que nomme {name} ne se lit pas.", "Vérifiez son chemin et son propriétaire."
        )
        for name, path in _files().items()
        if not path.is_file() or not os.access(path, os.R_OK)
    ]


@register(Tags.security, deploy=True)
def master_key_file_is_closed(**_: Any) -> list[CheckMessage]:
    """Whoever reads it, the database and the store opens everything."""
    return [
        _critical(32, f"Le fichier que nomme {name} est ouvert à d’autres comptes.", f"chmod 400 {path}")
        for name, path in _files().items()
        if path.is_file() and path.stat().st_mode & 0o077
    ]


@register(Tags.security, deploy=True)
def master_key_file_lies_apart(**_: Any) -> list[CheckMessage]:
    """A key copied with what it wraps protects nothing in the copy."""
    stores = [
        Path(store).resolve() for store in (settings.KEY_STORE, settings.DOCUMENT_STORE) if str(store) != "."
    ]
    hint = "Mettez-le dans un dossier à part, qui n’est pas sauvegardé avec eux."
    return [
        _critical(33, f"Le fichier que nomme {name} est rangé avec ce qu’il protège.", hint)
        for name, path in _files().items()
        if any(store in path.resolve().parents for store in stores)
    ]


@register(Tags.security, deploy=True)
def former_master_key_is_usable(**_: Any) -> list[CheckMessage]:
    """During a rotation, what is still under the former key must open."""
    former = settings.MASTER_KEY_FORMER
    if not former and not any(os.environ.get(f"{NAMES[1]}{suffix}") for suffix in ("", "_FILE")):
        return []
    try:
        usable = len(base64.b64decode(former, validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        usable = False
    if not usable or former == settings.MASTER_KEY:
        hint = "Donnez à MAILLAGE_MASTER_KEY_FORMER la clé d’avant, ou retirez-la si « maillage keys status » le permet."
        return [_critical(34, "L’ancienne clé maîtresse n’est pas valable, ou est celle en service.", hint)]
    return []
