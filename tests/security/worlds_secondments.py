"""An agent of each world's caisse at its partner's, a permanence, and an appointment of the world's person, by the real actions."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from pydantic import BaseModel

from maillage.beneficiaries.rules import Told
from maillage.cases.models import Authorisation
from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.conventions.terms.filling import choose
from maillage.core.clock import now, today
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.organisations.models import Membership
from maillage.secondments import actions, queries
from maillage.secondments.models import Permanence, Secondment
from maillage.web.presentation.dates import PARIS

if TYPE_CHECKING:
    from tests.security.worlds import World

Said = TypeVar("Said", bound=BaseModel)
MEETING = {
    "key": "rendez_vous_agent", "sender": "ccas", "recipient": "cpam", "service": "agent_delegue", "article": "9",
}  # fmt: skip


def with_an_agent(terms: Terms) -> Terms:
    """A text that names none, with the clause and the flow of one that does."""
    local = library.load("croix_rouge_cadre_2021").local_template
    assert local is not None
    retained = choose(choose(local, "services[agent_delegue]"), "flows[rendez_vous_agent]")
    (flow,) = [one for one in retained.flows if one.key == MEETING["key"]]
    (service,) = [one for one in retained.services if one.key == MEETING["service"]]
    return terms.model_copy(
        update={"services": (*terms.services, _here(service)), "flows": (*terms.flows, _here(flow))}
    )


def _here(clause: Said) -> Said:
    """The same clause, said of the CCAS."""
    return type(clause).model_validate_json(clause.model_dump_json().replace('"croix_rouge"', '"ccas"'))


def lend(world: World) -> None:
    """The rows are written for the caisse, the appointment is booked."""
    from tests.security.worlds import member

    caisse, on = world.bodies["cpam"], today(PARIS)
    with transaction.atomic(), acting(organisation=caisse):
        allowed = Authorisation.objects.get(convention_id=world.ids["convention"], flow_key=MEETING["key"])
        agent = Membership.objects.filter(organisation=caisse, until=None).order_by("id")[0].user_id
        hosts = Secondment.objects.filter(
            agent_id=agent
        ).count()  # an hour for each: she is in one place at a time
        hour, end = time(hosts % 23), time(hosts % 23 + 1)
        secondment = Secondment.objects.create(
            authorisation=allowed, convention_id=allowed.convention_id, caisse_id=caisse, host_id=allowed.sender_id,
            agent_id=agent, place=f"CANARI{world.name}", since=on, set_up_at=now(), set_up_by=uuid7(),
        )  # fmt: skip
        held = [
            Permanence.objects.create(
                secondment=secondment, weekday=weekday, starts=hour, ends=end, minutes=15, since=on
            )
            for weekday in range(5)
        ]
    world.ids |= {"secondment": secondment.id, "permanence": held[0].id}
    with member(world.worker) as worker:
        found = queries.known(worker, secondment.id, at=now())
        booking = actions.Booking(
            slot=queries.free_slots(found, at=now())[0],
            service=next(iter(queries.reasons(worker, found.row, at=now()))),
            papers=("identity",),
            person=world.person,
            told=Told(on, "oral", recipient_named=True),
        )
        world.ids["appointment"] = actions.book(
            token=uuid7(), secondment=secondment.id, booking=booking, by=worker, at=now()
        )
