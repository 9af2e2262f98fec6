"""The last useful day to act before the next term, and the warnings that go out before it.

A text is renewed unless somebody acts: each reading has its last useful day to do so, and warnings count
from the earliest, 120, 90 and 30 days before (row A9).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from maillage.conventions.lifecycle.denunciations import target_after
from maillage.conventions.lifecycle.events import Event
from maillage.conventions.lifecycle.exits import is_denunciation
from maillage.conventions.lifecycle.judging import Case, Judgement
from maillage.conventions.lifecycle.letters import last_day_of
from maillage.conventions.lifecycle.reading import (
    Ambiguity,
    combine,
    group,
    names_of,
    texts_of,
)
from maillage.conventions.lifecycle.rules import HasLifecycle
from maillage.conventions.lifecycle.states import State
from maillage.conventions.lifecycle.wording import TERMS, exit_label, exit_rule
from maillage.conventions.terms.duration import AnniversaryDenunciation, Denunciation
from maillage.conventions.terms.readings import Variant
from maillage.core.calendar import DAY, Period, subtract

THRESHOLDS: Final = (120, 90, 30)


class What(StrEnum):
    """What happens if nobody acts by the last useful day."""

    RENEWS = "renews"
    EXPIRES = "expires"

    @property
    def label(self) -> str:
        """The French words of a warning."""
        return "se renouvelle tacitement" if self is What.RENEWS else "arrive à son terme"


@dataclass(frozen=True, slots=True)
class UsefulDay:
    """The last day on which a party may still prevent a renewal, or decide what follows a term.

    `then` is the day on which the convention renews or is no longer in force. `reading` is empty when
    every reading gives the same day. `rule` says how the day is found, `quote` the words of its clause.
    """

    day: date
    then: date
    what: What
    article: str
    reading: str = ""
    reading_text: str = ""
    rule: str = ""
    calendar: str = TERMS
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A warning due on `due_on`, `threshold` days before the last useful day. (`useful.day`, `threshold`)
    names it.
    """

    due_on: date
    threshold: int
    useful: UsefulDay


def last_useful_days(
    terms: HasLifecycle, events: Iterable[Event], on: date, departement: str = "75"
) -> tuple[UsefulDay, ...]:
    """The next last useful day of each reading, from `on`, earliest first; none once the end is decided or
    unknown.
    """
    case = Case(terms, events, on, departement)
    idle = [
        Ambiguity(clause.name, case.exit_variants[index])
        for index, clause in enumerate(case.exits)
        if index not in case.live and is_denunciation(clause)
    ]
    judged = len(case.ambiguities)

    def useful(chosen: tuple[Variant[Any], ...]) -> UsefulDay | None:
        return _useful_day(case.judge(chosen[:judged]), [variant.clause for variant in chosen[1:]])

    dimensions = [*case.ambiguities, *idle]
    found: list[UsefulDay] = []
    for one in group(dimensions, combine(dimensions, useful), _same_day):
        known = one.first.value
        if known is not None:
            found.append(replace(known, reading=names_of(one.named), reading_text=texts_of(one.named)))
    return tuple(sorted(found, key=lambda known: (known.day, known.reading)))


def reminders(
    terms: HasLifecycle, events: Iterable[Event], on: date, departement: str = "75"
) -> tuple[Reminder, ...]:
    """The three warnings before the earliest last useful day; those whose day has passed are kept, and due
    at once.
    """
    days = last_useful_days(terms, events, on, departement)
    return tuple(
        Reminder(days[0].day - timedelta(days=threshold), threshold, days[0])
        for threshold in THRESHOLDS
        if days
    )


def _same_day(known: UsefulDay | None) -> tuple[object, ...]:
    """What two readings must share to be told together: not the way of counting."""
    return () if known is None else (known.day, known.then, known.what, known.article)


def _useful_day(judgement: Judgement, clauses: Sequence[Any]) -> UsefulDay | None:
    """Under one reading: the latest that the text's denunciations allow, else the last day of the term."""
    path, on = judgement.course, judgement.situation.on
    decided = path.opposed or any(not effect.leaves for effect in judgement.effects)
    if decided or judgement.state not in {State.SIGNED, State.IN_FORCE}:
        return None
    out = path.running_out
    if out is not None and out == path.expires:
        article = next((clause.article for clause in clauses if clause.article), "")
        rule = "Le terme ne se renouvelle pas : son dernier jour est le dernier pour décider de la suite."
        return UsefulDay(out - DAY, out, What.EXPIRES, article, rule=rule) if out > on else None
    days = [
        found
        for clause in clauses
        if is_denunciation(clause) and (found := _last_day_for(clause, judgement, on)) is not None
    ]
    if days:
        return max(days, key=lambda found: found.day)
    if out is None:
        return None
    article = path.renewals[-1].article if path.renewals else ""
    rule = "Le texte ne dit pas comment refuser le renouvellement : une opposition compte jusqu'au dernier jour du terme."
    return UsefulDay(out - DAY, out, What.RENEWS, article, rule=rule)


def _last_day_for(
    clause: Denunciation | AnniversaryDenunciation, judgement: Judgement, on: date
) -> UsefulDay | None:
    if isinstance(clause, Denunciation):
        return _last_day_with_notice(clause, judgement, on)
    if not isinstance(clause.before, Period):
        return None
    target = target_after(clause, judgement.situation, on)
    while target is not None:
        day = target - DAY if clause.limit == "window" else subtract(target, clause.before)
        if day >= on:
            return _by(clause, day, target, judgement)
        target = target_after(clause, judgement.situation, target)
    return None


def _last_day_with_notice(clause: Denunciation, judgement: Judgement, on: date) -> UsefulDay | None:
    """The last day from which the notice still ends with the term, and not inside the next one."""
    out = judgement.course.running_out
    if out is None or not isinstance(clause.notice, Period):
        return None
    departement = judgement.situation.departement
    day = out - DAY if clause.notice.working_days else subtract(out, clause.notice)
    while last_day_of(day, clause.notice, departement) >= out:
        day -= DAY
    while last_day_of(day + DAY, clause.notice, departement) < out:
        day += DAY
    return _by(clause, day, out, judgement) if day >= on else None


def _by(
    clause: Denunciation | AnniversaryDenunciation, day: date, then: date, judgement: Judgement
) -> UsefulDay:
    """The last day that a denunciation allows, with its rule and its words."""
    how, calendar = exit_rule(clause, judgement.situation.departement)
    if isinstance(clause, Denunciation) and isinstance(clause.notice, Period):
        how = f"avec un préavis de {clause.notice.label()}, qui finit avec le terme."
    rule = f"{exit_label(clause)} : {how}"
    return UsefulDay(
        day, then, What.RENEWS, clause.article, rule=rule, calendar=calendar, quote=clause.quote or ""
    )
