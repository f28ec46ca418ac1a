"""A question under way."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass

from assistant.types import Answer, Findings, Question


@dataclass(frozen=True)
class Run:
    """A question and what was found for it; times in seconds of time.perf_counter()."""

    question: Question
    findings: Findings
    start: float
    found: float

    def timed(self, answer: Answer) -> Answer:
        """An answer that is done now, with how long it took."""
        done = time.perf_counter()
        timings = {"retrieve": self.found - self.start, "answer": done - self.found, "total": done - self.start}
        return dataclasses.replace(answer, timings_ms={name: round(1000 * t, 1) for name, t in timings.items()})
