"""What is said outside of a yearly sheet: the convention's code and a link, never a figure."""

from datetime import datetime
from uuid import UUID

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.notifications import reference, tell
from maillage.conventions.lifecycle.recording import day_of
from maillage.indicators.sheets.models import YearSheet
from maillage.organisations.member import Member


def tell_submitted(known: LoadedConvention, row: YearSheet, *, by: Member, at: datetime) -> None:
    """Whoever holds the convention has a sheet to check."""
    _tell("year_submitted", known, row, to=[known.row.drafted_by_id], by=by, at=at)


def tell_given_back(known: LoadedConvention, row: YearSheet, *, by: Member, at: datetime) -> None:
    """The parties have a sheet to complete."""
    to = [party.organisation for party in known.signatories]
    _tell("year_given_back", known, row, to=to, by=by, at=at)


def _tell(
    kind: str, known: LoadedConvention, row: YearSheet, *, to: list[UUID], by: Member, at: datetime
) -> None:
    tell(
        kind,
        convention=known.id,
        to=[body for body in to if body != by.organisation],
        fact=f"{row.pk}:{at.isoformat()}",
        on=day_of(known.row, at),
        named=(reference(known.id), f"/bilans/{known.id}/{row.year}/"),
    )
