"""The conditions of one route, each met, not met or unknown for a situation, and the groups in which the text puts them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from maillage.conventions.terms.criteria import Criterion, enough, every, facts_of, holds, undecided_facts
from maillage.conventions.terms.services import Item
from maillage.referrals.routing.situation import Situation


class Verdict(StrEnum):
    """What a situation says of a condition."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


_VERDICTS: Final[Mapping[bool | None, Verdict]] = {
    True: Verdict.MET,
    False: Verdict.NOT_MET,
    None: Verdict.UNKNOWN,
}


class Group(StrEnum):
    """Where a text puts its conditions; the word says how many of them are needed."""

    PUBLIC = "public"  # all, of one of the publics
    CONDITIONS = "conditions"  # all
    ITEMS = "items"  # so many at least
    EXCLUSIONS = "exclusions"  # none
    MOTIVES = "motives"  # one at least
    SITUATIONS = "situations"  # one at least
    CRITERIA = "criteria"  # all, of the flow itself


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the text, and what the situation says of it: an exclusion is met when it does not apply.

    `id` is where an answer to it goes when no fact decides it; `facts` are those that do.
    """

    id: str
    label: str
    article: str
    verdict: Verdict
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """A group of conditions and its verdict; `at_least` how many are needed, None for all of them."""

    group: Group
    article: str
    at_least: int | None
    verdict: Verdict
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition made ready once for every situation: its three possible results are there already."""

    id: str
    when: Criterion | None
    excludes: bool
    results: Mapping[bool | None, Condition]

    def of(self, situation: Situation) -> bool | None:
        """Whether it is met; None when unknown."""
        found = holds(self.when, situation.facts) if self.when else situation.answers.get(self.id)
        return found if found is None or not self.excludes else not found

    def missing(self, situation: Situation) -> tuple[str, ...]:
        """The facts that may still decide it."""
        return undecided_facts(self.when, situation.facts) if self.when else ()


@dataclass(frozen=True, slots=True)
class Needed:
    """A requirement made ready: which conditions, and how their verdicts make one."""

    group: Group
    article: str
    at_least: int | None
    asked: tuple[Asked, ...]
    verdict_of: Callable[[Iterable[bool | None]], bool | None]

    def of(self, situation: Situation) -> Requirement:
        """The requirement as it stands for a situation."""
        answers = [one.of(situation) for one in self.asked]
        return Requirement(
            self.group,
            self.article,
            self.at_least,
            _VERDICTS[self.verdict_of(answers)],
            tuple([one.results[answer] for one, answer in zip(self.asked, answers, strict=True)]),
        )


def needed_items(
    group: Group, prefix: str, items: Iterable[Item], *, article: str, at_least: int | None = None
) -> Needed:
    """A requirement made of a text's own lines; `prefix` begins their ids, `at_least` says how many, None for all."""
    asked = tuple(
        asked_for(f"{prefix}.{item.key}", item.label, item.article or article, item.when, group)
        for item in items
    )
    if at_least is None:
        return Needed(group, article, None, asked, every)
    return Needed(group, article, at_least, asked, lambda answers: enough(answers, at_least))


def asked_for(id_: str, label: str, article: str, when: Criterion | None, group: Group) -> Asked:
    """One condition made ready."""
    facts = facts_of(when) if when else ()
    results = {
        answer: Condition(id_, label, article, verdict, facts) for answer, verdict in _VERDICTS.items()
    }
    return Asked(id_, when, group is Group.EXCLUSIONS, results)
