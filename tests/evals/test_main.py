from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from assistant.settings import Settings
from assistant.types import Answer
from evals import __main__ as command
from evals import commands
from evals.cases import Case, load_cases, shipped_files
from evals.run import Corpus
from tests.evals.parts import CORPUS, HARBOUR, TEXT, Script, answer, case, refusal, unanswerable

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def lotse_eval(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command with a scripted assistant; gives exit code, what it printed, and its errors."""

    def run(
        *arguments: str, reply: Callable[[str], Answer] = lambda question: answer(), corpus: Corpus = CORPUS
    ) -> tuple[int, str, str]:
        def service(settings: Settings) -> SimpleNamespace:
            folders.append(settings.data)
            index = SimpleNamespace(current=lambda: SimpleNamespace(store=None))
            return SimpleNamespace(assistant=Script(reply).assistant(), index=index)

        monkeypatch.setattr(command, "build_service", service)
        monkeypatch.setattr(command.Corpus, "of", lambda store: corpus)
        monkeypatch.setattr("sys.argv", ["lotse-eval", *arguments])
        with pytest.raises(SystemExit) as exit_:
            command.main()
        printed = capsys.readouterr()
        return int(exit_.value.code or 0), printed.out, printed.err

    folders.clear()
    return run


folders: list[Path] = []


def write(path: Path, *cases: Case) -> str:
    path.write_text("".join(each.model_dump_json() + "\n" for each in cases), encoding="utf-8")
    return str(path)


def many(count: int) -> list[Case]:
    return [case(id=str(number)) for number in range(count)]


def test_a_good_run_keeps_its_gates(lotse_eval: Run, tmp_path: Path) -> None:
    def reply(question: str) -> Answer:
        return refusal() if "whales" in question else answer()

    file = write(tmp_path / "cases.jsonl", *many(20), unanswerable(question="Any whales?"))
    code, out, _ = lotse_eval(
        "--cases", file, "--data", str(tmp_path / "index"), reply=reply, corpus=Corpus(CORPUS.documents)
    )
    assert "Gate missed: calibration_error: 0.952" in out  # nothing is taken to be answerable by a search that is none
    assert code == 1
    assert "100.0 % (21/21)" in out
    assert "Gate kept: promises: 1.000, at least 1" in out
    assert "Gate kept: accuracy_de: not measured" in out
    assert out.count("Gate missed") == 1
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
    shipped = {source for each in load_cases(shipped_files()) for source in each.sources}
    documents = {name: dataclasses.replace(HARBOUR, id=name, name=name) for name in shipped}
    code, out, _ = lotse_eval(reply=lambda question: refusal(), corpus=Corpus(documents))
    assert code == 1
    assert "Skipped originals/dev.jsonl" in out
    assert "Gate missed: evidence_indexed: 0.000" in out
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
    assert json.loads((to_page / "evaluation.json").read_text(encoding="utf-8"))["cases"][0]["id"] == "f001-en"
    assert "<testsuites" in (to_page / "junit.xml").read_text(encoding="utf-8")
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


def test_a_sample_asks_some_facts(lotse_eval: Run, tmp_path: Path) -> None:
    code, out, _ = lotse_eval("--cases", write(tmp_path / "c.jsonl", *many(40)), "--sample", "10")
    assert code == 0
    assert "100.0 % (10/10)" in out
    assert "give or take" in out


def test_documents_that_the_index_lacks_are_named(lotse_eval: Run, tmp_path: Path) -> None:
    _, out, _ = lotse_eval("--cases", write(tmp_path / "c.jsonl", case(sources=["en/port.md"])))
    assert "The index lacks 1 documents that cases name, among them en/port.md." in out


# ---- the other commands --------------------------------------------------------------------------------------


def test_two_runs_are_compared(lotse_eval: Run, tmp_path: Path) -> None:
    file, before, after = write(tmp_path / "c.jsonl", *many(3)), str(tmp_path / "a.json"), str(tmp_path / "b.json")
    lotse_eval("--cases", file, "--json", before, reply=lambda question: refusal())
    lotse_eval("--cases", file, "--json", after)
    code, out, _ = lotse_eval("compare", before, after)
    assert code == 0
    assert "3 better, 0 worse" in out
    assert "Better: 0 missing → correct: How many cranes does the harbour run?" in out


def test_cases_are_linted(lotse_eval: Run, tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    (documents / "en").mkdir(parents=True)
    (documents / "en" / "harbour.md").write_text(TEXT, encoding="utf-8")
    good, bad = write(tmp_path / "good.jsonl", case()), write(tmp_path / "bad.jsonl", case(evidence=["18 cranes"]))
    assert lotse_eval("lint", good, "--documents", str(documents))[:2] == (
        0,
        "1 cases on 1 facts, 0 things to correct.\n",
    )
    code, out, _ = lotse_eval("lint", bad, "--documents", str(documents))
    assert code == 1
    assert "f001-en: not verbatim in its sources: 18 cranes." in out


@pytest.mark.parametrize("name", commands.NAMES)
def test_each_command_tells_what_it_does(lotse_eval: Run, name: str) -> None:
    code, out, _ = lotse_eval(name, "--help")
    assert code == 0
    assert "Usage" in out


def test_the_commands_are_those_that_are_named(lotse_eval: Run) -> None:
    named = [command.callback.__name__ for command in commands.app.registered_commands if command.callback]
    groups = [str(group.name) for group in commands.app.registered_groups]
    assert sorted([*named, *groups]) == sorted(commands.NAMES)
    code, out, _ = lotse_eval("--help")
    assert code == 0
    assert all(name in out for name in commands.NAMES)


def test_a_judge_is_asked_about_a_run(lotse_eval: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = str(tmp_path / "run.json")
    lotse_eval("--cases", write(tmp_path / "c.jsonl", *many(2)), "--json", run)
    model = GenericFakeChatModel(messages=iter([AIMessage("CORRECT"), AIMessage("WRONG\nIt says 17.")]))
    monkeypatch.setattr(commands, "load_chat_model", lambda settings: model)
    monkeypatch.setenv("LOTSE_MODEL", "test:judge")
    code, out, _ = lotse_eval("judge", run)
    assert code == 0
    assert "Judge test:judge, an opinion and never a gate: 2 answers" in out
    assert "Agreement with the rule: 1 of 2" in out
    assert lotse_eval("judge", str(tmp_path / "c.jsonl"))[0] == 2


def test_a_mutation_that_nobody_notices_fails(lotse_eval: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(lambda question: answer())
    index = SimpleNamespace(current=lambda: SimpleNamespace(store=None))
    service = SimpleNamespace(assistant=script.assistant(), index=index)
    monkeypatch.setattr(commands, "build_service", lambda settings: service)
    code, out, _ = lotse_eval("mutate", write(tmp_path / "c.jsonl", *many(20)))
    assert code == 1
    assert "spans shifted by one: missed by promises" in out
    assert "retrieval off: NOT NOTICED" in out  # the script answers without searching


def test_a_public_set_runs_by_one_command(lotse_eval: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def run_outside(*arguments: object) -> dict[str, float]:
        asked.extend(arguments)
        return {"mrr": 0.5}

    monkeypatch.setattr("evals.outside.run.run_outside", run_outside)
    to_json = tmp_path / "figures.json"
    code, _, _ = lotse_eval("outside", "set.json", "--data", str(tmp_path), "--hold-out", "0.2", "--json", str(to_json))
    assert code == 0
    assert (asked[0], asked[1], asked[3], asked[4]) == (Path("set.json"), tmp_path, 0.2, None)
    assert json.loads(to_json.read_text(encoding="utf-8")) == {"mrr": 0.5}
