"""A meeting of each world that was held, with its words, minutes, validation, decision and file; and a local action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections

from maillage.core.identifiers import uuid7
from maillage.steering.models import (
    Decision,
    LocalAction,
    Meeting,
    Minutes,
    Pack,
    Proposal,
    Remark,
    Validation,
)

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_committees(found: Plant, world: World) -> None:
    """Both parties read and follow; the holder wrote."""
    from tests.security.planting import AT, ON, _save

    both, holder = world.both, frozenset({world.holder})
    convention = world.ids["convention"]
    known = {
        "convention_id": convention,
        "recorded_at": AT,
        "recorded_by": uuid7(),
        "recorded_for_id": world.holder,
    }
    meeting = Meeting(
        convention_id=convention, committee_key="copil", name=world.canary, state="held", members=["drafter", "signatory"],
        needed=["drafter"], planned_on=ON, starts_at=AT, place=world.canary, convened_at=AT, convened_by=uuid7(), held_at=AT,
        held_by=uuid7(), planned_at=AT, planned_by=uuid7(), presence={"drafter": world.canary},
    )  # fmt: skip
    world.ids["meeting"] = _save(found, meeting, both)
    remark = Remark(kind="item", meeting=meeting, text=world.canary, **known)
    world.ids["remark"] = _save(found, remark, both, changers=holder, adders=holder)
    minutes = Minutes(
        meeting=meeting, number=1, body={"general": world.canary}, content_hash="0" * 64, **known
    )
    _save(found, minutes, both, writers=holder)
    validation = Validation(minutes=minutes, party_key="drafter", content_hash="0" * 64, **known)
    _save(found, validation, both, writers=holder)
    decision = Decision(
        meeting=meeting, number=1, text=world.canary, owner_key="signatory", due_on=ON, state="open", **known
    )
    world.ids["decision"] = _save(found, decision, both, adders=holder)
    document = world.ids["document"]
    pack = Pack(meeting=meeting, number=1, occasion="asked", pdf_id=document, workbook_id=document, **known)
    world.ids["pack"] = _save(found, pack, both, writers=holder)
    action = LocalAction(title=world.canary, description=world.canary, **known)
    world.ids["local_action"] = _save(found, action, both, adders=holder)
    proposal = Proposal(
        action=action,
        framework_id=convention,
        theme="other",
        title=world.canary,
        outcome=world.canary,
        **known,
    )
    with connections[
        "owner"
    ].cursor() as cursor:  # no action of this world was analysed, nor is there a text above
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE steering_proposal DISABLE TRIGGER of_its_action")
        _save(found, proposal, both, adders=frozenset(), changers=both)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE steering_proposal ENABLE TRIGGER of_its_action")
