"""Exact linear algebra modulo a prime, on arrays of integers from 0 to the prime less one."""

import numpy as np
from numpy.typing import NDArray

Residues = NDArray[np.int64]
LARGEST = 2**31
"""Primes stay under it: the product of two residues then fits 63 bits."""
SMALL = 2_000
"""So many products of two residues are made one by one."""


def echelon(matrix: Residues, prime: int) -> tuple[Residues, NDArray[np.intp]]:
    """The reduced row echelon form of a matrix, its zero rows left out; and the column of each row's pivot.

    Pivots are taken in the order of the columns; among the rows that may give one, the sparsest is chosen, so that few others fill.
    """
    rows, rank, pivots = matrix % prime, 0, []
    for column in range(rows.shape[1]):
        candidates = rank + np.flatnonzero(rows[rank:, column])
        if not len(candidates):
            continue
        best = candidates[np.count_nonzero(rows[candidates], axis=1).argmin()]
        rows[[rank, best]] = rows[[best, rank]]
        rows[rank] = rows[rank] * pow(int(rows[rank, column]), -1, prime) % prime
        others = np.flatnonzero(rows[:, column])
        others = others[others != rank]
        filled = np.flatnonzero(rows[rank])
        changed = np.ix_(others, filled)
        rows[changed] = (rows[changed] - rows[others, column, None] * rows[rank, filled]) % prime
        pivots.append(column)
        rank += 1
        if rank == len(rows):
            break
    return rows[:rank], np.array(pivots, dtype=np.intp)


def product(left: Residues, right: Residues, prime: int) -> Residues:
    """`left @ right`, exactly: each factor is cut in two halves of 16 bits, whose products a float of 53 bits adds without rounding.

    Up to 2¹⁹ terms in a sum. Of small matrices, each product is reduced at once: fewer steps, where steps are what costs.
    """
    if left.size * right.shape[1] <= SMALL:
        few: Residues = (left[:, :, None] * right % prime).sum(axis=1) % prime
        return few
    high, low = (left >> 16).astype(float), (left & 0xFFFF).astype(float)
    above, under = (right >> 16).astype(float), (right & 0xFFFF).astype(float)
    parts = (high @ above, high @ under + low @ above, low @ under)
    largest, middle, smallest = (part.astype(np.int64) % prime for part in parts)
    total: Residues = largest * (2**32 % prime) % prime + (middle << 16) + smallest
    return total % prime
