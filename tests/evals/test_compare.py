from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import InvalidInputError
from evals.compare import Run, RunCase, as_lines, compare, load_run
from evals.report.data import as_json
from evals.result import Result
from evals.summary import summarise
from tests.evals.parts import answer, case, outcome, refusal


def ran(**verdicts: str) -> Run:
    cases = tuple(
        RunCase.model_validate(
            {
                "id": f"{name}-en",
                "lang": "en",
                "question": f"{name}?",
                "verdict": verdict,
                "correct": verdict == "correct",
                "faults": () if verdict == "correct" else (verdict,),
            }
        )
        for name, verdict in verdicts.items()
    )
    return Run(index_version="v1", cases=cases)


def test_two_runs_case_by_case() -> None:
    before = ran(a="correct", b="wrong", c="correct", d="missing", e="correct")
    after = ran(a="correct", b="correct", c="wrong", d="wrong", f="correct")
    found = compare(before, after)
    assert (found.cases, found.only_one) == (4, 2)
    assert (found.before, found.after) == (0.5, 0.5)
    assert [b.id for _, b in found.better] == ["b-en"]
    assert [b.id for _, b in found.worse] == ["c-en"]
    assert [b.id for _, b in found.otherwise] == ["d-en"]
    assert found.chance == 1
    lines = as_lines(found)
    assert "1 better, 1 worse: by chance with p = 1.000 (McNemar)." in lines
    assert "Better: b-en wrong → correct: b?" in lines
    assert "Worse: c-en correct → wrong: c? (wrong)" in lines
    assert "Wrong in another way: d-en missing → wrong: d? (wrong)" in lines


def test_a_run_is_compared_with_itself(tmp_path: Path) -> None:
    outcomes = (outcome(case(), answer()), outcome(case(id="2-en"), refusal()))
    file = tmp_path / "run.json"
    file.write_text(as_json(Result(summarise(outcomes), (), outcomes)), encoding="utf-8")
    found = compare(load_run(file), load_run(file))
    assert (found.cases, found.better, found.worse, found.chance) == (2, (), (), 1)


@pytest.mark.parametrize("content", [None, b"{}", b"\xff", b"[]"])
def test_something_else_is_no_run(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "run.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InvalidInputError, match="is no run"):
        load_run(file)


def test_runs_without_a_common_case_cannot_be_compared() -> None:
    with pytest.raises(InvalidInputError, match="no case in common"):
        compare(ran(a="correct"), ran(b="correct"))
