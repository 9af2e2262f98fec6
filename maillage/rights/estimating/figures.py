"""The dated figures of the estimate: ceilings by zone and size of household, contributions by age; each with its source."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE = "figures.yaml"


class _Dated(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    since: date
    source: str


class Ceilings(_Dated):
    """Euros for twelve months, by number of people; `*_more` for each person past the largest number.

    `free`: up to it the C2S costs nothing, and the AME is given; `shared`: up to it the C2S costs a contribution.
    `until`: the last day for which they were published; past it they are the last known.
    """

    zone: str
    until: date | None = None
    free: Mapping[int, int] = Field(min_length=1)
    free_more: int | None = None
    shared: Mapping[int, int] = Field(default_factory=dict)
    shared_more: int | None = None

    def free_for(self, people: int) -> int | None:
        """The ceiling of a household; None where no source gave it."""
        return _of(self.free, self.free_more, people)

    def shared_for(self, people: int) -> int | None:
        """The ceiling with a contribution; None where no source gave it."""
        return _of(self.shared, self.shared_more, people)


class Contributions(_Dated):
    """Euros a month for one person, by the age from which they hold."""

    from_age: Mapping[int, int] = Field(min_length=1)

    def of(self, age: int) -> int:
        """What somebody of this age gives each month. Raises ValueError below every age."""
        known = [start for start in self.from_age if start <= age]
        if not known:
            raise ValueError(age)
        return self.from_age[max(known)]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    ceilings: tuple[Ceilings, ...]
    contributions: tuple[Contributions, ...]


def _of(table: Mapping[int, int], more: int | None, people: int) -> int | None:
    if people in table or not table:
        return table.get(people)
    largest = max(table)
    return None if more is None or people < largest else table[largest] + more * (people - largest)


@cache
def _read() -> _File:
    text = resources.files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    return _File.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


def ceilings(zone: str, on: date) -> Ceilings | None:
    """Those in force on a day in a zone, or the last known; None where there are none."""
    found = [one for one in _read().ceilings if one.zone == zone and one.since <= on]
    return max(found, key=lambda one: one.since, default=None)


def contributions(on: date) -> Contributions | None:
    """Those in force on a day; None before the first known."""
    found = [one for one in _read().contributions if one.since <= on]
    return max(found, key=lambda one: one.since, default=None)
