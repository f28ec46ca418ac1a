from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from assistant.types import Findings, Question
from evals.machine import Times, machine, quantile, stage_memory
from tests.evals.parts import Script, answer, case, outcome


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([5.0], 0.95, 5.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([float(n) for n in range(1, 21)], 0.95, 19.0),
        ([1.0, 2.0], 1.0, 2.0),
    ],
)
def test_quantiles(values: list[float], share: float, expected: float) -> None:
    assert quantile(values, share) == expected


def test_times_add_up_by_stage() -> None:
    outcomes = [outcome(case(), answer(), stages_ms={"draft": float(ms), "total": 10.0}) for ms in (1, 2, 6)]
    found = machine([*outcomes, outcome(case(), None)], {"draft": 0.5})
    assert found.times_ms == {"draft": Times(2.0, 6.0), "total": Times(10.0, 10.0)}
    assert ("draft: median, 95 %", "2.0, 6.0 ms, 0.50 MB") in list(found.rows())
    assert found.peak_mb > 10


def test_memory_is_that_of_the_stage_that_takes_it() -> None:
    def retrieve(question: Question) -> Findings:
        assert np.ones(2**20).sum()  # eight megabytes
        return Findings((), 0.0, "v1")

    assistant = dataclasses.replace(Script(lambda question: answer()).assistant(), retrieve=retrieve)
    found = stage_memory(assistant, [case(), case()])
    assert 8 <= found["retrieve"] < 9
    assert found["draft"] < 1
    assert found.keys() == {"rewrite", "retrieve", "draft", "verify"}
