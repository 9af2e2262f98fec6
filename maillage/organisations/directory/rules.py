"""What an organisation's sheet must hold to be opened. Pure."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from stdnum.fr import siret as siret_number

from maillage.core.holidays import zone_of
from maillage.core.refusals import Fault
from maillage.organisations.kinds import BodyKind

LONGEST_NAME: Final = 200
LONGEST_SHORT_NAME: Final = 60


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
