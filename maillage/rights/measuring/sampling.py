"""The mean total delay « sur une méthode d’échantillonnage aléatoire de quelques dossiers » (S2 art. 5), beside the mean of all.

The parties agree on a size; a seed is drawn once and stored; from both, anybody finds the same applications again.
"""

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from math import sqrt
from statistics import variance
from typing import Final
from uuid import UUID

from maillage.rights.measuring.delays import mean_of
from maillage.rights.measuring.student import two_sided

SEED_BYTES: Final = 32
CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean of a sample of `size` among `population`, in days, and its interval; None where one value says nothing of the others."""

    mean: Fraction
    size: int
    population: int
    interval: tuple[float, float] | None


def drawn(ids: Collection[UUID], *, size: int, seed: bytes) -> tuple[UUID, ...]:
    """A simple random sample without replacement: the first `size` in the order of HMAC-SHA256(seed, id); all, if they are fewer.

    The same for the same ids in whatever order, on every version of Python; a larger sample holds the smaller. Raises ValueError for
    an id given twice, a size under 1, or a seed that is not of SEED_BYTES.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError(f"une graine de {SEED_BYTES} octets")
    if size < 1:
        raise ValueError("un échantillon d’un dossier au moins")
    if len(set(ids)) != len(ids):
        raise ValueError("chaque dossier une seule fois")
    return tuple(sorted(ids, key=lambda one: hmac.digest(seed, one.bytes, sha256))[:size])


def estimated(days: Sequence[int], *, population: int) -> Estimate:
    """The mean of sampled delays, with its interval at 95 %: mean ± t · s/√n · √(1 - n/N).

    t is Student’s quantile with n - 1 degrees of freedom, s the standard deviation of the sample (n - 1 below), √(1 - n/N) the
    correction for a finite population: Cochran, Sampling Techniques, 3rd edition (1977), chapter 2, confidence limits of a mean. It
    supposes means of samples that are about normal: for a very uneven distribution a few files are too few. Cut at 0: no delay is
    negative. Raises ValueError for no delay, or more than the population.
    """
    size, mean = len(days), mean_of(days)
    if mean is None or size > population:
        raise ValueError("un échantillon d’un dossier au moins, et de la population au plus")
    if size == population:
        return Estimate(mean, size, population, (float(mean), float(mean)))
    if size == 1:
        return Estimate(mean, size, population, None)
    half = two_sided(CONFIDENCE, size - 1) * sqrt(variance(days) / size * (1 - size / population))
    return Estimate(mean, size, population, (max(float(mean) - half, 0), float(mean) + half))
