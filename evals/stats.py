"""How sure a figure is. Pure functions with a fixed seed, so that two runs print the same."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

SEED = 20_261_122
RESAMPLES = 2_000
LEVEL = 0.95
POWER = 0.8


@dataclass(frozen=True, slots=True)
class Interval:
    """From where to where a figure lies, with 95 % confidence."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.low:.1f} … {100 * self.high:.1f} %"


def bootstrap_interval(
    values: Sequence[float], facts: Sequence[Hashable], resamples: int = RESAMPLES
) -> Interval | None:
    """The interval of a mean by the percentile bootstrap (Efron, 1979); None without values.

    Args:
        values: one for each case.
        facts: what each case asks about; facts are drawn, not cases, because the same fact in two languages is no second
            observation (cluster bootstrap).
        resamples: how often to draw.
    """
    if not values:
        return None
    means = _resampled(_clusters(values, facts), resamples)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))


def paired_interval(
    before: Sequence[float], after: Sequence[float], facts: Sequence[Hashable], resamples: int = RESAMPLES
) -> Interval | None:
    """The interval of the difference of two runs over the same cases, by the paired bootstrap over facts."""
    return bootstrap_interval([b - a for a, b in zip(before, after, strict=True)], facts, resamples)


def mcnemar(better: int, worse: int) -> float:
    """How likely so uneven a change is by chance: exact two-sided McNemar test (1947) on the cases that changed.

    Args:
        better: cases that became right.
        worse: cases that became wrong.
    """
    changed = better + worse
    if not changed:
        return 1.0
    tail = sum(math.comb(changed, k) for k in range(min(better, worse) + 1))
    return min(1.0, float(Fraction(2 * tail, 2**changed)))


def detectable_difference(cases: int, changing: float) -> float | None:
    """The smallest difference of two runs that a paired test finds with 80 % power at 5 % (Connor, Biometrics 1987), 0..1.

    None where there are too few cases for any.

    Args:
        cases: how many are asked in both runs.
        changing: share of them whose verdict changes, in either direction.
    """
    normal = NormalDist()
    z_level, z_power = normal.inv_cdf((1 + LEVEL) / 2), normal.inv_cdf(POWER)

    def enough(difference: float) -> bool:
        spread = z_level * math.sqrt(changing) + z_power * math.sqrt(max(changing - difference**2, 0.0))
        return spread**2 <= cases * difference**2

    low, high = 0.0, changing
    if not changing or not enough(high):
        return None
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def cohens_kappa(one: Sequence[Hashable], other: Sequence[Hashable]) -> float | None:
    """Agreement of two judges beyond chance (Cohen, 1960); None where there is nothing to agree on or only one verdict."""
    pairs = list(zip(one, other, strict=True))
    if not pairs:
        return None
    agreed = sum(a == b for a, b in pairs) / len(pairs)
    first, second = Counter(one), Counter(other)
    expected = sum(first[verdict] * second[verdict] for verdict in first) / len(pairs) ** 2
    return None if expected == 1 else (agreed - expected) / (1 - expected)


def _clusters(values: Sequence[float], facts: Sequence[Hashable]) -> NDArray[np.float64]:
    """Sum and count of each fact, shape (facts, 2), in the order the facts come."""
    sums: Mapping[Hashable, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for value, fact in zip(values, facts, strict=True):
        sums[fact][0] += value
        sums[fact][1] += 1
    return np.array(list(sums.values()))


def _resampled(clusters: NDArray[np.float64], resamples: int) -> NDArray[np.float64]:
    drawn = np.random.default_rng(SEED).integers(len(clusters), size=(resamples, len(clusters)))
    totals = clusters[drawn].sum(axis=1)
    return np.asarray(totals[:, 0] / totals[:, 1])
