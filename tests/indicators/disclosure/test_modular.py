"""Sums and eliminations are exact: compared with Python's own integers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from maillage.indicators.disclosure.modular import echelon, product

PRIMES = st.sampled_from([3, 101, 2_147_483_629, 2_147_483_647])


SIDES = st.integers(1, 6) | st.integers(14, 18)
"""Of matrices small and large: a product of each is made otherwise."""


@given(PRIMES, SIDES, SIDES, SIDES, st.integers(0, 2**32))
def test_a_product_is_exact(prime: int, rows: int, middle: int, columns: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    left, right = random.integers(0, prime, (rows, middle)), random.integers(0, prime, (middle, columns))
    assert (product(left, right, prime) == (left.astype(object) @ right.astype(object)) % prime).all()


def test_a_long_sum_of_the_largest_residues_is_exact() -> None:
    prime, terms = 2_147_483_647, 2**16
    largest = np.full((1, terms), prime - 1)
    assert product(largest, largest.T, prime).item() == (prime - 1) ** 2 * terms % prime


@given(PRIMES, st.integers(1, 6), st.integers(1, 7), st.integers(0, 2**32))
def test_an_echelon_form_has_the_same_solutions(prime: int, rows: int, columns: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    matrix = random.integers(0, min(prime, 4), (rows, columns)) * random.integers(0, 2, (rows, columns))
    reduced, pivots = echelon(matrix, prime)
    assert (reduced[:, pivots] == np.eye(len(pivots))).all()
    assert pivots.tolist() == sorted(set(pivots.tolist()))
    solution = random.integers(0, prime, columns)
    solution[pivots] = 0
    solution[pivots] = -product(reduced, solution[:, None], prime)[:, 0] % prime
    assert not product(matrix % prime, solution[:, None], prime).any()
    assert len(echelon(np.vstack([matrix, reduced]), prime)[1]) == len(pivots)
