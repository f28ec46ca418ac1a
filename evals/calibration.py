"""Whether a probability means what it says: of the questions called 80 % answerable, 8 in 10 should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The predictions of one tenth: how many, their mean, and the share that came true."""

    count: int
    predicted: float
    observed: float


def bins(predicted: Sequence[float], true: Sequence[bool], count: int = BINS) -> list[Bin]:
    """Predictions in bins of equal width between 0 and 1; empty bins are left out."""
    members: list[list[tuple[float, bool]]] = [[] for _ in range(count)]
    for probability, outcome in zip(predicted, true, strict=True):
        members[min(int(probability * count), count - 1)].append((probability, outcome))
    return [
        Bin(len(part), sum(p for p, _ in part) / len(part), sum(t for _, t in part) / len(part))
        for part in members
        if part
    ]


def expected_calibration_error(predicted: Sequence[float], true: Sequence[bool], count: int = BINS) -> float | None:
    """Mean distance between predicted and observed, each bin weighted by its size (Naeini et al., AAAI 2015); None without any."""
    if not predicted:
        return None
    return sum(b.count * abs(b.predicted - b.observed) for b in bins(predicted, true, count)) / len(predicted)


def brier_score(predicted: Sequence[float], true: Sequence[bool]) -> float | None:
    """Mean squared distance between probability and outcome (Brier, 1950): 0 is perfect, 0.25 is always saying one half."""
    if not predicted:
        return None
    return sum((p - t) ** 2 for p, t in zip(predicted, true, strict=True)) / len(predicted)
