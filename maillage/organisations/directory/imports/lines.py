"""One line of a file as an organisation: its cells understood, or each refused at its column, in French."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from stdnum.fr import siret as siret_number

from maillage.core.text import sort_key, words_key
from maillage.organisations.addresses import is_address
from maillage.organisations.directory.imports.columns import LABELS
from maillage.organisations.directory.rules import (
    FINESS,
    LONGEST_NAME,
    LONGEST_SHORT_NAME,
    MOST_ZONES,
    zone_named,
)
from maillage.organisations.kinds import BodyKind
from maillage.organisations.territories import Commune, commune, departement_named, is_zone, named

# What an import may write, in the order of the report.
WRITTEN: Final = (
    "name", "short_name", "siret", "code", "finess", "address", "commune", "departement", "territory", "mailbox", "phone",
)  # fmt: skip
_KINDS: Final = {
    **{words_key(kind.value): kind.value for kind in BodyKind},
    **{words_key(kind.label): kind.value for kind in BodyKind},
    "hopital": "hospital",
    "centre hospitalier": "hospital",
    "ets sante": "hospital",
    "permanence d acces aux soins de sante": "pass",
    "caisse primaire d assurance maladie": "cpam",
    "caisse d allocations familiales": "caf",
    "centre communal d action sociale": "ccas",
    "centre intercommunal d action sociale": "cias",
    "maison france services": "france_services",
    "msap": "france_services",
    "mairie": "commune",
    "conseil departemental": "departement",
    "asso": "association",
    "autre": "other",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a line says of an organisation; an empty value says nothing and changes nothing."""

    line: int
    kind: str
    name: str
    short_name: str = ""
    siret: str = ""
    code: str = ""
    finess: str = ""
    address: str = ""
    commune: str = ""
    departement: str = ""
    territory: tuple[str, ...] = ()
    parent: str = ""
    mailbox: str = ""
    phone: str = ""

    @property
    def sort_name(self) -> str:
        """The key under which its name is sorted and compared."""
        return sort_key(self.name)


@dataclass(slots=True)
class _Reading:
    """The cells of one line, and what was wrong with them."""

    cells: Sequence[str]
    places: dict[str, int]
    faults: list[str]

    def text(self, key: str, longest: int) -> str:
        at = self.places.get(key)
        found = " ".join(self.cells[at].split()) if at is not None and at < len(self.cells) else ""
        if len(found) > longest:
            self.refuse(key, f"{longest} caractères au plus")
        return found

    def refuse(self, key: str, why: str) -> None:
        self.faults.append(f"{LABELS[key]} : {why}.")


