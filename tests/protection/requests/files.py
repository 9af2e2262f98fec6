"""A request as somebody of the CCAS writes it down, under the conventions of a CCAS and of a hospital in force."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.people import Person
from maillage.protection.requests.queries import visible_to
from maillage.protection.requests.receiving import Received, attach, receive, search
from tests.days import today
from tests.referrals.world import WORKER, member

CCAS_ADMIN, CPAM_DPO, HOSPITAL_ADMIN = (
    "admin@ccas.example.org",
    "dpo@cpam.example.org",
    "admin@hopital.example.org",
)
ASKER = Person("Quintessence", "Ondine", date(1984, 2, 29), "3 rue de l’Essai\n42600 Montbrison")
STRANGE = Person("Inconnue", "Personne", date(1970, 1, 1), "")


def received(
    *, by: str = WORKER, request_id: UUID | None = None, at: datetime | None = None, **changes: Any
) -> UUID:
    """Written down by a social worker, unless told otherwise; the id of the request."""
    said: dict[str, Any] = {
        "received_on": today(),
        "channel": "counter",
        "subject": "person",
        "rights": ("access",),
        "person": ASKER,
        "check_made": "known",
    }
    with member(by) as worker:
        return receive(
            request_id=request_id or uuid7(), said=Received(**(said | changes)), by=worker, at=at or now()
        ).request_id


def file_of(request: UUID, by: Any) -> RequestFile:
    """Her organisation's file, as a member reaches it."""
    return visible_to(by).get(request=request)


def attached(request: UUID, *cases: UUID, by: str = CCAS_ADMIN) -> UUID:
    """The same, looked for, with these cases of the organisation, or none."""
    with member(by) as someone:
        file = file_of(request, someone)
        search(file=file, surname=ASKER.surname, born=ASKER.birth_date, by=someone, at=now())
        attach(file=file, cases=cases, by=someone)
    return request
