"""When a post of referent stands empty, since when, and when it will be; how one hands over to the next. Pure.

Days of these rules are those of the convention's caisse; `until` is the last day of a tenure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from maillage.conventions.terms.steering import ChangeFormality
from maillage.conventions.terms.steering import Referent as ReferentClause
from maillage.core.calendar import DAY
from maillage.core.french import date_in_words

NAMING_DAYS: Final = 30
"""Days left to name a first referent, from the day on which the text asks for one. Ours: no text gives a number."""
WARNING_DAYS: Final = 30
"""Days before the known end of a tenure that nobody succeeds. Ours: the last warning before a term comes as early."""
TRAINING_DAYS: Final = 90
"""Days after taking office by which a referent is trained, where the text asks for it. Ours: S3 art. 4 gives no number."""
HANDOVER_LONGEST: Final = timedelta(days=183)
"""The longest hand-over, six months. Ours: no text speaks of one."""
TELLING: Final = frozenset({ChangeFormality.LETTER, ChangeFormality.MUTUAL_INFORMATION})
"""What makes a vacancy the other parties' business: a change is told by letter (S3 art. 4), or to each other (S4 art. 3).

A list « tenue à jour » (S2 art. 3) binds its own party only.
"""


@dataclass(frozen=True, slots=True)
class Held:
    """The days of one tenure."""

    since: date
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether it runs that day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Post:
    """How many referents a party owes at one level; the article says so."""

    party: str
    level: str
    expected: int
    article: str = ""
    functions: tuple[str, ...] = ()
    change: ChangeFormality = ChangeFormality.NOT_STATED
    trained: bool = False

    @property
    def tells_others(self) -> bool:
        """Whether the other parties are to know of a vacancy."""
        return self.change in TELLING


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post short of referents since a day; `is_first` while it was never filled."""

    post: Post
    present: int
    since: date
    is_first: bool

    @property
    def missing(self) -> int:
        """How many are to be named."""
        return self.post.expected - self.present

    @property
    def alarm_on(self) -> date:
        """The day of the alarm: at once when a tenure has ended, after `NAMING_DAYS` when none has begun."""
        return self.since + timedelta(days=NAMING_DAYS) if self.is_first else self.since


@dataclass(frozen=True, slots=True)
class ComingVacancy:
    """A post that will be short of referents from a day on, as far as is known."""

    post: Post
    on: date

    @property
    def warning_on(self) -> date:
        """The day from which it is warned of."""
        return self.on - timedelta(days=WARNING_DAYS)


def to_train_by(post: Post, held: Held, *, trained: bool, on: date) -> date | None:
    """The day by which a referent on duty is to be trained; None when the text does not ask for it, or when she was."""
    if not post.trained or trained or not held.on(on):
        return None
    return held.since + timedelta(days=TRAINING_DAYS)


def posts(clauses: Iterable[ReferentClause]) -> tuple[Post, ...]:
    """The posts of a text, in its order; two clauses on the same party and level ask for two posts' people together."""
    found: dict[tuple[str, str], Post] = {}
    for clause in clauses:
        key = (clause.party, clause.level.value)
        before = found.get(key)
        functions = clause.functions if isinstance(clause.functions, tuple) else ()
        found[key] = Post(
            party=clause.party,
            level=clause.level.value,
            expected=clause.minimum + (before.expected if before else 0),
            article=before.article if before else clause.article,
            functions=(before.functions if before else ()) + functions,
            change=before.change if before else clause.change,
            trained=clause.trained or bool(before and before.trained),
        )
    return tuple(found.values())


def present(held: Iterable[Held], day: date) -> int:
    """How many tenures run that day."""
    return sum(one.on(day) for one in held)


def vacancy(post: Post, held: Sequence[Held], *, start: date, on: date) -> Vacancy | None:
    """What the post lacks on a day, and since when; None when it is filled. `start`: the day from which it is asked for."""
    here = present(held, on)
    if here >= post.expected:
        return None
    emptied = [
        one.until + DAY
        for one in held
        if one.until is not None
        and start < one.until + DAY <= on
        and present(held, one.until) >= post.expected > present(held, one.until + DAY)
    ]
    return Vacancy(post, here, max(emptied, default=start), is_first=not emptied)


