"""The sample of the small tier leaves no difference out, and with 1 it leaves nothing out."""

import random
from itertools import product

import pytest

from tests.security.sampling import Choice, Mark, Sample

pytestmark = pytest.mark.security


def choices(address: int, draw: random.Random) -> list[Choice]:
    """Knocks of an address, each with a few marks of its own kind."""
    found = []
    for method, person in product("GP", range(12)):
        answer = str(draw.randrange(3))
        here: frozenset[Mark] = frozenset({(str(address), method, answer), (str(address), answer)})
        found.append(Choice(here, frozenset({(str(person), method, answer)}), lambda: None))
    return found


def tried(thin: int) -> tuple[list[Choice], list[Choice]]:
    """All choices of forty addresses, and those that the sample tries."""
    draw, sample = random.Random("1"), Sample(thin)  # noqa: S311 - to be had again, not to be secret
    every, met = [], []
    for address in range(40):
        some = choices(address, draw)
        every += some
        met += list(sample.of(some))
    return every, met + list(sample.rest())


def marks_of(some: list[Choice]) -> set[Mark]:
    return {mark for choice in some for mark in choice.here | choice.anywhere}


@pytest.mark.parametrize("thin", [2, 16, 256, 10_000])
def test_a_sample_meets_every_difference_with_few(thin: int) -> None:
    every, met = tried(thin)
    assert marks_of(met) == marks_of(every)
    assert len(met) < len(every) / 4 + len(every) / thin


def test_with_one_everything_is_tried_once() -> None:
    every, met = tried(1)
    assert met == every


def test_one_in_so_many_of_the_others_is_tried_too() -> None:
    assert len(tried(16)[1]) > len(tried(10_000)[1]) + 40
