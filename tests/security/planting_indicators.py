"""A yearly sheet of each world's convention, an answer to one of its questions, and what was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillage.core.identifiers import uuid7
from maillage.indicators.models import (
    Campaign,
    CampaignReminder,
    ReleasedFigure,
    YearAnswer,
    YearCounts,
    YearSheet,
)

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_indicators(found: Plant, world: World) -> None:
    """Both parties read them; an answer is written by the holder in its own name."""
    from tests.security.planting import AT, EVERYBODY, ON, _save

    convention, holder = world.ids["convention"], frozenset({world.holder})
    sheet = YearSheet(convention_id=convention, year=ON.year, begun_at=AT, begun_by=uuid7())
    _save(found, sheet, world.both)
    answer = YearAnswer(
        sheet=sheet, convention_id=convention, question="fiche_suivi", revision=1, words=world.canary, is_few=False, said_at=AT,
        said_by=uuid7(), said_for_id=world.holder,
    )  # fmt: skip
    _save(found, answer, world.both, writers=holder)
    counts = YearCounts(sheet=sheet, convention_id=convention, amounts={world.canary: 12})
    _save(found, counts, world.both)
    campaign = Campaign(
        framework_id=convention, title=world.canary, year=ON.year, questions=[], due_on=ON, opened_at=AT, opened_by=uuid7(),
        opened_for_id=world.holder,
    )  # fmt: skip
    world.ids["campaign"] = _save(found, campaign, EVERYBODY, writers=holder)
    reminder = CampaignReminder(campaign=campaign, on=ON, sent_at=AT, conventions=2)
    _save(found, reminder, holder)
    figure = ReleasedFigure(campaign=campaign, question="q", territory="total", network="total", amount=12)
    _save(found, figure, EVERYBODY, writers=frozenset())
