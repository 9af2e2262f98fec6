"""What an organisation counts of its own applications under a convention, between two committees; and the sample that was drawn of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from maillage.cases.models import Authorisation, Participation
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.organisations.member import Member
from maillage.rights.measuring.delays import Distribution, Tally, distribution
from maillage.rights.measuring.sampling import Estimate, drawn, estimated
from maillage.rights.queries import visible_to
from maillage.rights.sampled.models import Sample
from maillage.rights.sampled.rules import Between, Side

STEPS: Final = ("completing", "deciding", "telling")
"""Reception to completeness, completeness to decision, decision to the person told."""
WITHHELD: Final = "withheld"
"""Stands for the state of what the person withholds from whoever sent her (D12)."""
Kind = tuple[str, bool]
"""A right, and whether the request is urgent: the two are never counted together."""


@dataclass(frozen=True, slots=True)
class Board:
    """What happened between two committees.

    `sent`: of what was sent then, how many are in each state today, by kind. `delays`: the total delay of what was decided then, by
    kind; `whole`: of all of them. `steps`: each step of these, urgent apart. `again`: second requests for pieces made then, by
    reason. `accepted` and `rejected`: by the law's silence, then. `open`: under way today, whenever they were sent.
    """

    sent: Mapping[Kind, Mapping[str, int]]
    delays: Mapping[Kind, Distribution]
    whole: Distribution
    steps: Mapping[tuple[str, bool], Distribution]
    again: Mapping[str, int]
    accepted: int
    rejected: int
    open: int

    @property
    def sent_in_all(self) -> int:
        """How many were sent then."""
        return sum(sum(states.values()) for states in self.sent.values())


def side_of(member: Member, convention: UUID) -> Side | None:
    """Which side of its applications the member's organisation is; None for a body that files none there and decides none."""
    rows = Authorisation.objects.filter(convention_id=convention).exclude(rights=[])
    for sender, recipient in rows.order_by("flow_key").values_list("sender_id", "recipient_id"):
        if recipient == member.organisation:
            return Side.CAISSE
        if sender == member.organisation:
            return Side.PARTNER
    return None


def board(known: LoadedConvention, side: Side, between: Between) -> Board:
    """The exact figures of the member's own organisation, in three queries: each reads its applications under the convention once."""
    ends = [datetime.combine(day, time(), known.zone) for day in (between.since, between.until)]
    sent: dict[Kind, Counter[str]] = {}
    for right, urgent, state, files in _called("rights_board_sent", known.id, side, *ends):
        sent.setdefault((right, urgent), Counter())[state] += files
    totals: dict[Kind, list[Tally]] = {}
    steps: dict[tuple[str, bool], list[Tally]] = {}
    accepted = 0
    for measure, right, urgent, days, promise, law, silent, files in _called(
        "rights_board_decided", known.id, side, between.since, between.until
    ):
        tally = Tally(days, files, promise, law)
        if measure == "total":
            totals.setdefault((right, urgent), []).append(tally)
            accepted += files if silent else 0
        else:
            steps.setdefault((measure, urgent), []).append(tally)
    beside = Counter[str]()
    for what, files in _called("rights_board_beside", known.id, side, between.since, between.until):
        beside[what] += files
    return Board(
        sent=dict(sorted(sent.items())),
        delays={kind: distribution(rows) for kind, rows in sorted(totals.items())},
        whole=distribution(row for rows in totals.values() for row in rows),
        steps={
            (step, urgent): distribution(steps[step, urgent])
            for step in STEPS
            for urgent in (False, True)
            if (step, urgent) in steps
        },
        accepted=accepted,
        rejected=beside.pop("rejection", 0),
        open=beside.pop("open", 0),
        again=dict(sorted(beside.items())),
    )


def _called(function: str, convention: UUID, side: Side, *ends: date) -> Iterable[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}(%s, %s, %s, %s)", [convention, side.value, *ends])  # noqa: S608 - one of three names
        rows: list[Sequence[Any]] = cursor.fetchall()
    return rows


def samples_of(member: Member, convention: UUID) -> list[Sample]:
    """The samples of a convention, the last period first: the caisse's own, or those of a partner that filed all their applications.

    Among how many each was drawn is in `among`; which they are is left where it is.
    """
    mine = Q(organisation=member.organisation) | Q(readers__contains=[member.organisation])
    rows = Sample.objects.filter(mine, convention_id=convention).annotate(among=F("population__len"))  # type: ignore[no-redef]  # declared there for whoever reads it
    return list(rows.defer("population").order_by("-since", "organisation_id"))


def estimate_of(sample: Sample) -> Estimate:
    """The mean of a sample of `samples_of` with its interval, as it was the day of the draw."""
    return estimated(sample.days, population=sample.among)


def mean_of_all(sample: Sample) -> Fraction:
    """The mean of all the applications among which it was drawn, as it was the day of the draw."""
    return Fraction(sample.total_days, sample.among)


def drawn_again(sample: Sample) -> bool:
    """Draw once more from the same applications with the same seed, here rather than in the database: whether it is the same."""
    population = Sample.objects.filter(id=sample.id).values_list("population", flat=True).get()
    return drawn(population, size=sample.size, seed=bytes(sample.seed)) == tuple(sample.drawn)


def sampled_parts(member: Member, sample: Sample) -> list[Participation]:
    """The drawn applications of the member's organisation that it still reads, in the order of the draw, without anything sealed."""
    rows = visible_to(member).filter(case_id__in=sample.drawn).select_related("case__application")
    found = {
        row.case_id: row
        for row in rows.defer("case__application__details", "case__application__sealed_words", "sealed_key")
    }
    return [found[case] for case in sample.drawn if case in found]
