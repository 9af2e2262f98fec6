"""`maillage erase verify`: reads a certificate of destruction and says whether it is whole, and whether what it says is so here."""

import argparse
import sys
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from maillage.cli.keeping import refusing
from maillage.cli.operating import in_words
from maillage.cli.plurals import counted
from maillage.core.database.errors import DatabaseError

if TYPE_CHECKING:
    from maillage.protection.destruction.certificate import Countersigned


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The certificate, and the platform's own if it is not that of this machine."""
    parser.add_argument("file", type=Path, help="certificat de destruction (PDF scellé)")
    parser.add_argument(
        "--seal", type=Path, help="certificat du sceau (PEM), s'il n'est pas celui de MAILLAGE_SEAL"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when the seal holds and the database, the store and the ledger agree; 1 when one does not, or cannot be had."""
    return refusing(lambda: _verify(arguments.file, arguments.seal))


def _verify(path: Path, seal: Path | None) -> int:
    from django.conf import settings  # noqa: PLC0415 -- Django is set up by now

    from maillage.documents.sealing import SealFault, certificate_of  # noqa: PLC0415 -- the same
    from maillage.protection.destruction.verification import verify  # noqa: PLC0415 -- the same

    try:
        content = path.read_bytes()
        known = certificate_of((seal or Path(settings.SEAL)).read_bytes())
        found = verify(content, certificate=known)
    except SealFault as fault:
        print(f"maillage : {fault}", file=sys.stderr)
        return 1
    except OSError as error:
        raise DatabaseError(f"{error.filename or path} ne se lit pas : {in_words(error)}.") from error
    said = found.said
    print(
        f"{said.organisation_name}, « {said.convention_title} » : {counted(said.cases, 'dossier')} et "
        f"{counted(said.documents, 'document')}, détruits le {said.finished_at[:10]}."
    )
    print(_countersigned(found.countersigned, said.organisation_name))
    for wrong in found.faults:
        print(f"maillage : {wrong}", file=sys.stderr)
    if found.faults:
        return 1
    print("Certificat entier et vrai : plus rien ne s’ouvre, et le registre des effacements le dit.")
    return 0


def _countersigned(found: "Countersigned | None", organisation: str) -> str:
    """Whether it is countersigned, for whom and when."""
    if found is None:
        return f"Pas encore contresigné par {organisation}."
    when = f", le {found.at.astimezone(UTC):%Y-%m-%d à %H:%M} (UTC)" if found.at else ""
    return f"Contresigné pour {found.by}{when}."
