"""The meeting on which one acts: its convention locked, so that of two people one acts after the other."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from maillage.conventions.commitments.opening import open_signed
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.terms.steering import Committee
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.steering.committees.models import Meeting


def open_meeting(meeting: UUID, by: Member) -> tuple[LoadedConvention, Meeting]:
    """The convention, locked, and the meeting as it is then.

    Raises Meeting.DoesNotExist, PermissionDenied to whoever records nothing of its convention.
    """
    row = Meeting.objects.get(pk=meeting)
    known = open_signed(Convention.objects.get(pk=row.convention_id), by)
    row.refresh_from_db()
    return known, row


def clause_of(known: LoadedConvention, key: str, on: date) -> Committee | None:
    """The committee of that day's text with this key; None when an avenant has taken it out."""
    return next((one for one in known.readable(on).committees if one.key == key), None)


def must_be_in(row: Meeting, states: Collection[str]) -> None:
    """Raise Refused unless the meeting is in one of these states."""
    if row.state not in states:
        raise Refused("Cette étape n’est pas, ou plus, possible : la page a été rechargée.")
