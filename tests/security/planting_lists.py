"""A view that somebody of each world's holder keeps of her list, hers alone; and a hand-over of the case that she follows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from maillage.cases.models import Following
from maillage.core.identifiers import uuid7
from maillage.referrals.models import BulkHandOver, HandedCase, SavedView

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_lists(found: Plant, world: World) -> None:
    """Not even her colleagues read it."""
    from tests.security.planting import AT, _save

    holder = frozenset({world.holder})
    view = SavedView(
        organisation_id=world.holder,
        user_id=world.ids["user"],
        name=world.canary,
        query="vue=open",
        saved_at=AT,
    )
    _save(found, view, holder, person=world.ids["user"], private=True)
    plant_handed(found, world)


def plant_handed(found: Plant, world: World) -> None:
    """A hand-over of the case that one of the holder's follows: its colleagues read it."""
    from tests.security.planting import AT, _save

    holder = frozenset({world.holder})
    mine = {"organisation_id": world.holder}
    bulk = BulkHandOver(
        giver=uuid7(),
        taker=uuid7(),
        done_at=AT,
        done_by=uuid7(),
        undone_before=AT + timedelta(hours=9),
        **mine,
    )
    _save(found, bulk, holder)
    following = Following.objects.using("owner").get(
        case_id=world.ids["case"], organisation_id=world.holder, reason="taken"
    )
    _save(found, HandedCase(hand_over=bulk, case_id=world.ids["case"], ended=following, **mine), holder)
