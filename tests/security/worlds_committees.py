"""A committee of each world: a meeting that was held, with its minutes, decision, words and frozen file; and a local action."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from maillage.conventions.lifecycle.models import Convention
from maillage.core.clock import now, today
from maillage.core.identifiers import uuid7
from maillage.steering.committees import actions, minutes
from maillage.steering.committees.actions import Convened, Planned
from maillage.steering.committees.models import Decision, Pack, Remark
from maillage.steering.local_actions.models import LocalAction
from maillage.web.presentation.dates import PARIS

if TYPE_CHECKING:
    from tests.security.worlds import World

REFERENTS = {
    "CPAM 42": "referente@cpam.example.org",
    "CARSAT RA": "referente@carsat.example.org",
    "Cnam": "nationale@cnam.example.org",
}


def meet(world: World) -> None:
    """By the real actions of the first party's referent, but for the file, which stands for one already kept."""
    from tests.security.worlds import member

    word = f"CANARI{world.name}"
    body = world.bodies["cpam"]
    with member(REFERENTS[world.parties["cpam"]]) as by:
        convention = Convention.objects.get(pk=world.ids["convention"])
        before = now() - timedelta(days=2)
        said = Planned(uuid7(), "copil", today(PARIS), inside=word)
        row = actions.plan(convention=convention, said=said, by=by, at=before)
        actions.convene(
            meeting=row.pk, said=Convened(now() - timedelta(days=1), place=word), by=by, at=before
        )
        actions.hold(meeting=row.pk, presence={"cpam": word}, by=by, at=now(), with_pack=False)
        minutes.write_minutes(meeting=row.pk, body={"general": word}, base=0, by=by, at=now())
        known = {
            "convention_id": convention.pk,
            "recorded_at": now(),
            "recorded_by": by.user,
            "recorded_for_id": body,
        }
        remark = Remark.objects.create(kind="alert", text=word, **known)
        decision = Decision.objects.create(
            meeting_id=row.pk,
            number=1,
            text=word,
            owner_key="cpam",
            due_on=today(PARIS),
            state="open",
            **known,
        )
        action = LocalAction.objects.create(title=word, description=word, **known)
        document = world.ids["document"]
        pack = Pack.objects.create(
            meeting_id=row.pk, number=1, occasion="asked", pdf_id=document, workbook_id=document, **known
        )
    rows = {"meeting": row, "remark": remark, "decision": decision, "local_action": action, "pack": pack}
    world.ids |= {kind: one.pk for kind, one in rows.items()}
