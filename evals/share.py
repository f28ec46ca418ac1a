"""A count of hits among a count of tries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    hits: int
    of: int

    @classmethod
    def of_all(cls, tries: Iterable[bool]) -> Share:
        """How many of them are true."""
        results = [bool(result) for result in tries]
        return cls(sum(results), len(results))

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None when nothing was tried."""
        return self.hits / self.of if self.of else None
