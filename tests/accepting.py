"""Who answers for the data of flows is a blank (S3: annex 6 is missing); the parties accept that they start without, or no more."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.db import transaction

from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.conventions.data_roles.rules import standings
from maillage.conventions.terms import Terms
from maillage.conventions.terms.blanks import Blank, BlankReason, Expectation
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


def without_roles(terms: Terms) -> Terms:
    """The same text, of which an annex that is missing should say who answers for the data."""
    blank = Blank(
        blank="roles", asked="Rôles des parties", why=BlankReason.MISSING_ANNEX, expects=Expectation.ROLES, article="annexe 6"
    )  # fmt: skip
    flows = tuple(one.model_copy(update={"roles": None}) for one in terms.flows)
    regimes = tuple(one.model_copy(update={"roles": blank}) for one in terms.protection)
    return terms.model_copy(update={"flows": flows, "protection": regimes})


def takes_back(convention: UUID, flow: str, organisation: UUID) -> None:
    """One of the parties withdraws its acceptance: the flow closes at once."""
    with transaction.atomic(), acting(organisation=organisation):
        rows = FlowAcceptance.objects.filter(convention=convention, flow_key=flow, organisation=organisation)
        assert rows.update(
            withdrawn_on=today(), withdrawn_why="L’annexe tarde.", withdrawn_at=now(), withdrawn_by=uuid4()
        )
