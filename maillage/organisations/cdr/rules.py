"""What the register of consultations of rights (CDR, CDRi) may hold. Pure."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from maillage.core.refusals import Fault
from maillage.organisations.kinds import BodyKind

TOOLS: Final = {"cdr": "CDR", "cdri": "CDRi"}
REASONS: Final = {
    "rights_check": "Vérifier des droits",
    "rights_file": "Constituer un dossier de droits",
    "urgent_care": "Soins urgents",
    "admission": "Admission ou facturation",
}
TOOL_CHOICES: Final = list(TOOLS.items())
REASON_CHOICES: Final = list(REASONS.items())
WITH_A_REGISTER: Final = frozenset({BodyKind.HOSPITAL, BodyKind.HEALTH_CENTRE})
LATEST: Final = timedelta(days=31)
_CODE: Final = re.compile(r"[0-9A-Z./-]{0,40}")


def has_register(kind: str) -> bool:
    """Whether bodies of this kind are given CDR: hospitals, health centres (S2 art. 4.1)."""
    return kind in WITH_A_REGISTER


def consultation_faults(*, at: datetime, now: datetime, reference: str) -> Iterator[Fault]:
    """A consultation is told once it was made, and soon; its reference is a code, so that no name stands in it."""
    if at > now:
        yield Fault("Cette consultation n’a pas encore eu lieu.", "day")
    elif now - at > LATEST:
        yield Fault("Inscrivez une consultation dans le mois.", "day")
    if not _CODE.fullmatch(reference):
        yield Fault(
            "Écrivez un numéro de dossier, sans nom : capitales, chiffres, points et tirets, 40 caractères au plus.",
            "reference",
        )


def revocation_faults(*, on: date, since: date, today: date, reason: str) -> Iterator[Fault]:
    """A revocation has its day, neither before the grant nor to come, and its reason."""
    if on < since:
        yield Fault("Le retrait ne peut pas précéder l’ouverture.", "on")
    if on > today:
        yield Fault("Inscrivez le retrait le jour où il est fait.", "on")
    if not 0 < len(reason.strip()) <= 200:
        yield Fault("Indiquez le motif du retrait, en 200 caractères au plus.", "reason")
