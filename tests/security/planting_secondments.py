"""An agent of each world's other organisation, at the holder's; a permanence, and an appointment that the holder booked."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from maillage.cases.models import Case, Participation
from maillage.core.identifiers import uuid7
from maillage.organisations.models import Membership
from maillage.secondments.models import Appointment, Permanence, Secondment

if TYPE_CHECKING:
    from tests.security.planting import Plant, World

AHEAD = datetime(2098, 3, 3, 8, 0, tzinfo=UTC)  # a Monday, 9 o’clock in Paris: the permanence


def plant_secondments(found: Plant, world: World) -> None:
    """Both read; the caisse arranges, the host books, either may change what is booked."""
    from tests.security.planting import AT, ON, _save

    both, caisse, host = world.both, frozenset({world.other}), frozenset({world.holder})
    agent = (
        Membership.objects.using("owner").filter(organisation_id=world.other, until=None).order_by("id")[0]
    )
    known = {"authorisation_id": world.ids["authorisation"], "convention_id": world.ids["convention"]}
    secondment = Secondment(
        caisse_id=world.other, host_id=world.holder, agent_id=agent.user_id, place=world.canary, since=ON, set_up_at=AT,
        set_up_by=uuid7(), **known,
    )  # fmt: skip
    world.ids["secondment"] = _save(found, secondment, both, changers=caisse, adders=caisse)
    permanence = Permanence(
        secondment=secondment, weekday=0, starts=time(9), ends=time(10), minutes=30, since=ON
    )
    world.ids["permanence"] = _save(found, permanence, both, changers=caisse, adders=caisse)
    case = Case(
        kind="appointment",
        service="misas",
        sender_id=world.holder,
        caisse_id=world.other,
        opened_at=AT,
        **known,
    )
    _save(found, case, both)
    for organisation, role in ((world.holder, "sender"), (world.other, "recipient")):
        part = Participation(
            organisation_id=organisation, case=case, convention_id=world.ids["convention"], role=role, since=AT,
            state="booked", sealed_key=b"k" * 64,
        )  # fmt: skip
        _save(found, part, frozenset({organisation}))
    appointment = Appointment(
        case=case, secondment=secondment, starts_at=AHEAD, ends_at=AHEAD.replace(minute=30), service="misas", booked_at=AT,
        booked_by=uuid7(),
    )  # fmt: skip
    world.ids["appointment"] = _save(found, appointment, both, adders=host)
