"""Time and memory of each stage of an answer. They differ from run to run, so that no gate is set on them."""

from __future__ import annotations

import dataclasses
import math
import resource
import statistics
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from assistant.pipeline import Assistant
from evals.cases import Case
from evals.outcome import Outcome

SAMPLE = 12  # cases whose memory is traced, which makes them some times slower
STAGES = ("rewrite", "embed", "retrieve", "draft", "verify", "total")

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of a stage: the median, and what 19 of 20 questions stay below."""

    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Machine:
    """What a run took."""

    times_ms: dict[str, Times]
    peak_mb: float  # resident memory of the whole process, model and index included
    stages_mb: dict[str, float]  # most that a stage held at once on top of what was there before it

    def rows(self) -> Iterator[tuple[str, str]]:
        """The figures in words."""
        for stage, times in self.times_ms.items():
            memory = f", {self.stages_mb[stage]:.2f} MB" if stage in self.stages_mb else ""
            yield f"{stage}: median, 95 %", f"{times.median:.1f}, {times.p95:.1f} ms{memory}"
        yield "peak memory of the process", f"{self.peak_mb:.0f} MB"


def machine(outcomes: Iterable[Outcome], stages_mb: Mapping[str, float]) -> Machine:
    """Add up what the outcomes took."""
    seen = [outcome.seen.stages_ms for outcome in outcomes if outcome.seen]
    taken = {stage: [ms[stage] for ms in seen if stage in ms] for stage in STAGES}
    times = {stage: Times(statistics.median(ms), quantile(ms, 0.95)) for stage, ms in taken.items() if ms}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Machine(times, peak / (2**20 if sys.platform == "darwin" else 2**10), dict(stages_mb))


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(round(share * len(ordered), 9)) - 1]


def stage_memory(assistant: Assistant, cases: Sequence[Case]) -> dict[str, float]:
    """The most megabytes each stage allocated for one of the cases (by tracemalloc, which numpy reports to)."""
    most: dict[str, float] = {}

    def traced(name: str, stage: Callable[P, R]) -> Callable[P, R]:
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            result = stage(*args, **kwargs)
            most[name] = max(most.get(name, 0.0), (tracemalloc.get_traced_memory()[1] - before) / 2**20)
            return result

        return run

    traced_assistant = dataclasses.replace(
        assistant,
        rewrite=traced("rewrite", assistant.rewrite),
        retrieve=traced("retrieve", assistant.retrieve),
        draft=traced("draft", assistant.draft),
        verify=traced("verify", assistant.verify),
    )
    tracemalloc.start()
    try:
        for case in cases:
            traced_assistant.ask(case.question)
    finally:
        tracemalloc.stop()
    return most
