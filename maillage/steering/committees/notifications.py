"""What is said outside of a meeting: the reference of its convention and a link to its page, nothing of its content."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.notifications import reference, tell
from maillage.conventions.lifecycle.recording import day_of
from maillage.organisations.member import Member
from maillage.steering.committees.models import Meeting


def path(meeting: UUID) -> str:
    """The address of the meeting's page, without its host."""
    return f"/comites/reunions/{meeting}/"


def bodies_of(known: LoadedConvention, keys: Iterable[str]) -> list[UUID]:
    """The organisations behind these parties."""
    return [party.organisation for key in keys if (party := known.party(key)) is not None]


def tell_members(
    kind: str, known: LoadedConvention, meeting: Meeting, fact: object, *, by: Member, at: datetime
) -> None:
    """One message to each other member party, and to its referents on duty that day."""
    to = [body for body in bodies_of(known, meeting.members) if body != by.organisation]
    on = day_of(known.row, at)
    named = (reference(known.id), path(meeting.pk))
    tell(kind, convention=known.id, to=to, fact=f"{meeting.pk}-{fact}", on=on, named=named)