def read_line(line: int, cells: Sequence[str], places: dict[str, int]) -> tuple[Entry | None, list[str]]:
    """The organisation of a line, or None with everything that is wrong with it."""
    reading = _Reading(cells, places, [])
    name = reading.text("name", LONGEST_NAME)
    if not name:
        reading.refuse("name", "vide")
    departement = _departement(reading)
    place, departement, town = _commune(reading, departement)
    entry = Entry(
        line=line,
        kind=_kind(reading),
        name=name,
        short_name=reading.text("short_name", LONGEST_SHORT_NAME),
        siret=_siret(reading),
        code=reading.text("code", 20),
        finess=_finess(reading),
        address=_address(reading, town),
        commune=place,
        departement=departement,
        territory=_territory(reading),
        parent=reading.text("parent", LONGEST_NAME),
        mailbox=_mailbox(reading),
        phone=reading.text("phone", 30),
    )
    return (None, reading.faults) if reading.faults else (entry, [])


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What an organisation is known by on a line, read without judging the rest."""

    kind: str
    name: str
    siret: str
    code: str
    departement: str


def glimpse(cells: Sequence[str], places: dict[str, int]) -> Glimpse:
    """The same cells as `read_line` reads, three times faster: a file of 200 000 lines is read twice."""
    reading = _Reading(cells, places, [])
    departement = _departement_of(reading.text("departement", 80))
    if not departement:
        departement = _commune(reading, "")[1]
    return Glimpse(
        kind=_KINDS.get(words_key(reading.text("kind", 80)), ""),
        name=sort_key(reading.text("name", LONGEST_NAME)),
        siret=_compact(reading.text("siret", 40)),
        code=reading.text("code", 20),
        departement=departement,
    )


def _compact(said: str) -> str:
    return said.replace(" ", "").replace(".", "")


def _kind(reading: _Reading) -> str:
    said = reading.text("kind", 80)
    found = _KINDS.get(words_key(said), "")
    if not found:
        reading.refuse(
            "kind",
            f"« {said} » n’est pas une nature connue, par exemple CPAM, CCAS, hôpital" if said else "vide",
        )
    return found


def _siret(reading: _Reading) -> str:
    said = _compact(reading.text("siret", 40))
    if not said:
        return ""
    if "E+" in said.upper():
        reading.refuse(
            "siret", f"« {said} » a perdu des chiffres dans un tableur : mettez la colonne au format texte"
        )
    elif len(said) != 14 or not siret_number.is_valid(said):
        reading.refuse(
            "siret", f"« {said} » n’est pas valable : 14 chiffres, dont les derniers vérifient les autres"
        )
    return said


def _finess(reading: _Reading) -> str:
    said = reading.text("finess", 20).replace(" ", "").upper()
    said = said.zfill(9) if said.isdigit() else said
    if said and not FINESS.fullmatch(said):
        reading.refuse("finess", f"« {said} » n’a pas la forme d’un numéro FINESS, de 9 caractères")
    return said


def _departement(reading: _Reading) -> str:
    said = reading.text("departement", 80)
    found = _departement_of(said) if said else ""
    if said and not found:
        reading.refuse(
            "departement", f"« {said} » n’est pas un département, par exemple 42, 2A, 974 ou Loire"
        )
    return found


@lru_cache(maxsize=1024)
def _departement_of(said: str) -> str:
    found = departement_named(said)
    return found if found and zone_named(found) is not None else ""


def _commune(reading: _Reading, departement: str) -> tuple[str, str, str]:
    """The code of the commune, the département (that of the commune where none is given) and « 42600 Montbrison » for the address.

    A name that fits no commune, or several, is kept in the address and refuses nothing.
    """
    said, postal = reading.text("commune", 80), reading.text("postal_code", 10)
    postal = postal.zfill(5) if postal.isdigit() else postal
    known = commune(said.upper())
    if known is None and said:
        known = _only(said, departement, postal)
    if known is not None and departement and known.departement != departement:
        reading.refuse("commune", f"{known.name} n’est pas dans le département {departement}")
    town = " ".join(part for part in (postal, known.name if known else said) if part)
    if known is None:
        return "", departement, town
    own = departement or (known.departement if zone_named(known.departement) else "")
    return known.parent or known.code, own, town


@lru_cache(maxsize=4096)
def _only(name: str, departement: str, postal: str) -> Commune | None:
    found = named(name, departement)
    if postal:
        found = [one for one in found if postal in one.postal_codes] or found
    return found[0] if len(found) == 1 else None


def _address(reading: _Reading, town: str) -> str:
    street = reading.text("address", 400)
    if not street and "postal_code" not in reading.places:
        return ""
    return "\n".join(part for part in (street, town if town not in street else "") if part)


def _territory(reading: _Reading) -> tuple[str, ...]:
    """Codes set apart by spaces, commas, « | » or « / »: communes, départements, R84, FR."""
    said = reading.text("territory", 4000)
    for mark in ",|/+":
        said = said.replace(mark, " ")
    zones = tuple(sorted({code.upper().zfill(2) for code in said.split()}))
    unknown = [zone for zone in zones if not is_zone(zone)]
    if unknown:
        reading.refuse("territory", f"zones inconnues : {', '.join(unknown[:5])}")
    if len(zones) > MOST_ZONES:
        reading.refuse("territory", f"{MOST_ZONES} zones au plus")
    return zones


def _mailbox(reading: _Reading) -> str:
    said = reading.text("mailbox", 254)
    if said and not is_address(said):
        reading.refuse("mailbox", f"« {said} » n’est pas une adresse électronique")
    return said
