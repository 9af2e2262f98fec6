"""Why nothing hidden can be computed: a movement of every hidden cell that no published cell and no sum can see.

Checked in one pass over the equations, with no trust in whoever found it: `holds` reads neither the search nor the elimination.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from maillage.indicators.disclosure.modular import Residues
from maillage.indicators.disclosure.systems import Mask, System


@dataclass(frozen=True, slots=True)
class Proof:
    """`movement`: one residue modulo `prime` for each cell, zero where it is published."""

    prime: int
    movement: Residues


def holds(system: System, hidden: Mask, proofs: Sequence[Proof], *, unreleased: Mask | None = None) -> bool:
    """Whether each proof moves every hidden cell, no published one, and breaks no sum: then nothing published fixes any of them.

    `unreleased`: the cells that nobody is given and that may be fixed without harm.

    A cell that is fixed is zero in every movement, unless the prime divides one number of the equation that fixes it: two primes
    drawn at random, at least, make that as good as impossible.
    """
    free = system.mask(unreleased)
    return len({one.prime for one in proofs}) >= 2 and all(
        _moves(system, hidden, free, one) for one in proofs
    )


def _moves(system: System, hidden: Mask, free: Mask, proof: Proof) -> bool:
    movement = proof.movement % proof.prime
    if not np.array_equal((movement != 0)[~free], hidden[~free]):
        return False
    sums = np.array([movement[one[1:]].sum() - movement[one[0]] for one in system.equations])
    return not (sums % proof.prime).any()
