"""A suspicion as somebody of the CCAS reports it, and who follows it in each organisation."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from maillage.core.identifiers import uuid7
from maillage.protection.breaches.models import Breach
from maillage.protection.breaches.reporting import Reported, report
from tests.conventions.people import WORKER, member

CPAM_DPO, CARSAT_ADMIN, CCAS_ADMIN = (
    "dpo@cpam.example.org",
    "admin@carsat.example.org",
    "admin@ccas.example.org",
)
NOTICED = datetime(2025, 3, 29, 17, 30, tzinfo=UTC)
AT = datetime(2025, 3, 29, 18, 0, tzinfo=UTC)


def reported(*conventions: UUID, by: str = WORKER, breach_id: UUID | None = None, **changes: Any) -> Breach:
    """Reported by a social worker, unless told otherwise."""
    said: dict[str, Any] = {
        "what": "Un dossier papier est resté dans une salle ouverte au public.",
        "noticed_at": NOTICED,
        "natures": ("confidentiality",),
        "data": ("identity", "health"),
        "people": 3,
        "goes_on": False,
        "conventions": conventions,
    }
    with member(by, AT) as worker:
        return report(breach_id=breach_id or uuid7(), said=Reported(**(said | changes)), by=worker, at=AT)
