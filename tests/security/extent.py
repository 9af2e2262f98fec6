"""At how many addresses a test knocks: at some in `make test`, at all in `make long` (ADR 22); `make proof` in every way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from zlib import crc32

import pytest

from tests.tiers import at_length

ALWAYS = {"referrals:case"}  # the page that names a person: without it, nothing is told that might be


class Named(Protocol):
    """An address, or a door: it has a name."""

    @property
    def name(self) -> str:
        """As the addresses are named: « room:page »."""


Address = TypeVar("Address", bound=Named)


@dataclass(frozen=True)
class Extent:
    """One address in so many, always the same ones; with 1, all of them."""

    one_in: int

    def of(self, found: Sequence[Address]) -> list[Address]:
        """Those of these addresses that are knocked at."""
        return [one for one in found if one.name in ALWAYS or not crc32(one.name.encode()) % self.one_in]

    def least(self, of_all: int) -> int:
        """What at least so many of all addresses come to."""
        return of_all // self.one_in


SOME, ALL = Extent(6), Extent(1)
EXTENTS = pytest.mark.parametrize("extent", [SOME, at_length(ALL)], ids=["some", "all"])
