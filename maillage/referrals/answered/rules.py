"""Whether referrals were answered in time, quarter by quarter: days in, counts out (row A20; S2 annex 2, « dès réception »). Pure.

A quarter is counted once its last referral may no longer be answered in time: the count then stays what it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from maillage.conventions.commitments.rules import Numbers, Running
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.commitments import Commitment, CountedAnswer
from maillage.core.calendar import DAY, Period
from maillage.referrals.heeding.rules import Source, Threshold, reached_on

QUARTERS: Final = 4
"""How far back quarters are counted: no worker is away for longer, and a year is what a committee looks at."""
WORDS: Final = {
    CountedAnswer.ACKNOWLEDGED: "Accusés de réception donnés à temps",
    CountedAnswer.CONTACTED: "Personnes contactées à temps",
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """The time that is left to answer: a promise of the text runs until its last day, a threshold until the day before it is reached."""

    period: Period
    departement: str
    until_reached: bool = True

    def last_day(self, sent: date) -> date:
        """The last day on which what was sent that day is answered in time."""
        reached = reached_on(sent, self.period, self.departement)
        return reached if self.until_reached else reached - DAY


@dataclass(frozen=True, slots=True)
class Sent:
    """So many referrals sent on one day and answered on another, or ended; None for what did not come.

    `is_withheld`: the person lets one of the two sides know only that her request was received (D12).
    """

    on: date
    acknowledged_on: date | None = None
    contacted_on: date | None = None
    ended_on: date | None = None
    is_withheld: bool = False
    amount: int = 1


@dataclass(frozen=True, slots=True)
class Quarter:
    """The days of a civil quarter on which the convention was in force, both included; `fact` names it whatever those days are."""

    fact: str
    first: date
    last: date


def allowed(clause: Commitment, late: Threshold, departement: str) -> Allowed | None:
    """The delay of a commitment that is counted: the text's own, else, for an acknowledgement, what the parties agreed.

    None while nobody said a number: a mark of the platform is nobody's promise. Hours are no matter of days.
    """
    within = clause.cadence.within if clause.cadence else None
    if within is not None and not isinstance(within, Blank):
        return None if within.hours else Allowed(within, departement)
    if clause.counted_answer is CountedAnswer.ACKNOWLEDGED and late.source is not Source.DEFAULT:
        return Allowed(late.period, departement, until_reached=False)
    return None


def settled_quarters(running: Running, allowed: Allowed, on: date) -> Iterator[Quarter]:
    """The quarters of the last year in which the convention was in force and that nothing changes any more, the newest first."""
    first = date(on.year, on.month - (on.month - 1) % 3, 1)
    for _ in range(QUARTERS):
        after = first
        first = date(after.year, after.month - 3, 1) if after.month > 3 else date(after.year - 1, 10, 1)
        last = min(after, running.until or after) - DAY
        begins = max(first, running.since)
        if begins <= last and allowed.last_day(last) < on:
            yield Quarter(first.isoformat(), begins, last)


def numbers(
    answer: CountedAnswer, sent: Iterable[Sent], quarter: Quarter, allowed: Allowed
) -> Numbers | None:
    """How many referrals of a quarter were answered in time, over how many; None where there was none to answer.

    One that ended unanswered while there was time left counts nowhere; nor does, of contacts, one whose progress is withheld: the
    side from which it is withheld would find it by subtraction.
    """
    counted = over = 0
    for one in sent:
        if not quarter.first <= one.on <= quarter.last or (_tells_progress(answer) and one.is_withheld):
            continue
        last = allowed.last_day(one.on)
        answered = one.contacted_on if _tells_progress(answer) else one.acknowledged_on
        if answered is None and one.ended_on is not None and one.ended_on <= last:
            continue
        over += one.amount
        counted += one.amount if answered is not None and answered <= last else 0
    return Numbers(quarter.first, quarter.last, counted, over) if over else None


def _tells_progress(answer: CountedAnswer) -> bool:
    """Whether the answer is more than that the request was received."""
    return answer is CountedAnswer.CONTACTED
