"""The local actions of a convention, and those that its committee has something to do of."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from maillage.conventions.commitments.queries import running
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.steering.local_actions.models import LocalAction, Proposal
from maillage.steering.local_actions.rules import analysis_from
from maillage.steering.local_actions.states import State


def actions_of(known: LoadedConvention) -> list[LocalAction]:
    """All of them, in the order in which they were described."""
    return list(LocalAction.objects.filter(convention=known.row).order_by("recorded_at", "id"))


def proposals_of(known: LoadedConvention) -> dict[UUID, Proposal]:
    """What is proposed of them at the national level today, by action."""
    rows = Proposal.objects.filter(convention=known.row, withdrawn_at=None).order_by("action_id")
    return {one.action_id: one for one in rows}


def analysed_by(known: LoadedConvention, on: date) -> date | None:
    """The day from which the parties analyse their local actions; None while it is not certain since when the convention runs."""
    since = running(known, on)
    return analysis_from(since.since) if since else None


def to_discuss(known: LoadedConvention, on: date) -> list[LocalAction]:
    """Those to analyse after the first year, those that wait for an arbitration, those that were kept and are not rolled out."""
    due = analysed_by(known, on)
    return [
        one
        for one in actions_of(known)
        if one.state in (State.ANALYSED, State.KEPT)
        or (one.state == State.DESCRIBED and due is not None and due <= on)
    ]


def described_in(conventions: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these conventions that have local actions of which the parties have said no analysis."""
    rows = LocalAction.objects.filter(convention__in=conventions, state=State.DESCRIBED).order_by()
    return frozenset(rows.values_list("convention_id", flat=True).distinct())
