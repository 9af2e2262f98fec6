"""A module of each world's other organisation, a session for all its partners, a place of the holder's in it, and a sheet signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from maillage.conventions.lifecycle.models import Party
from maillage.core.identifiers import uuid7
from maillage.training.models import Attendee, Module, Presence, Registration, Session, SignOff

if TYPE_CHECKING:
    from tests.security.planting import Plant, World

AHEAD = datetime(2098, 3, 3, 8, 0, tzinfo=UTC)


def plant_training(found: Plant, world: World) -> None:
    """Both read; the organiser writes its own, the partner its people and their places."""
    from tests.security.planting import AT, _save

    # The planted convention is only proposed: what its parties are to each other here is that of a signed one.
    Party.objects.using("owner").filter(convention_id=world.ids["convention"]).update(state="signed")
    both, organiser, partner = world.both, frozenset({world.other}), frozenset({world.holder})
    module = Module(
        organisation_id=world.other, theme="rights", title=world.canary, teaches=world.canary, audiences=["staff"],
        added_at=AT, added_by=uuid7(),
    )  # fmt: skip
    world.ids["module"] = _save(found, module, both, changers=organiser, adders=organiser)
    session, before = (
        Session(
            module=module, organiser_id=world.other, starts_at=at, ends_at=at + timedelta(hours=3),
            time_zone="Europe/Paris", place=world.canary, capacity=9, trainer="Conseillère", planned_at=AT, planned_by=uuid7(),
        )
        for at in (AHEAD, AT + timedelta(days=9))
    )  # fmt: skip
    world.ids["session"] = _save(found, session, both, changers=organiser, adders=organiser)
    before.save(using="owner", force_insert=True)
    attendee = Attendee(
        organisation_id=world.holder, name=world.canary, sort_name=world.canary, function="Bénévole",
        added_for_id=world.holder, added_at=AT, added_by=uuid7(),
    )  # fmt: skip
    world.ids["attendee"] = _save(found, attendee, both, changers=partner, adders=partner)
    known = {"attendee": attendee, "partner_id": world.holder, "organiser_id": world.other}
    known |= {"convention_id": world.ids["convention"]}
    for one in (session, before):
        place = Registration(session=one, asked_at=AT, asked_by=uuid7(), **known)
        if one is session:
            world.ids["registration"] = _save(found, place, both, adders=partner)
        else:
            place.save(using="owner", force_insert=True)
    signed = SignOff(
        session=before,
        organiser_id=world.other,
        listed=1,
        publics=0,
        recorded_at=AT + timedelta(days=10),
        recorded_by=uuid7(),
    )
    world.ids["sign_off"] = _save(found, signed, both, adders=organiser)
    line = Presence(sign_off=signed, outcome="present", **known)
    world.ids["presence"] = _save(found, line, both, adders=organiser)
    before = Session.objects.using("owner").get(id=before.id)
    before.state, before.closed_at, before.closed_by = "held", AT + timedelta(days=10), uuid7()
    before.save(using="owner")
