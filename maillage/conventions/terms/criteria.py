"""What must be true of a situation for a clause to concern it: comparisons of known facts, and their combinations.

An answer may be missing, so a criterion is true, false or unknown (Kleene's three values): what is unknown is asked.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Self

from pydantic import Field, model_validator

from maillage.catalogue.facts import FACTS, Fact, Kind
from maillage.conventions.terms.base import Day, Frozen, Key
from maillage.core.calendar import french

Value = bool | int | str | date | frozenset[str]
"""A yes or no, a number, a choice, a day, several choices."""


class Criterion(Frozen):
    """One comparison of a `fact`, or several criteria: all of them, any of them, none of them.

    A yes-or-no fact alone means « yes ». `among`: the answer, or one of the answers, is in the list. `at_least`,
    `at_most`: bounds of a number, both included. `since`, `until`: bounds of a day, both included.
    """

    fact: Key | None = None
    among: tuple[Key, ...] = ()
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)
    since: Day | None = None
    until: Day | None = None
    all: tuple["Criterion", ...] = ()
    any: tuple["Criterion", ...] = ()
    none: tuple["Criterion", ...] = ()

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        forms = [self.fact is not None, bool(self.all), bool(self.any), bool(self.none)]
        if sum(forms) != 1:
            raise ValueError("une seule forme : `fact`, `all`, `any` ou `none`")
        compared = [self.among, self.at_least is not None, self.at_most is not None, self.since, self.until]
        if self.fact is None and any(compared):
            raise ValueError("`fact` : le fait à comparer")
        if self.fact is not None:
            known = FACTS.get(self.fact)
            if known is None:
                raise ValueError(f"un fait connu ; « {self.fact} » n'est pas parmi {', '.join(FACTS)}")
            self._compares(known)
        return self

    def _compares(self, fact: Fact) -> None:
        """Refuse a comparison that has no sense for this kind of fact."""
        numbers = self.at_least is not None or self.at_most is not None
        days = self.since is not None or self.until is not None
        given = (bool(self.among), numbers, days)
        wanted = {
            Kind.YES_NO: ((False, False, False), "rien d'autre que `fact`, qui veut dire oui"),
            Kind.CHOICE: ((True, False, False), "`among` : les réponses qui conviennent"),
            Kind.SEVERAL: ((True, False, False), "`among` : les réponses dont l'une suffit"),
            Kind.NUMBER: ((False, True, False), "`at_least`, `at_most` ou les deux"),
            Kind.DAY: ((False, False, True), "`since`, `until` ou les deux"),
        }[fact.kind]
        if given != wanted[0]:
            raise ValueError(f"pour « {fact.key} » : {wanted[1]}")
        choices = dict(fact.choices)
        unknown = [choice for choice in self.among if choice not in choices]
        if unknown:
            raise ValueError(f"une réponse parmi {', '.join(choices)} ; « {unknown[0]} » n'en est pas une")
        for first, last in ((self.at_least, self.at_most), (self.since, self.until)):
            if first is not None and last is not None and first > last:  # type: ignore[operator]  # both of one kind
                raise ValueError("des bornes dans l'ordre")


def holds(criterion: Criterion, known: Mapping[str, Value]) -> bool | None:
    """Whether a criterion holds of what is known; None when an answer that would decide it is missing."""
    if criterion.fact is not None:
        value = known.get(criterion.fact)
        return None if value is None else _compared(criterion, value)
    if criterion.all:
        return every(holds(one, known) for one in criterion.all)
    some = _some(holds(one, known) for one in criterion.any or criterion.none)
    if criterion.any or some is None:
        return some
    return not some


def _compared(criterion: Criterion, value: Value) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, frozenset):
        return not value.isdisjoint(criterion.among)
    if isinstance(value, str):
        return value in criterion.among
    low, high = (
        (criterion.since, criterion.until)
        if isinstance(value, date)
        else (criterion.at_least, criterion.at_most)
    )
    return (low is None or low <= value) and (high is None or value <= high)  # type: ignore[operator]  # of one kind


def every(values: Iterable[bool | None]) -> bool | None:
    """True when all are, False when one is not, else unknown."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def _some(values: Iterable[bool | None]) -> bool | None:
    unknown = False
    for value in values:
        if value:
            return True
        unknown = unknown or value is None
    return None if unknown else False


def enough(values: Iterable[bool | None], at_least: int) -> bool | None:
    """Whether at least so many are true; unknown while the missing answers may still decide."""
    true = unknown = 0
    for value in values:
        true += value is True
        unknown += value is None
    if true >= at_least:
        return True
    return None if true + unknown >= at_least else False


def facts_of(criterion: Criterion) -> tuple[str, ...]:
    """The facts that a criterion reads, each once, in its order."""
    if criterion.fact is not None:
        return (criterion.fact,)
    inner = (*criterion.all, *criterion.any, *criterion.none)
    return tuple(dict.fromkeys(fact for one in inner for fact in facts_of(one)))


def undecided_facts(criterion: Criterion, known: Mapping[str, Value]) -> tuple[str, ...]:
    """The facts still missing that may decide an unknown criterion; none once it is decided."""
    if holds(criterion, known) is not None:
        return ()
    if criterion.fact is not None:
        return (criterion.fact,)
    inner = (*criterion.all, *criterion.any, *criterion.none)
    return tuple(dict.fromkeys(fact for one in inner for fact in undecided_facts(one, known)))


def said(criterion: Criterion) -> str:
    """A criterion in French: the questions asked and the answers that suit, as whoever reads the clause wants them."""
    fact = FACTS[criterion.fact] if criterion.fact else None
    if fact is not None:
        return f"« {fact.question} » {_suiting(criterion, dict(fact.choices))}"
    for inner, word in ((criterion.all, " et "), (criterion.any, " ou ")):
        if inner:
            return word.join(said(one) if one.fact else f"({said(one)})" for one in inner)
    return f"aucune de ces réponses : {' ; '.join(said(one) for one in criterion.none)}"


def _suiting(criterion: Criterion, choices: Mapping[str, str]) -> str:
    if criterion.among:
        return " ou ".join(choices[choice] for choice in criterion.among)
    low = criterion.at_least if criterion.since is None else french(criterion.since)
    high = criterion.at_most if criterion.until is None else french(criterion.until)
    if low is not None and high is not None:
        return f"de {low} à {high}" if low != high else str(low)
    if low is not None:
        return f"{low} ou plus" if criterion.since is None else f"depuis le {low}"
    if high is not None:
        return f"{high} ou moins" if criterion.until is None else f"jusqu'au {high}"
    return "oui"
