"""A committee of a convention met: the fact that its history and its next meetings are read from. No date of the convention moves."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention, Event
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.recording import day_of, keep, not_in_the_future
from maillage.conventions.lifecycle.telling import open_record
from maillage.core.refusals import Fault, check
from maillage.organisations.member import Member


@transaction.atomic
def record_committee(
    *, convention: Convention, committee: str, day: date, note: str, by: Member, at: datetime, fact_id: UUID
) -> Event:
    """Record that a committee of the text met on a day; `note` says which meeting it was, in a few words.

    Raises `Refused` at `committee` or `day`, PermissionDenied to whoever records nothing of this convention.
    """
    known = open_record(convention, by)
    in_text = any(one.key == committee for one in known.readable(day).committees)
    check(
        [
            None if in_text else Fault("Ce comité n’est pas dans le texte de ce jour-là.", "committee"),
            not_in_the_future(day, day_of(known.row, at), "day"),
        ]
    )
    detail = {"committee": committee, "note": note}
    return keep(
        convention=known.row, kind=RecordedKind.COMMITTEE_HELD, day=day, by=by, at=at, detail=detail, fact_id=fact_id
    )  # fmt: skip


def committee_days(known: LoadedConvention) -> Mapping[str, tuple[date, ...]]:
    """The days on which each committee met, by its key in the text, the oldest first."""
    found: dict[str, tuple[date, ...]] = {}
    for row in known.recorded:
        if row.kind == RecordedKind.COMMITTEE_HELD:
            key = str(row.detail["committee"])
            found[key] = (*found.get(key, ()), row.day)
    return found
