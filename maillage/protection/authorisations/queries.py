"""The authorisations that the parties of a convention read, where each stands, and which bodies may receive one's data today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from maillage.conventions.lifecycle.models import Party
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.lifecycle.states import State as ConventionState
from maillage.core.calendar import DAY
from maillage.organisations.member import Member
from maillage.protection.authorisations.models import TransferAnswer, TransferRequest, TransferWithdrawal
from maillage.protection.authorisations.rules import Answered, Standing, State, body_key, covers, standing
from maillage.protection.firsts import firsts


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
    return [_stands(one, at) for one in _whole(rows)]


def _whole(rows: QuerySet[TransferRequest]) -> QuerySet[TransferRequest]:
    found = rows.select_related("convention", "organisation", "document", "withdrawal__recorded_for")
    return found.prefetch_related("answers__organisation", "answers__document", "answers__recorded_for")


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


def waiting(member: Member, at: datetime) -> tuple[list[Transfer], list[Transfer], bool]:
    """What one's organisation is asked to answer and has not, and what it asked itself and runs, the oldest first; whether there are
    more of these."""
    me = member.organisation
    answered = TransferAnswer.objects.filter(request=OuterRef("pk"), organisation=me)
    to_answer = Q(asked_of__contains=[me]) & ~Exists(answered)
    rows = _running(visible_to(member), at).filter(Q(organisation=me) | to_answer)
    found = firsts(_whole(rows.order_by("recorded_at", "id")))
    known = [_stands(one, at) for one in found]
    return (
        [one for one in known if me in one.waits_for],
        [one for one in known if one.row.organisation_id == me],
        found.is_cut,
    )


def _running(rows: QuerySet[TransferRequest], at: datetime) -> QuerySet[TransferRequest]:
    """Without those of which it is certain, in whichever zone, that nothing is covered any more: each is then judged by its rule."""
    over = Q(granted=False) | Q(until__lt=at.date() - DAY)
    gone = TransferAnswer.objects.filter(over, request=OuterRef("pk"))
    rows = rows.exclude(convention__state=ConventionState.ENDED.value)
    return rows.filter(~Exists(gone), withdrawal=None)


def in_force(member: Member, at: datetime) -> list[Transfer]:
    """What one's own organisation asked, was granted, and covers today, the latest first."""
    rows = TransferRequest.objects.filter(organisation=member.organisation)
    return [one for one in transfers(_running(rows, at).order_by("-recorded_at", "-id"), at) if one.covers]


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
