"""A view that somebody of each world's holder keeps of her list: hers alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillage.referrals.models import SavedView

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
