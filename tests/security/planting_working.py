"""What hangs on a referral at work, in each world: a try to reach the person, a pause and a question, read by both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillage.core.identifiers import uuid7
from maillage.referrals.models import CaseQuestion, ContactAttempt, Pause

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_working(found: Plant, world: World) -> None:
    """One row of each table: the recipient adds all three, and ends the pause; the sender answers the question,
    which the recipient may take back."""
    from tests.security.planting import AT, ON, _save

    case, both = world.ids["case"], world.both
    caisse = frozenset({world.other})
    attempt = ContactAttempt(case_id=case, day=ON, way="call", reached=False, noted_at=AT, noted_by=uuid7())
    _save(found, attempt, both, adders=caisse, changers=caisse)
    pause = Pause(
        case_id=case, reason="other", began_on=ON, look_again_on=ON.replace(day=20), began_at=AT, began_by=uuid7(),
    )  # fmt: skip
    _save(found, pause, both, adders=caisse, changers=caisse)
    question = CaseQuestion(
        case_id=case, asked_at=AT, asked_by=uuid7(), sealed_question=world.canary.encode()
    )
    _save(
        found, question, both, adders=caisse
    )  # the guard `sided` tells apart who answers and who takes back