def coming_vacancy(post: Post, held: Sequence[Held], *, on: date) -> ComingVacancy | None:
    """The first day after `on` on which a post filled today is known to lack somebody; None when it is not known to."""
    if present(held, on) < post.expected:
        return None
    ends = sorted(one.until + DAY for one in held if one.until is not None and one.until >= on)
    day = next((end for end in ends if present(held, end) < post.expected), None)
    return None if day is None else ComingVacancy(post, day)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a day, in words, and which one."""

    field: str
    words: str


def change_problem(
    former: Held, since: date, handover_until: date | None, *, begun_with: date | None = None
) -> Problem | None:
    """Why a change is refused; None when it leaves no day without a referent and crosses no other hand-over.

    `since`: the successor's first day; `handover_until`: the last day on which both are reachable; `begun_with`: the last
    day of the hand-over by which the former came, if she came by one.
    """
    return next(_change_problems(former, since, handover_until, begun_with), None)


def _change_problems(
    former: Held, since: date, handover_until: date | None, begun_with: date | None
) -> Iterator[Problem]:
    if since <= former.since:
        yield Problem("since", "Le changement suit la prise de fonction du référent remplacé.")
    if begun_with is not None and since <= begun_with:
        running = date_in_words(begun_with)
        yield Problem(
            "since", f"Un passage de relais court déjà jusqu’au {running} : ce changement commence après."
        )
    last = date_in_words(former.until) if former.until else ""
    if former.until is not None and since > former.until + DAY:
        yield Problem(
            "since",
            f"La fonction du référent remplacé finit le {last} : son successeur commence au plus tard le lendemain.",
        )
    if handover_until is None:
        return
    if handover_until < since:
        yield Problem("handover_until", "Le passage de relais finit le jour du changement, ou après.")
    if former.until is not None and handover_until > former.until:
        yield Problem(
            "handover_until",
            f"La fonction du référent remplacé finit le {last} : le passage de relais ne va pas au-delà.",
        )
    if handover_until - since > HANDOVER_LONGEST:
        yield Problem("handover_until", "Un passage de relais dure six mois au plus.")


def end_problem(held: Held, until: date, *, begun_with: date | None = None) -> Problem | None:
    """Why an end is refused: before the beginning, or before the hand-over by which this referent came is over."""
    if until < held.since:
        return Problem("until", "La fin ne peut pas précéder le début.")
    if begun_with is not None and held.since <= begun_with and until < begun_with:
        return Problem(
            "until",
            f"Un passage de relais court jusqu’au {date_in_words(begun_with)} : la fin vient ce jour-là, ou après.",
        )
    return None


@dataclass(frozen=True, slots=True)
class Following:
    """Who succeeds a tenure: her days, and the first day of whoever is already named after her."""

    held: Held
    next_since: date | None = None


def moved_end_problem(
    held: Held,
    until: date | None,
    *,
    on: date,
    begun_with: date | None = None,
    after: Following | None = None,
) -> Problem | None:
    """Why a planned end, or the end of a hand-over, cannot be moved there; None when it can. `until` None: no end is planned any more."""
    return next(_moved_end_problems(held, until, on, begun_with, after), None)


def _moved_end_problems(
    held: Held, until: date | None, on: date, begun_with: date | None, after: Following | None
) -> Iterator[Problem]:
    if held.until is None or held.until < on:
        yield Problem("until", "Cette fonction n’a pas de fin à venir : la page a été rechargée.")
    if until is None:
        if after is not None:
            yield Problem(
                "until", "Un successeur est nommé : donnez le dernier jour, ou annulez son arrivée."
            )
        return
    if until < on:
        yield Problem("until", "La nouvelle fin vient aujourd’hui, ou après.")
    if after is not None:
        yield from _relay_problems(until, after)
    if problem := end_problem(Held(held.since), until, begun_with=begun_with):
        yield problem


def _relay_problems(until: date, after: Following) -> Iterator[Problem]:
    first = after.held.since
    if until < first - DAY:
        yield Problem(
            "until",
            f"Le successeur commence le {date_in_words(first)} : la fonction va jusqu’à la veille au moins.",
        )
    if until - first > HANDOVER_LONGEST:
        yield Problem("until", "Un passage de relais dure six mois au plus.")
    if after.held.until is not None and until > after.held.until:
        last = date_in_words(after.held.until)
        yield Problem(
            "until", f"La fonction du successeur finit le {last} : le passage de relais ne va pas au-delà."
        )
    if after.next_since is not None and until >= after.next_since:
        following = date_in_words(after.next_since)
        yield Problem(
            "until", f"Le successeur est lui-même remplacé le {following} : le passage de relais finit avant."
        )


def moved_arrival_problem(held: Held, since: date, *, on: date, is_succeeded: bool) -> Problem | None:
    """Why the first day of a tenure to come cannot be moved there; None when it can. What she succeeds is `change_problem`'s to judge."""
    if why := given_up_problem(held, on=on, is_succeeded=is_succeeded):
        return Problem("since", why)
    if since < on:
        return Problem("since", "Le nouveau premier jour vient aujourd’hui, ou après.")
    if held.until is not None and since > held.until:
        return Problem("since", "Le premier jour ne peut pas suivre la fin prévue.")
    return None


def given_up_problem(held: Held, *, on: date, is_succeeded: bool) -> str | None:
    """Why a tenure to come cannot be cancelled; None when it can."""
    if held.since <= on:
        return "Cette fonction a déjà commencé : mettez-y fin, ou remplacez ce référent."
    if held.until is not None and held.until < held.since:
        return "Cette arrivée est déjà annulée : la page a été rechargée."
    return "Son propre remplacement est déjà prévu : annulez-le d’abord." if is_succeeded else None
