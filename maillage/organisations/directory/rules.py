"""What an organisation's sheet must hold, which territory it serves, when it was last assured. Pure."""

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from stdnum.fr import siret as siret_number

from maillage.core.holidays import zone_of
from maillage.core.refusals import Fault
from maillage.organisations.kinds import MUNICIPAL, NATIONAL, BodyKind
from maillage.organisations.territories import COUNTRY, unknown_zones

LONGEST_NAME: Final = 200
LONGEST_SHORT_NAME: Final = 60
MOST_ZONES: Final = 400
SHORTEST_REASON, LONGEST_REASON = 10, 300  # characters
FINESS: Final = re.compile(r"[0-9][0-9AB][0-9]{7}", re.ASCII)


class Reception(StrEnum):
    """How one is received for a service."""

    OPEN = "open"
    APPOINTMENT = "appointment"
    BOTH = "both"
    PHONE = "phone"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "open": "sans rendez-vous",
            "appointment": "sur rendez-vous",
            "both": "avec ou sans rendez-vous",
            "phone": "par téléphone",
        }[self.value]


class Use(StrEnum):
    """What a generic mailbox is for."""

    GENERAL = "general"
    PRADO = "prado"
    REFERENTS = "referents"
    RIGHTS = "rights"
    SSAM = "ssam"
    DPO = "dpo"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "general": "Contact général",
            "prado": "PRADO",
            "referents": "Référents des conventions",
            "rights": "Accès aux droits",
            "ssam": "Service social",
            "dpo": "Protection des données",
        }[self.value]


class Level(StrEnum):
    """How wide a mailbox listens; in the order in which one writes: the regional box, then its local correspondents (row B3)."""

    NATIONAL = "national"
    REGIONAL = "regional"
    DEPARTEMENT = "departement"
    LOCAL = "local"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "national": "national",
            "regional": "régional",
            "departement": "départemental",
            "local": "local",
        }[self.value]


LEVELS: Final = tuple(Level)


def served(*, kind: str, territory: Collection[str], commune: str, departement: str) -> tuple[str, ...]:
    """The zones that an organisation serves; empty when nothing says it.

    What it declares; else a commune's own body serves its commune; else its département; else a national body serves the
    country. The trigger `organisations_derive` says the same in SQL; a test compares them.
    """
    if territory:
        return tuple(territory)
    if kind in MUNICIPAL:
        return (commune,) if commune else ()
    if departement:
        return (departement,)
    return (COUNTRY,) if kind in NATIONAL else ()


def why_served(*, kind: str, territory: Collection[str], commune: str, departement: str) -> str:
    """Where that territory comes from, in plain words."""
    if territory:
        return "déclaré par l’organisme"
    if kind in MUNICIPAL:
        return "celui de sa commune, faute d’un territoire déclaré" if commune else "non renseigné"
    if departement:
        return "celui de son département, faute d’un territoire déclaré"
    return "organisme national" if kind in NATIONAL else "non renseigné"


def is_stale(assured_on: date | None, on: date, days: int) -> bool:
    """Whether nobody has assured a sheet for so many days, or ever."""
    return assured_on is None or assured_on + timedelta(days=days) < on


def reason_fault(reason: str) -> Fault | None:
    """What is wrong with the reason for which an organisation is opened again: it stays in the journal."""
    written = " ".join(reason.split())
    if len(written) < SHORTEST_REASON or len(set(written.casefold())) < 4:
        return Fault(f"Dites pourquoi, en {SHORTEST_REASON} caractères au moins.", "reason")
    if len(reason) > LONGEST_REASON:
        return Fault(f"Écrivez {LONGEST_REASON} caractères au plus.", "reason")
    return None


def territory_fault(zones: Collection[str]) -> Fault | None:
    """What is wrong with a declared territory."""
    unknown = unknown_zones(zones)
    if unknown:
        return Fault(f"Zones inconnues : {', '.join(unknown[:5])}.", "territory")
    if len(zones) > MOST_ZONES:
        return Fault(
            f"Un territoire compte au plus {MOST_ZONES} zones : nommez des départements.", "territory"
        )
    return None


def sheet_faults(
    *, kind: str, name: str, short_name: str, siret: str, departement: str, time_zone: str
) -> Iterator[Fault]:
    """Everything wrong with a new sheet; « » is a département or a time zone that was not given."""
    if kind not in {known.value for known in BodyKind}:
        yield Fault(
            f"Nature inconnue : « {kind} ». Connues : {', '.join(known.value for known in BodyKind)}.", "kind"
        )
    if not 0 < len(name) <= LONGEST_NAME:
        yield Fault(f"Le nom compte de 1 à {LONGEST_NAME} caractères.", "name")
    if not 0 < len(short_name) <= LONGEST_SHORT_NAME:
        yield Fault(f"Le nom court compte de 1 à {LONGEST_SHORT_NAME} caractères.", "short_name")
    if len(siret) != 14 or not siret_number.is_valid(siret):
        yield Fault(
            f"Le SIRET « {siret} » n’est pas valable : 14 chiffres, dont les derniers vérifient les autres.",
            "siret",
        )
    if departement and zone_named(departement) is None:
        yield Fault(
            f"Le département « {departement} » n’existe pas : par exemple 42, 2A ou 974.", "departement"
        )
    if time_zone and time_zone not in available_timezones():
        yield Fault(
            f"Le fuseau horaire « {time_zone} » n’existe pas : par exemple Europe/Paris ou Indian/Reunion.",
            "time_zone",
        )


def zone_named(departement: str) -> ZoneInfo | None:
    """The time zone of a département, None when there is no such département."""
    try:
        return zone_of(departement)
    except ValueError:
        return None
