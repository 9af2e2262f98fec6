"""What the commands of the journal share: the directory of anchors, the key that they must bear, and how an alteration is told."""

import argparse
import base64
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from maillage.audit.reporting import altered

if TYPE_CHECKING:
    from maillage.audit.rules import Alteration


def add_anchor_arguments(parser: argparse.ArgumentParser) -> None:
    """`--anchors` and `--public-key`: without them, those of the settings."""
    parser.add_argument(
        "--anchors", type=Path, metavar="DOSSIER", help="le dossier des ancres, ou de leur copie"
    )
    parser.add_argument(
        "--public-key", default="", metavar="CLÉ", help="la clé publique des ancres, ou son fichier"
    )


def anchors_directory(arguments: argparse.Namespace) -> Path:
    """The directory that was named, else that of the settings."""
    from django.conf import settings  # noqa: PLC0415 -- chosen by the command that runs

    return Path(arguments.anchors or settings.ANCHORS)


def trusted_key(arguments: argparse.Namespace) -> str:
    """The public key that was given, as base64 or as a file of it; else that of the key kept here; empty without any.

    Raises ValueError when what was given is no key.
    """
    from django.conf import settings  # noqa: PLC0415 -- chosen by the command that runs

    from maillage.audit.anchors import public_key, signing_key  # noqa: PLC0415 -- the same

    given = arguments.public_key
    if given:
        text = Path(given).read_text().strip() if Path(given).is_file() else given
        if len(base64.b64decode(text, validate=True)) != 32:
            raise ValueError("une clé publique fait 32 octets en base64")
        return str(text)
    kept = Path(settings.ANCHOR_KEY)
    return public_key(signing_key(kept)) if kept.is_file() else ""


def say(found: Iterable["Alteration"]) -> None:
    """One line for each, on standard error."""
    for alteration in found:
        print(altered(alteration), file=sys.stderr)
