"""What a run leaves on disk: one small file for each finished unit, below the digest of the sources that it judged."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from maillage.core.database.layout import var_directory

PROJECT = Path(__file__).resolve().parents[2]
KEPT_VIOLATIONS = 50


@dataclass
class Tally:
    """What one unit tried, the mutants or positive controls that it caught, and what went wrong, in words."""

    unit: str = ""
    tried: int = 0
    controls: int = 0
    violations: list[str] = field(default_factory=list)
    seconds: float = 0.0


def digest_of_sources() -> str:
    """Changes with any line that is judged or that judges."""
    digest = hashlib.sha256()
    for folder in ("maillage", "config", "tests", "requirements"):
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


class Record:
    """The units of one line that ended, and those that were found."""

    def __init__(self, root: Path, line: str) -> None:
        self.folder = root / line
        self.folder.mkdir(parents=True, exist_ok=True)

    def done(self) -> dict[str, Tally]:
        """Finished units by name."""
        found = (Tally(**json.loads(path.read_text())) for path in self.folder.glob("unit-*.json"))
        return {tally.unit: tally for tally in found}

    def units(self) -> list[str]:
        """Every unit of the line, finished or not."""
        path = self.folder / "units.json"
        return list(json.loads(path.read_text())) if path.exists() else []

    def expect(self, units: Iterable[str]) -> None:
        """Note every unit of the line."""
        _write(self.folder / "units.json", json.dumps(list(units)))

    def finish(self, tally: Tally) -> None:
        """Note a unit that ended, and the first of what it found wrong."""
        name = hashlib.sha256(tally.unit.encode()).hexdigest()[:24]
        kept = asdict(tally) | {"violations": tally.violations[:KEPT_VIOLATIONS]}
        _write(self.folder / f"unit-{name}.json", json.dumps(kept, ensure_ascii=False))


def root_of(environ: dict[str, str] | os._Environ[str] = os.environ) -> Path:
    """Where the records of these sources are; those of other sources are forgotten."""
    root = var_directory(environ) / "proof"
    here = root / digest_of_sources()
    if root.exists():
        for other in root.iterdir():
            if other.is_dir() and other != here:
                shutil.rmtree(other)
    here.mkdir(parents=True, exist_ok=True)
    return here


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(text)
    partial.replace(path)
