from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.settings import Settings
from assistant.types import Answer
from evals import __main__ as command
from evals.cases import Case
from tests.evals.parts import TEXTS, Script, answer, case, refusal, unanswerable

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def lotse_eval(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command with a scripted assistant; gives exit code, what it printed, and its errors."""

    def run(*arguments: str, reply: Callable[[str], Answer] = lambda question: answer()) -> tuple[int, str, str]:
        def service(settings: Settings) -> SimpleNamespace:
            folders.append(settings.data)
            return SimpleNamespace(assistant=Script(reply).assistant(), index=SimpleNamespace(document=document))

        monkeypatch.setattr(command, "build_service", service)
        monkeypatch.setattr("sys.argv", ["lotse-eval", *arguments])
        with pytest.raises(SystemExit) as exit_:
            command.main()
        printed = capsys.readouterr()
        return int(exit_.value.code or 0), printed.out, printed.err

    folders.clear()
    return run


folders: list[Path] = []


def document(document_id: str) -> SimpleNamespace | None:
    return SimpleNamespace(text=TEXTS[document_id]) if document_id in TEXTS else None


def write(path: Path, *cases: Case) -> str:
    path.write_text("".join(each.model_dump_json() + "\n" for each in cases), encoding="utf-8")
    return str(path)


def many(count: int) -> list[Case]:
    return [case(id=str(number)) for number in range(count)]


def test_a_good_run_keeps_its_gates(lotse_eval: Run, tmp_path: Path) -> None:
    def reply(question: str) -> Answer:
        return refusal() if question == "Any whales?" else answer()

    file = write(tmp_path / "cases.jsonl", *many(20), unanswerable(question="Any whales?"))
    code, out, _ = lotse_eval("--cases", file, "--data", str(tmp_path / "index"), reply=reply)
    assert code == 0
    assert "100.0 % (21/21)" in out
    assert "Gate kept: promises: 1.000, at least 1" in out
    assert "Gate kept: accuracy_de: not measured" in out
    assert "Gate missed" not in out
    assert folders == [tmp_path / "index"]


def test_a_missed_gate_is_named_and_fails_the_run(lotse_eval: Run, tmp_path: Path) -> None:
    code, out, _ = lotse_eval("--cases", write(tmp_path / "c.jsonl", *many(20)), reply=lambda question: refusal())
    assert code == 1
    assert "Gate missed: accuracy_en: 0.000, at least" in out
    assert "Gate missed: false_refusal_rate: 1.000, at most" in out


def test_a_broken_promise_fails_the_run(lotse_eval: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "cases.jsonl", *many(20))
    code, out, _ = lotse_eval("--cases", file, reply=lambda question: answer("17 [1] [2]"))
    assert code == 1
    assert "Gate missed: promises: 0.000" in out
    assert "Gate kept: accuracy_en: 1.000" in out


def test_few_cases_are_only_reported(lotse_eval: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "cases.jsonl", *many(19))
    code, out, _ = lotse_eval("--cases", file, reply=lambda question: refusal())
    assert code == 0
    assert "Gate missed: accuracy_en: 0.000" in out
    assert "Gates decide nothing below 20 cases." in out


@pytest.mark.parametrize("flags", [1, 2])
def test_several_files_run_together(lotse_eval: Run, tmp_path: Path, flags: int) -> None:
    one, two = write(tmp_path / "one.jsonl", case()), write(tmp_path / "two.jsonl", case(id="2"))
    code, out, _ = lotse_eval("--cases", one, *["--cases"] * (flags - 1), two)
    assert (code, "(2/2)" in out) == (0, True)


def test_the_shipped_cases_are_the_default(lotse_eval: Run) -> None:
    code, out, _ = lotse_eval(reply=lambda question: refusal())
    assert code == 1
    assert "refusal recall" in out
    assert "(250/250)" not in out
    assert "Gate kept: refusal_recall: 1.000" in out
    assert "Gate missed: accuracy_de" in out


def test_reports_are_written(lotse_eval: Run, tmp_path: Path) -> None:
    def reply(question: str) -> Answer:
        return answer() if "cranes" in question else refusal()

    file = write(tmp_path / "cases.jsonl", case(), case(id="2", question="Ships?"))
    to_json, to_page = tmp_path / "made" / "run.json", tmp_path / "page"
    code, out, _ = lotse_eval("--cases", file, "--json", str(to_json), "--report", str(to_page), reply=reply)
    assert code == 0
    assert [each["correct"] for each in json.loads(to_json.read_text(encoding="utf-8"))["cases"]] == [True, False]
    assert "Ships?" in (to_page / "evaluation.html").read_text(encoding="utf-8")
    assert f"Wrong answers: {to_page / 'evaluation.html'}" in out


def test_a_crash_is_named_in_the_report(lotse_eval: Run, tmp_path: Path) -> None:
    def reply(question: str) -> Answer:
        raise RuntimeError("the index is on fire")

    code, out, err = lotse_eval("--cases", write(tmp_path / "cases.jsonl", case()), reply=reply)
    assert code == 0
    assert "f001-en crashed with RuntimeError: the index is on fire" in out
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--cases", "nowhere.jsonl"], "nowhere.jsonl cannot be read"),
        (["stray.jsonl"], "Unexpected argument stray.jsonl. Name files with cases after --cases."),
    ],
)
def test_a_wrong_call_is_one_line(lotse_eval: Run, arguments: list[str], error: str) -> None:
    code, out, err = lotse_eval(*arguments)
    assert (code, out) == (2, "")
    assert error in err
    assert len(err.strip().splitlines()) == 1
