"""Regions, départements and communes of France, read once and only when asked for. Pure: no Django, no database.

Source: `@etalab/decoupage-administratif` (Code officiel géographique of INSEE, postal codes of La Poste), Licence Ouverte
2.0; see LICENCE.md beside the data. A zone is one of the codes below: « 42218 » a commune, « 42 » a département, « R84 » a
region, « FR » the whole country.
"""

import gzip
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

from maillage.core.text import words_key

DATA: Final = Path(__file__).with_name("territories.txt.gz")
SOURCE: Final = "Communes, départements et régions : Etalab, découpage administratif 2026 (INSEE, La Poste), Licence Ouverte 2.0."
COUNTRY: Final = "FR"
_ARTICLE = re.compile(r"^(?:l|le|la|les) (?=\w)")
_SAINT = re.compile(r"\bst(e?)\b")
_POSTAL = re.compile(r"\d{5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Region:
    """A region by its INSEE code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Departement:
    """A département or an overseas collectivity, with the region that it belongs to."""

    code: str
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of today, an arrondissement of Paris, Lyon or Marseille, or a former commune.

    `parent` is the commune of today to which the last two belong; empty for a commune of today.
    """

    code: str
    name: str
    postal_codes: tuple[str, ...]
    parent: str

    @property
    def departement(self) -> str:
        """The code of its département."""
        return self.code[:3] if self.code[:2] in {"97", "98"} else self.code[:2]


@dataclass(frozen=True, slots=True)
class _Read:
    regions: dict[str, Region]
    departements: dict[str, Departement]
    lines: list[str]  # of communes, sorted by key; parsed one by one when they are wanted: 4 MB instead of 25
    places: dict[str, int]  # the line of a code; a commune of today hides a former one of the same code


def place_key(name: str) -> str:
    """The key under which a place is sorted and searched: no accent, no article in front, « Saint » in full."""
    return _SAINT.sub(r"saint\1", _ARTICLE.sub("", words_key(name)))


def commune(code: str) -> Commune | None:
    """The commune with this INSEE code, or None."""
    read = _read()
    at = read.places.get(code)
    return None if at is None else _parsed(read.lines[at])


def search(typed: str, *, most: int = 20) -> list[Commune]:
    """Communes by postal code, by INSEE code or by the start of their name, accents and capitals ignored; `most` at most."""
    wanted = typed.strip().upper()
    if _POSTAL.fullmatch(wanted):
        found = [one for one in map(_parsed, _of_postal_code(wanted)) if not one.parent]
        known = commune(wanted)
        return [*([known] if known and known not in found else []), *found][:most]
    if (known := commune(wanted)) is not None:
        return [known]
    key = place_key(typed)
    return list(islice(_starting(key), most)) if key else []


def named(name: str, departement: str = "") -> list[Commune]:
    """Communes of today that bear exactly this name, those of a département when it is given; former ones when there are none."""
    found = [one for one in _starting(f"{place_key(name)}\t") if departement in {"", one.departement}]
    return [one for one in found if not one.parent] or found


def departements() -> dict[str, Departement]:
    """Every département by its code, in the order of the codes."""
    return _read().departements


def regions() -> dict[str, Region]:
    """Every region by its code."""
    return _read().regions


def departement_named(text: str) -> str:
    """The code of a département from its code (« 1 », « 01 », « 2a ») or its name; empty when there is none."""
    code = text.strip().upper()
    code = code.zfill(2) if code.isdigit() else code
    if code in departements():
        return code
    return _by_name().get(place_key(text), "") if code else ""


def is_zone(code: str) -> bool:
    """Whether this is the code of a commune, a département, a region (« R84 ») or the country (« FR »)."""
    return bool(zone_name(code))


def zone_name(code: str) -> str:
    """What a zone is called; empty for an unknown code."""
    if code == COUNTRY:
        return "toute la France"
    if code.startswith("R"):
        region = regions().get(code[1:])
        return f"région {region.name}" if region else ""
    departement = departements().get(code)
    if departement is not None:
        return f"{departement.name} ({code})"
    found = commune(code)
    return f"{found.name} ({found.departement})" if found else ""


def zones_of(code: str) -> tuple[str, ...]:
    """The zones in which a commune lies, the narrowest first: itself, the one it belongs to, département, region, country.

    Empty for an unknown code.
    """
    found = commune(code)
    if found is None:
        return ()
    departement = departements().get(found.departement)
    above = (departement.code, f"R{departement.region}") if departement else ()
    return (found.code, *([found.parent] if found.parent else []), *above, COUNTRY)


def zones_of_departement(code: str) -> tuple[str, ...]:
    """The zones that hold a whole département: itself, its region, the country."""
    found = departements().get(code)
    return (found.code, f"R{found.region}", COUNTRY) if found else ()


def unknown_zones(codes: Iterable[str]) -> list[str]:
    """Those of these codes that are no zone."""
    return [code for code in codes if not is_zone(code)]


def _starting(key: str) -> Iterator[Commune]:
    lines = _read().lines
    for at in range(bisect_left(lines, key), len(lines)):
        if not lines[at].startswith(key):
            return
        yield _parsed(lines[at])


def _of_postal_code(code: str) -> Iterator[str]:
    return (line for line in _read().lines if code in line and code in line.split("\t")[3].split(","))


def _parsed(line: str) -> Commune:
    _key, code, name, postal, parent = line.split("\t")
    return Commune(code, name, tuple(postal.split(",")) if postal else (), parent)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    return {place_key(one.name): one.code for one in departements().values()}


@lru_cache(maxsize=1)
def _read() -> _Read:
    regions, departements, communes = gzip.decompress(DATA.read_bytes()).decode().split("\n\n")
    lines = communes.split("\n")
    places: dict[str, int] = {}
    for at, line in enumerate(lines):
        code = line.split("\t", 2)[1]
        if code not in places or line.endswith("\t"):
            places[code] = at
    return _Read(
        {code: Region(code, name) for code, name in (line.split("\t") for line in regions.split("\n"))},
        {
            code: Departement(code, name, region)
            for code, name, region in (line.split("\t") for line in departements.split("\n"))
        },
        lines,
        places,
    )
