"""All there is to report about a run."""

from __future__ import annotations

from dataclasses import dataclass

from evals.gates import Check
from evals.machine import Machine
from evals.outcome import Outcome
from evals.stability import Stability
from evals.summary import Summary


@dataclass(frozen=True, slots=True)
class Result:
    """A run: its figures, the gates held against them, and every case."""

    summary: Summary
    checks: tuple[Check, ...]
    outcomes: tuple[Outcome, ...]
    stability: tuple[Stability, ...] = ()
    machine: Machine | None = None

    @property
    def missed(self) -> tuple[Check, ...]:
        """The gates whose figure lies on the wrong side."""
        return tuple(check for check in self.checks if check.missed)
