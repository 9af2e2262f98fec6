"""The directory in words: territories, freshness, addresses; and places as people write them."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from django.conf import settings

from maillage.core.text import words_key
from maillage.organisations.directory.models import Mailbox, Offer
from maillage.organisations.directory.rules import is_stale, why_served
from maillage.organisations.models import Organisation
from maillage.organisations.territories import (
    COUNTRY,
    Commune,
    commune,
    departement_named,
    is_zone,
    named,
    regions,
    search,
    zone_name,
)
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.numbers import counted

_MOST_NAMED: Final = 6
_MARKS: Final = re.compile(r"[,;\n|]+")


def territory_in_words(zones: Sequence[str]) -> str:
    """« Loire (42), région Bretagne », or how many there are when they are many; empty for none."""
    if len(zones) <= _MOST_NAMED:
        return ", ".join(zone_name(zone) or zone for zone in zones)
    first = ", ".join(zone_name(zone) or zone for zone in zones[: _MOST_NAMED - 1])
    return f"{first} et {counted(len(zones) - _MOST_NAMED + 1, 'autre zone', 'autres zones')}"


def served_in_words(organisation: Organisation) -> tuple[str, str]:
    """What an organisation serves, and where that is known from."""
    why = why_served(
        kind=organisation.kind,
        territory=organisation.territory,
        commune=organisation.commune,
        departement=organisation.departement,
    )
    return territory_in_words(organisation.covers) or "Non renseigné", why


def stale(row: Organisation | Offer | Mailbox, on: date) -> bool:
    """Whether it is to be checked before being relied upon."""
    return is_stale(row.assured_on, on, settings.DIRECTORY_STALE_DAYS)


def freshness(row: Organisation | Offer | Mailbox, on: date) -> str:
    """« Assuré le 3 mars 2026 par Maxime Exemple », or that nobody did."""
    if row.assured_on is None or row.assured_by is None:
        return "Personne n’a encore assuré ces informations."
    told = f"Assuré le {long_date(row.assured_on)} par {row.assured_by.full_name}."
    return f"{told} À vérifier avant de s’y fier." if stale(row, on) else told


def commune_said(text: str) -> tuple[str, str]:
    """The code of a commune from its code, its name, or « Montbrison (42) »; and what is wrong when it is not one."""
    said = text.strip()
    if not said:
        return "", ""
    known = commune(said.upper())
    if known is not None:
        return known.parent or known.code, ""
    found = _named(said)
    if len(found) == 1:
        return found[0].parent or found[0].code, ""
    if not found:
        near = ", ".join(f"{one.name} ({one.departement})" for one in search(said, most=4))
        return "", f"Cette commune n’existe pas.{f' Peut-être : {near} ?' if near else ''}"
    homonyms = ", ".join(f"{one.name} ({one.departement})" for one in found[:6])
    return "", f"Plusieurs communes portent ce nom : écrivez par exemple {homonyms}."


def _named(said: str) -> list[Commune]:
    inside = re.fullmatch(r"(.+?)\s*\(\s*(\w{2,3})\s*\)", said)
    return named(inside[1], inside[2].upper()) if inside else named(said)


def zones_said(text: str) -> tuple[tuple[str, ...], list[str]]:
    """The zones of a text: codes or names set apart by commas or lines; and what was not understood."""
    zones: dict[str, None] = {}
    unknown = []
    for part in filter(None, (one.strip() for one in _MARKS.split(text))):
        zone = _zone(part)
        if zone:
            zones[zone] = None
        else:
            unknown.append(part)
    return tuple(zones), unknown


def _zone(said: str) -> str:
    code = said.upper()
    if is_zone(code):
        return code
    if words_key(said) in {"france", "france entiere", "toute la france"}:
        return COUNTRY
    departement = departement_named(said) or departement_named(said.partition("(")[0])
    if departement:
        return departement
    key = words_key(said).removeprefix("region ")
    region = next((one.code for one in regions().values() if words_key(one.name) == key), "")
    return f"R{region}" if region else commune_said(said)[0]


def zones_as_typed(zones: Sequence[str]) -> str:
    """Zones as the field shows them again, one a line."""
    return "\n".join(zone if zone == COUNTRY or zone.startswith("R") else _typed(zone) for zone in zones)


def _typed(zone: str) -> str:
    """The name where it leads back to the same zone; the code for the arrondissement of a city, a former commune or a homonym."""
    found = commune(zone)
    name = f"{found.name} ({found.departement})" if found else zone
    return name if zones_said(name)[0] == (zone,) else zone


def closed_in_words(row: Organisation, on: date) -> str:
    """« Fermé le… », or the day on which it will be, and who takes over; empty for an open one."""
    if row.closed_on is None:
        return ""
    when = "Fermé depuis le" if row.closed_on <= on else "Ferme le"
    after = f" Remplacé par {row.successor.name}." if row.successor else ""
    return f"{when} {long_date(row.closed_on)}.{after}"
