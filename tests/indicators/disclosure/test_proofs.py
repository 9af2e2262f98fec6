"""The check of a proof trusts nobody: whatever is changed in it, or in what it speaks of, it no longer holds."""

from dataclasses import replace

import numpy as np
import pytest

from maillage.indicators.disclosure.proofs import Proof, holds
from maillage.indicators.disclosure.suppression import Pattern, protect
from maillage.indicators.disclosure.systems import System
from tests.indicators.disclosure.examples import made, small_counts

TABLE = made(5, 2, 3, 3, 2)
SYSTEM = System.of([TABLE])


@pytest.fixture(scope="module")
def pattern() -> Pattern:
    found = protect(SYSTEM, small_counts(SYSTEM, TABLE))
    assert 0 < found.hidden.sum() < len(SYSTEM.counts)
    return found


def altered(pattern: Pattern, cell: int, by: int) -> tuple[Proof, ...]:
    """The first proof moves a cell otherwise."""
    first, second = pattern.proofs
    movement = first.movement.copy()
    movement[cell] = (movement[cell] + by) % first.prime
    return replace(first, movement=movement), second


def test_what_was_found_holds(pattern: Pattern) -> None:
    assert holds(SYSTEM, pattern.hidden, pattern.proofs)


def test_a_proof_alone_is_not_enough(pattern: Pattern) -> None:
    assert not holds(SYSTEM, pattern.hidden, pattern.proofs[:1])
    assert not holds(SYSTEM, pattern.hidden, (pattern.proofs[0],) * 2)


def test_a_movement_that_breaks_a_sum_does_not_hold(pattern: Pattern) -> None:
    for cell in np.flatnonzero(pattern.hidden).tolist():
        assert not holds(SYSTEM, pattern.hidden, altered(pattern, cell, 1))


def test_a_movement_of_a_published_cell_does_not_hold(pattern: Pattern) -> None:
    for cell in np.flatnonzero(~pattern.hidden).tolist():
        assert not holds(SYSTEM, pattern.hidden, altered(pattern, cell, 1))


def test_a_hidden_cell_that_does_not_move_does_not_hold(pattern: Pattern) -> None:
    still = tuple(replace(one, movement=np.zeros_like(one.movement)) for one in pattern.proofs)
    assert not holds(SYSTEM, pattern.hidden, still)
    assert holds(SYSTEM, np.zeros_like(pattern.hidden), still)


def test_an_unreleased_cell_may_move_or_not(pattern: Pattern) -> None:
    free = pattern.hidden
    still = tuple(replace(one, movement=np.zeros_like(one.movement)) for one in pattern.proofs)
    nothing = np.zeros_like(pattern.hidden)
    for proofs in (still, pattern.proofs):
        assert holds(SYSTEM, nothing, proofs, unreleased=free)
