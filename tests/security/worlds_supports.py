"""A support of each world's caisse: one version that everybody may follow, a draft, and some copies on a shelf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from maillage.catalogue.models import Stock, StockMovement, Support, SupportVersion
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from tests.days import today

if TYPE_CHECKING:
    from tests.security.worlds import World


def add_supports(world: World) -> None:
    """What was published is told to the other world too: no word of it is secret; the draft's are."""
    owner, who = world.bodies["cpam"], uuid7()
    with transaction.atomic(), acting(organisation=owner):
        support = Support.objects.create(
            organisation_id=owner, kind="leaflet", title="Essai", sort_title="essai", words="essai", purpose="Essayer",
            audience=["publics"], languages=["fr"], code=(world.name.lower() * 10)[:10], first_published_at=now(), created_at=now(),
            created_by=who,
        )  # fmt: skip
        told = {"support": support, "organisation_id": owner, "created_at": now(), "created_by": who}
        current = SupportVersion.objects.create(label="1", link="https://www.example.org/essai", **told)
        published = {"state": "published", "valid_from": today(), "published_at": now(), "published_by": who}
        SupportVersion.objects.filter(id=current.id).update(**published)
        draft = SupportVersion.objects.create(
            label=f"CANARI{world.name}", link=f"https://www.example.org/CANARI{world.name}", **told
        )
        stock = Stock.objects.create(organisation_id=owner, support=support)
        movement = StockMovement.objects.create(
            stock=stock,
            organisation_id=owner,
            kind="counted",
            quantity=5,
            day=today(),
            noted_at=now(),
            noted_by=who,
        )
    world.ids |= {"support": support.id, "version": draft.id, "movement": movement.id}
