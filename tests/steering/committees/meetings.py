"""Meetings of a committee at each stage of their life, made by the real actions."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from maillage.core.identifiers import uuid7
from maillage.steering.committees import actions, minutes
from maillage.steering.committees.actions import Convened, Planned
from maillage.steering.committees.minutes import Decided
from maillage.steering.committees.models import Decision, Meeting, Minutes, Validation
from tests.conventions.people import CARSAT, CCAS, CPAM, instant, member, seen

AT = instant("2025-10-01")
"""When it is planned and convened."""
STARTS = instant("2025-10-20")
HELD = instant("2025-10-20", 14)
AFTER = instant("2025-10-22")
ALL = {
    "cpam": "Responsable des partenariats",
    "carsat": "Responsable du service social",
    "ccas": "Directrice",
}
PARTIES = (CPAM, CARSAT, CCAS)


def planned(convention: UUID, *, by: str = CPAM, at: datetime = AT, **changes: Any) -> Meeting:
    said = {"meeting_id": uuid7(), "committee": "copil", "planned_on": STARTS.date(), **changes}
    with member(by, at) as actor:
        return actions.plan(convention=seen(actor, convention), said=Planned(**said), by=actor, at=at)


def convened(convention: UUID, *, starts: datetime = STARTS, at: datetime = AT, **changes: Any) -> Meeting:
    row = planned(convention, at=at, planned_on=starts.date(), **changes)
    with member(CPAM, at) as actor:
        return actions.convene(meeting=row.pk, said=Convened(starts, place="Salle 1"), by=actor, at=at)


def held(
    convention: UUID,
    presence: dict[str, str] | None = None,
    *,
    starts: datetime = STARTS,
    with_pack: bool = False,
    **changes: Any,
) -> Meeting:
    row = convened(convention, starts=starts, at=starts - timedelta(days=19), **changes)
    at = starts + timedelta(hours=4)
    with member(CPAM, at) as actor:
        return actions.hold(
            meeting=row.pk,
            presence=ALL if presence is None else presence,
            by=actor,
            at=at,
            with_pack=with_pack,
        )


def written(
    meeting: UUID, text: str = "Les bilans sont partagés.", *, base: int = 0, by: str = CPAM
) -> Minutes:
    with member(by, AFTER) as actor:
        return minutes.write_minutes(meeting=meeting, body={"general": text}, base=base, by=actor, at=AFTER)


def validated(meeting: UUID, by: str, number: int = 1) -> Validation:
    with member(by, AFTER) as actor:
        return minutes.validate(meeting=meeting, number=number, by=actor, at=AFTER)


def decided(meeting: UUID, *, by: str = CPAM, **changes: Any) -> Decision:
    said = {
        "decision_id": uuid7(),
        "text": "Tenir deux sessions",
        "owner": "ccas",
        "due_on": AFTER.date() + timedelta(days=90),
        **changes,
    }
    with member(by, AFTER) as actor:
        return minutes.decide(meeting=meeting, said=Decided(**said), by=actor, at=AFTER)


def again(row: Meeting, by: str = CPAM) -> Meeting:
    """The meeting as it is now."""
    with member(by, AFTER):
        return Meeting.objects.get(pk=row.pk)
