"""The authorisations that the parties of a convention read, where each stands, and which bodies may receive one's data today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from maillage.conventions.lifecycle.models import Party
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.lifecycle.states import State as ConventionState
from maillage.core.calendar import DAY
from maillage.organisations.member import Member
from maillage.protection.authorisations.models import TransferAnswer, TransferRequest, TransferWithdrawal
from maillage.protection.authorisations.rules import Answered, Standing, State, body_key, covers, standing

MOST = 500
"""Authorisations of one list: more would be read by nobody."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A request, its answers, and where it stands on a day."""

    row: TransferRequest
    answers: tuple[TransferAnswer, ...]
    withdrawal: TransferWithdrawal | None
    standing: Standing
    on: date

    @property
    def covers(self) -> bool:
        """Whether data may leave on that day."""
        return covers(self.standing, self.row.starts_on, self.on)

    @property
    def waits_for(self) -> tuple[UUID, ...]:
        """The parties that have not answered, while an answer still counts."""
        if self.standing.state is not State.ASKED:
            return ()
        done = {one.organisation_id for one in self.answers}
        return tuple(one for one in self.row.asked_of if one not in done)

    @property
    def key(self) -> str:
        """What makes two authorisations be for the same body."""
        return body_key(self.row.body, self.row.country)


def visible_to(member: Member) -> QuerySet[TransferRequest]:
    """Those of the conventions that one's organisation signed, the latest first; row security says the same."""
    signed = Party.objects.filter(organisation=member.organisation).exclude(role="informed")
    rows = TransferRequest.objects.filter(convention__in=signed.values("convention_id"))
    return rows.order_by("-recorded_at", "-id")


def transfers(rows: QuerySet[TransferRequest], at: datetime) -> list[Transfer]:
    """Each with its answers and where it stands at that instant, the convention's own day; three queries in all."""
    found = rows.select_related("convention", "organisation", "document", "withdrawal__recorded_for")
    found = found.prefetch_related("answers__organisation", "answers__document", "answers__recorded_for")
    return [_stands(one, at) for one in found[:MOST]]


def _stands(row: TransferRequest, at: datetime) -> Transfer:
    convention, on = row.convention, day_of(row.convention, at)
    answers = tuple(sorted(row.answers.all(), key=lambda one: (one.recorded_at, one.pk)))
    withdrawal = getattr(row, "withdrawal", None)
    upper = convention.in_force.upper if convention.in_force is not None else None
    closing = day_of(convention, upper) - DAY if upper is not None else None
    return Transfer(
        row,
        answers,
        withdrawal,
        standing(
            asked_of=row.asked_of,
            answers={one.organisation_id: Answered(one.granted, one.until) for one in answers},
            withdrawn=withdrawal is not None,
            ended=convention.state == ConventionState.ENDED,
            term=min((day for day in (convention.ends_on, closing) if day is not None), default=None),
            on=on,
        ),
        on,
    )


def waiting(member: Member, at: datetime) -> tuple[list[Transfer], list[Transfer]]:
    """What one's organisation is asked to answer, and all that it asked itself."""
    known = transfers(visible_to(member), at)
    to_answer = [one for one in known if member.organisation in one.waits_for]
    own = [one for one in known if one.row.organisation_id == member.organisation]
    return to_answer, own


def in_force(member: Member, at: datetime) -> list[Transfer]:
    """What one's own organisation asked, was granted, and covers today."""
    rows = TransferRequest.objects.filter(organisation=member.organisation).order_by("-recorded_at", "-id")
    return [one for one in transfers(rows, at) if one.covers]


def covered(found: Iterable[Transfer], convention: UUID, regime: str) -> dict[str, UUID]:
    """By body, what authorises it to receive these data."""
    return {
        one.key: one.row.pk
        for one in found
        if one.row.convention_id == convention and one.row.regime_key == regime
    }


def ending(first: date, last: date) -> Sequence[tuple[UUID, UUID]]:
    """The worker's: authorisations that may end between these days, each with its asker."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT transfer, organisation FROM protection_transfers_ending(%s, %s)", [first, last]
        )
        return list(cursor.fetchall())


def absent(convention: UUID) -> frozenset[UUID]:
    """The parties of a convention in which nobody watches over data on the platform: they answer on paper."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM protection_here(%s) WHERE NOT here", [convention])
        return frozenset(body for (body,) in cursor.fetchall())
