"""What the benchmarks share: timing in turns, samples, tables.

Seconds depend on the machine and on what else it does, so only ratios of one run are worth comparing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Pair:
    """Seconds of the whole and of what it is measured against, one value per turn."""

    name: str
    whole: list[float]
    alone: list[float]

    @property
    def ratio(self) -> float:
        """The median of the whole, in parts of the other's."""
        return median(self.whole) / median(self.alone)

    def row(self) -> tuple[str, ...]:
        """The row of the table: medians in milliseconds and their ratio."""
        return self.name, f"{1000 * median(self.whole):,.1f}", f"{1000 * median(self.alone):,.1f}", f"{self.ratio:.3f}"


def seconds(work: Callable[[], object]) -> float:
    """How long the work took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turns(name: str, pairs: Sequence[tuple[Callable[[], object], Callable[[], object]]]) -> Pair:
    """Time both sides of every pair; each time the other one goes first."""
    result = Pair(name, [], [])
    for turn, (whole, alone) in enumerate(pairs):
        sides = [(result.whole, whole), (result.alone, alone)]
        for times, work in sides if turn % 2 == 0 else sides[::-1]:
            times.append(seconds(work))
    return result


def spread(items: Sequence[T], count: int | None) -> list[T]:
    """`count` of the items at even distances; all of them without a count."""
    if count is None or count >= len(items):
        return list(items)
    return [items[index * len(items) // count] for index in range(count)]
