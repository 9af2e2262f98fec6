"""S3, whose annex 6 is missing: who accepts for whom that its detections start without it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from maillage.cases.models import Authorisation
from maillage.conventions.data_roles.actions import Accepted, accept_start, withdraw_acceptance
from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from tests.conventions.people import body, member, seen
from tests.days import today

FLOW = "orientation_misas"
CPAM_DPO, CPAM_ADMIN = "dpo@cpam.example.org", "admin@cpam.example.org"
CCAS_ADMIN, CARSAT_ADMIN = "admin@ccas.example.org", "admin@carsat.example.org"
WHY = "L’annexe 6 est attendue ; les deux directions sont d’accord."


def accept(convention: UUID, address: str, flow: str = FLOW, **changes: Any) -> FlowAcceptance:
    """Somebody accepts for her organisation, or for another one when `party` says so."""
    with member(address, now()) as someone:
        values = {"acceptance_id": uuid7(), "given_on": today(), "reason": WHY, **changes}
        return accept_start(
            convention=seen(someone, convention), flow=flow, accepted=Accepted(**values), by=someone, at=now()
        )


def withdraw(
    convention: UUID,
    address: str,
    acceptance: UUID,
    day: date | None = None,
    why: str = "Le traitement a changé.",
) -> None:
    with member(address, now()) as someone:
        withdraw_acceptance(
            convention=seen(someone, convention),
            acceptance=acceptance,
            day=day or today(),
            why=why,
            by=someone,
            at=now(),
        )


def is_open(convention: UUID) -> bool:
    """Whether cases may be opened under the flow now, as its sender reads."""
    with transaction.atomic(), acting(organisation=body("ccas").id):
        row = Authorisation.objects.get(convention_id=convention, flow_key=FLOW)
        return now() in row.open_during
