"""A module of each world's caisse, a session to come with a place of its partner's, and one that was held, by the real actions."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.documents.actions import store_upload
from maillage.training import actions, queries, registering, signing_off
from maillage.training.actions import Described
from maillage.training.models import Presence
from maillage.training.registering import Person
from maillage.training.rules import Plan
from maillage.web.presentation.dates import PARIS
from tests.documents.builders import pdf

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tests.security.worlds import World


def train(world: World) -> None:
    """Sessions dedicated to the convention, and the worker's own person in both."""
    from tests.security.worlds import member

    referent = _referent(world)
    described = Described("rights", f"CANARI{world.name}", f"CANARI{world.name}", ("staff", "public"))
    with member(referent) as officer:
        world.ids["module"] = actions.add_module(new_id=uuid7(), described=described, by=officer, at=now())
    coming = _session(world, referent, now())
    before = now() - timedelta(days=40)
    held = _session(world, referent, before)
    with member(world.worker) as worker:
        name = f"CANARI{world.name} Modèle"
        row = queries.session_of(worker, coming)
        place = registering.register(
            token=uuid7(), session=row, attendee=None, person=Person(name, "Bénévole", is_another=True), convention=world.ids["convention"],
            by=worker, at=now(),
        )  # fmt: skip
        other = registering.register(
            token=uuid7(), session=queries.session_of(worker, held), attendee=place.attendee_id, person=None,
            convention=world.ids["convention"], by=worker, at=before,
        )  # fmt: skip
    with member(referent) as officer:
        at = before + timedelta(days=20)
        file = ContentFile(pdf(), name=f"CANARI{world.name}.pdf")
        paper = store_upload(file=file, organisation=officer.organisation, readers=[], by=officer, at=at)
        sheet = signing_off.Sheet({other.id: True}, publics=3, document=paper.id)
        row = queries.session_of(officer, held)
        signed = signing_off.sign_off(token=uuid7(), session=row, sheet=sheet, by=officer, at=at)
        presence = Presence.objects.get(sign_off=signed)
    world.ids |= {
        "session": held,
        "registration": place.id,
        "attendee": place.attendee_id,
        "presence": presence.id,
        "sign_off": signed.id,
    }


def _session(world: World, referent: str, at: datetime) -> UUID:
    from tests.security.worlds import member

    day = at.astimezone(PARIS).date() + timedelta(days=10)
    with member(referent) as officer:
        return actions.plan(
            new_id=uuid7(),
            module=world.ids["module"],
            convention=world.ids["convention"],
            planned=Plan(day, time(9), time(12), 5, "Conseillère", f"CANARI{world.name}"),
            by=officer,
            at=at,
        )


def _referent(world: World) -> str:
    """Who keeps the conventions of the world's caisse."""
    from tests.security.worlds import PERSONAS, WRITE

    return next(
        one.address for one in PERSONAS if one.works_at == world.parties["cpam"] and WRITE in one.permissions
    )
