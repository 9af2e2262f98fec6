"""The clock of the law: its length, from which fact, what suspends it, and what silence means; dated data with their source."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from maillage.conventions.terms.duration import PeriodField
from maillage.core.calendar import DAY, Period, add
from maillage.core.holidays import roll_forward
from maillage.rights.clocks.course import Course

FILE: Final = "law.yaml"


class Silence(StrEnum):
    """What the silence of the caisse means at the end of the delay (CRPA L231-1, L231-4)."""

    ACCEPTANCE = "acceptance"
    REJECTION = "rejection"


class Rule(BaseModel):
    """What the law says of a right for applications received `since` a day; without `within`, it gives no delay."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    right: str
    source: str
    since: date = date.min
    within: PeriodField | None = None
    counted: Literal["reception", "complete"] = "reception"
    silence: Silence | None = None
    rolls: bool = False
    unverified: str = ""

    @model_validator(mode="after")
    def _silence_ends_a_delay(self) -> "Rule":
        if (self.within is None) != (self.silence is None):
            raise ValueError("`within` et `silence` vont ensemble")
        return self


@dataclass(frozen=True, slots=True)
class Legal:
    """The law on a course: the last day before silence speaks (rolled), the strict day, and what was not counted.

    `due` is None where the law gives no delay, or while the fact that it counts from has not come. `suspended`: days.
    """

    due: date | None
    silence: Silence | None
    source: str
    strict: date | None = None
    start: date | None = None
    suspended: int = 0


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the file, the last ones first."""
    text = resources.files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    found = [Rule.model_validate(one) for one in yaml.load(text, Loader=yaml.CSafeLoader)["rules"]]
    return tuple(sorted(found, key=lambda rule: rule.since, reverse=True))


@cache
def _of(right: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if rule.right == right)


def rule_for(right: str, received: date) -> Rule:
    """The rule of a right for applications received on a day. Raises KeyError for a right of which the file says nothing."""
    for rule in _of(right):
        if rule.since <= received:
            return rule
    raise KeyError(right)


def legal(rule: Rule, course: Course, *, departement: str) -> Legal:
    """The law on a course: from completeness for an acceptance, from reception for a rejection, suspended as L114-5 allows."""
    if rule.within is None:
        return Legal(None, None, rule.source)
    if rule.counted == "complete":
        start, stopped = course.complete, 0
        strict = add(start, rule.within) if start else None
    else:
        start = course.received
        strict, stopped = _suspended(start, rule.within, course)
    due = roll_forward(strict, departement) if strict and rule.rolls else strict
    return Legal(due, rule.silence, rule.source, strict, start, stopped)


def _suspended(start: date, within: Period, course: Course) -> tuple[date | None, int]:
    """The last day, put off by each day on which it was suspended; None while it is.

    The day of the request counts no more, that on which it starts again does; the day of reception never counted. A request that
    comes after the last day suspends nothing: silence has spoken. Days that two requests share are put off once.
    """
    last, stopped, free = add(start, within), 0, start + DAY
    for request in course.requests:
        if not request.indispensable or request.asked > last:
            continue
        until = request.until
        if until is None:
            return None, stopped
        begun = max(request.asked, free)
        days = max((until - begun).days, 0)
        last, stopped, free = last + timedelta(days=days), stopped + days, max(free, until)
    return last, stopped
