import json
import sys
from pathlib import Path

import pytest

from assistant import feedback
from assistant.feedback import Draft
from evals.__main__ import main
from evals.cases import load_cases

DRAFT = Draft(
    id="a1b2", given="2026-11-22T10:00:00+00:00", verdict="right", reason="right", comment="Stimmt so.", language="de",
    question="Wie viele Mitglieder\nhat Rosenau?", history=(), status="answered", answer="42 [1]", marker=None,
    sources=("de/rosenau.md",), evidence=("Rosenau hat 42 Mitglieder.",), index_version="v",
)  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    feedback.keep(DRAFT, tmp_path)
    feedback.keep(
        DRAFT.model_copy(update={"id": "c3d4", "verdict": "wrong", "reason": "refused", "marker": 2}), tmp_path
    )
    return tmp_path


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str | Path
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["lotse-eval", "drafts", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    printed, said = capsys.readouterr()
    return int(ended.value.code or 0), printed, said


def test_drafts_are_listed(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, _ = run(monkeypatch, capsys, "list", "--data", data)
    assert code == 0
    assert printed.splitlines() == [
        "a1b2  2026-11-22  right, right: Wie viele Mitglieder hat Rosenau?",
        "              Stimmt so.",
        "c3d4  2026-11-22  wrong, refused [2]: Wie viele Mitglieder hat Rosenau?",
        "              Stimmt so.",
        "2 drafts.",
    ]


def test_an_accepted_draft_is_a_case(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = data / "cases.jsonl"
    words = [
        "accept",
        "a1b2",
        "--file",
        file,
        "--category",
        "number",
        "--must-include",
        "42|zweiundvierzig",
        "--data",
        data,
    ]
    assert run(monkeypatch, capsys, *words)[0] == 0
    (case,) = load_cases([file])
    assert (case.id, case.must_include) == ("feedback-a1b2", (("42", "zweiundvierzig"),))
    assert (case.sources, case.evidence) == (DRAFT.sources, DRAFT.evidence)
    assert [draft.id for draft in feedback.drafts(data)] == ["c3d4"]
    code, _, said = run(monkeypatch, capsys, *words)
    assert (code, "There is no draft a1b2." in said) == (2, True)


def test_a_draft_without_words_to_include_must_be_refused(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = data / "cases.jsonl"
    run(monkeypatch, capsys, "accept", "c3d4", "--file", file, "--category", "unanswerable", "--data", data)
    (case,) = load_cases([file])
    assert (case.answerable, case.evidence) == (False, ())


def test_a_rejected_draft_is_gone(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, capsys, "reject", "a1b2", "--data", data)
    assert [draft.id for draft in feedback.drafts(data)] == ["c3d4"]


def test_a_line_that_is_no_draft_is_named(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / feedback.FILE).write_text(json.dumps({"id": "x"}) + "\n", encoding="utf-8")
    code, _, said = run(monkeypatch, capsys, "list", "--data", data)
    assert code == 2
    assert "line 1 is no feedback" in said


def test_the_same_feedback_twice_is_one_draft(data: Path) -> None:
    feedback.keep(DRAFT, data)
    assert len(list(feedback.drafts(data))) == 2
