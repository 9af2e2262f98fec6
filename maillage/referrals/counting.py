"""What came of the referrals of a convention, on the two axes that S4 art. 4 counts apart: care renounced, and rights."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from maillage.organisations.member import Member
from maillage.referrals.ending.rules import HELPED, NOT_DONE
from maillage.referrals.queries import counted_role
from maillage.referrals.states import ENDS, State


@dataclass(frozen=True, slots=True)
class OutcomeCounts:
    """Counts of one organisation's own referrals under a convention, all but those entered by error.

    `renunciations`: care renounced in them, whoever found it. Of the closed ones: `with_care` and `without_care` where care was
    in question, `helped` those without care that helped with rights; `rights_alone` where no care was in question.
    `rights_opened` and `rights_refused` whatever came of care. `under_way`: not ended yet.
    """

    referrals: int = 0
    renunciations: int = 0
    with_care: int = 0
    without_care: int = 0
    helped: int = 0
    rights_alone: int = 0
    rights_opened: int = 0
    rights_refused: int = 0
    under_way: int = 0

    @property
    def mean(self) -> float:
        """Renunciations a referral; 0 without any referral."""
        return self.renunciations / self.referrals if self.referrals else 0.0


def outcome_counts(convention: UUID, member: Member) -> OutcomeCounts:
    """The exact counts of the member's own organisation under a convention, in one query: its work grows with its referrals.

    A definer function counts them whole: the policies of four tables, asked of each row, would take forty times as long.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referral_outcomes(%s, %s)", [convention, counted_role(member)])
        rows = cursor.fetchall()

    def count(
        states: frozenset[State] | set[State], care: tuple[str, ...] = (), rights: tuple[str, ...] = ()
    ) -> int:
        return sum(
            number
            for state, cared, opened, number, _ in rows
            if state in states and (not care or cared in care) and (not rights or opened in rights)
        )

    closed, without = {State.CLOSED}, tuple(NOT_DONE)
    return OutcomeCounts(
        referrals=sum(number for *_, number, _ in rows),
        renunciations=sum(number for *_, number in rows),
        with_care=count(closed, ("done",)),
        without_care=count(closed, without),
        helped=count(closed, without, HELPED),
        rights_alone=count(closed, ("none_needed",)),
        rights_opened=count(closed, rights=("opened",)),
        rights_refused=count(closed, rights=("refused",)),
        under_way=count(set(State) - ENDS),
    )
