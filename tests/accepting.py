"""The parties accept in writing that flows start although the text does not say who answers for their data (S3: annex 6 is missing)."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.db import transaction

from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.conventions.data_roles.rules import standings
from maillage.conventions.terms import Terms
from maillage.core.clock import now
from maillage.core.row_security import acting
from tests.days import today


def all_accept(convention: UUID, terms: Terms, bodies: Mapping[str, UUID]) -> None:
    """Each party writes it itself, of every flow of the text that waits for it; `bodies` by the parties' keys."""
    for flow in standings(terms, {}, due=None, on=today()):
        for party in flow.awaited:
            with transaction.atomic(), acting(organisation=bodies[party]):
                FlowAcceptance.objects.create(
                    convention_id=convention, flow_key=flow.key, organisation_id=bodies[party], party_key=party,
                    given_on=today(), reason="L’annexe 6 est attendue ; les deux directions sont d’accord.", recorded_at=now(),
                    recorded_by=uuid4(), recorded_for_id=bodies[party],
                )  # fmt: skip
