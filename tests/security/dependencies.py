"""What is installed, compared with what is pinned; and with advisories, when somebody brings them (this machine may have no network)."""

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

PROJECT = Path(__file__).resolve().parents[2]
REQUIREMENTS = PROJECT / "requirements"
VENDOR = PROJECT / "maillage" / "web" / "static" / "vendor"
ADVISORIES = (
    "MAILLAGE_ADVISORIES"  # files of the OSV project: archives or folders of JSON, separated by « : »
)
FRESH = timedelta(days=31)  # both registries see new advisories every day
# Installed without a pin, with the reason.
UNPINNED = {
    "maillage": "this very project",
}
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$")
_HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")


@dataclass
class Pin:
    """One line of a requirements file, with the digests of what it may be."""

    version: str
    marker: str = ""
    hashes: int = 0
    files: list[str] = field(default_factory=list)

    @property
    def is_for_here(self) -> bool:
        """Whether this machine wants it."""
        return not self.marker or Marker(self.marker).evaluate()


def pins(folder: Path = REQUIREMENTS) -> tuple[dict[str, list[Pin]], list[str]]:
    """The pins of every compiled file by name, and the lines that pin nothing or name a place."""
    found: dict[str, list[Pin]] = {}
    wrong = []
    for path in sorted(folder.glob("*.txt")):
        pin = Pin("")
        for line in path.read_text().splitlines():
            words = line.split("#")[0].strip().removesuffix("\\").strip()
            if not words:
                continue
            if _HASH.match(words):
                pin.hashes += 1
            elif match := _PIN.match(words):
                pin = Pin(match[2], match[3] or "", files=[path.name])
                found.setdefault(canonicalize_name(match[1]), []).append(pin)
            else:
                wrong.append(f"{path.name}: « {words} » is no pin")
    unhashed = [
        f"{name} {pin.version} has no digest in {pin.files}"
        for name, every in found.items()
        for pin in every
        if not pin.hashes
    ]
    return found, wrong + unhashed


def installed() -> dict[str, str]:
    """What this interpreter imports, by name."""
    return {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}


def faults(here: dict[str, str], pinned: dict[str, list[Pin]]) -> Iterator[str]:
    """Installed and not pinned for here, or otherwise; pinned for here and not installed, or twice, differently."""
    for name, version in sorted(here.items()):
        versions = {pin.version for pin in pinned.get(name, []) if pin.is_for_here}
        if name not in UNPINNED and version not in versions:
            yield f"{name} {version} is installed, {sorted(versions) or 'nothing'} is pinned"
    for name, every in sorted(pinned.items()):
        if len({pin.version for pin in every if pin.is_for_here}) > 1:
            yield f"{name} is pinned in several versions"
        if any(pin.is_for_here for pin in every) and name not in here:
            yield f"{name} is pinned and not installed"


def asset_faults(folder: Path = VENDOR) -> Iterator[str]:
    """Files that were copied from npm, whose digest, version or licence is not that of their README."""
    rows = re.findall(
        r"^\| `([^`]+)` \| `([^`]+)` \| ([^ ]+) \| ([^|]+) \| `([^`]+)` \| `([0-9a-f]{64})` \|$",
        (folder / "README.md").read_text(),
        re.MULTILINE,
    )
    told = {(place, name): (version, digest) for place, _, version, _, name, digest in rows}
    for path in sorted(folder.glob("*/*")):
        place, name = path.parent.name, path.name
        if name.startswith("LICEN"):
            continue
        version, digest = told.pop((place, name), ("", ""))
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest or not place.endswith(f"-{version}"):
            yield f"{place}/{name} is not what its README says"
        if not list(path.parent.glob("LICEN*")):
            yield f"{place} has no licence"
    yield from (f"{place}/{name} is told and absent" for place, name in told)


# Advisories, in the format of the OSV project: https is not needed, a file carried by hand is enough.


class NoSource(Exception):
    """Nobody brought advisories: nothing can be said of known vulnerabilities."""


def advisories(places: str | None = None) -> list[dict[str, Any]]:
    """Every advisory of the archives or folders that the environment names. Raises NoSource when there is none."""
    named = [Path(place) for place in (places or os.environ.get(ADVISORIES, "")).split(":") if place]
    found = [json.loads(text) for path in named for text in _texts(path)]
    if not found:
        raise NoSource(
            f"not audited: no source of advisories; name a copy of the OSV project's in {ADVISORIES} "
            "(docs/security.md says how)"
        )
    return found


def stale(said: Iterable[dict[str, Any]], on: date) -> Iterator[str]:
    """What makes these advisories no audit of today: a registry of which they say nothing, or nothing since a month."""
    newest: dict[str, str] = {}
    for one in said:
        for affected in one.get("affected", ()):
            ecosystem = affected.get("package", {}).get("ecosystem", "")
            newest[ecosystem] = max(newest.get(ecosystem, ""), one.get("modified", "")[:10])
    for ecosystem in ("PyPI", "npm"):
        day = newest.get(ecosystem) or "never"
        if day < (on - FRESH).isoformat() or day == "never":
            yield f"not audited: the newest advisory of {ecosystem} is of {day}"


def _texts(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        yield from (file.read_bytes() for file in sorted(path.rglob("*.json")))
    elif path.exists():
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist() if name.endswith(".json"))


def known(here: dict[str, str], said: Iterable[dict[str, Any]], ecosystem: str = "PyPI") -> Iterator[str]:
    """Vulnerabilities of what is installed, by the advisories that were not withdrawn."""
    for one in said:
        if "withdrawn" in one:
            continue
        for affected in one.get("affected", ()):
            package = affected.get("package", {})
            name = canonicalize_name(package.get("name", ""))
            if package.get("ecosystem") == ecosystem and name in here and _is_in(here[name], affected):
                yield f"{name} {here[name]}: {one.get('id')}"


def _is_in(version: str, affected: dict[str, Any]) -> bool:
    """Whether an advisory's list or ranges hold a version; what cannot be compared is taken for affected."""
    if version in affected.get("versions", ()):
        return True
    ranges = [one for one in affected.get("ranges", ()) if one.get("type") in ("ECOSYSTEM", "SEMVER")]
    return any(_between(version, one.get("events", ())) for one in ranges)


def _between(version: str, events: Iterable[dict[str, str]]) -> bool:
    """Events in their order: introduced at, fixed at, last affected at (OSV schema, « evaluation algorithm »)."""
    inside = False
    try:
        mine = Version(version)
        for event in events:
            if "introduced" in event:
                inside = inside or event["introduced"] == "0" or mine >= Version(event["introduced"])
            elif "fixed" in event:
                inside = inside and mine < Version(event["fixed"])
            elif "last_affected" in event:
                inside = inside and mine <= Version(event["last_affected"])
    except InvalidVersion:
        return True
    return inside


def assets() -> dict[str, str]:
    """Packages of npm that were copied here, by name."""
    rows = re.findall(
        r"^\| `[^`]+` \| `([^`]+)` \| ([^ ]+) \|", (VENDOR / "README.md").read_text(), re.MULTILINE
    )
    return {canonicalize_name(name): version for name, version in rows}
