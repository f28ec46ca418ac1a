"""The product as it ships: its corpus, its embedding model, its cases and its README, without a network."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.pipeline import Assistant, build_service
from assistant.settings import Settings
from evals.metrics import is_correct
from tests.redteam import lying
from tests.redteam.__main__ import asked_cases

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.timeout(2400)]

FACTS, MUTATED = "60", "40"  # facts; `make eval` and `make mutate` ask all
CHECKOUT = Path(__file__).resolve().parent.parent
ORIGINALS = CHECKOUT.parent / "shared" / "seeds"

# Nobody tuned to these: they are asked of the five originals, where those lie beside the checkout.
ASKED_OF_ORIGINALS = [
    "Wer coacht das Team xMac bei der Geschäftsplanung?",
    "Wie viele Follower hat SaxoCell auf Instagram?",
    "Which ministry issued the press release on SaxoCell 2026?",
    "Where is BioLAGO's management based?",
    "Welche Städte gehören zur BioRN-Region?",
    "Was kostet eine Fahrkarte nach Rostock?",
]


def run(*command: str, code: int = 0) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def shipped_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("shipped") / "index"
    assert "0 refused" in run("ingest", "--data", str(data))
    return data


@pytest.fixture(scope="session")
def assistant(shipped_index: Path) -> Assistant:
    return build_service(Settings(data=shipped_index)).assistant


def test_indexing_the_same_corpus_again_changes_nothing(shipped_index: Path) -> None:
    files = {path: path.stat().st_mtime_ns for path in shipped_index.rglob("*") if path.name != "lock"}
    report = json.loads(run("ingest", "--data", str(shipped_index), "--json").splitlines()[-1])
    assert (report["added"], report["changed"], report["removed"], report["refused"]) == ([], [], [], [])
    after = {path: path.stat().st_mtime_ns for path in shipped_index.rglob("*") if path.name != "lock"}
    assert {path for path in after if path.suffix == ".sqlite"} == {path for path in files if path.suffix == ".sqlite"}
    assert (shipped_index / "CURRENT").stat().st_mtime_ns == files[shipped_index / "CURRENT"]


def test_a_sample_of_the_cases_passes_its_gates_with_the_same_figures_twice(
    shipped_index: Path, tmp_path: Path
) -> None:
    printed = run("evals", "--data", str(shipped_index), "--sample", FACTS, "--report", str(tmp_path))
    assert "Gate missed" not in printed
    (page,) = tmp_path.glob("*.html")
    assert not re.search(r"(?:src|href)=.https?:|url\(|<script", page.read_text(encoding="utf-8"))
    run("evals", "--data", str(shipped_index), "--sample", FACTS, "--json", str(tmp_path / "again.json"))
    assert figures(tmp_path / "again.json") == figures(tmp_path / "evaluation.json")


def figures(path: Path) -> dict[str, object]:
    """All of a run but what the clock measures."""
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    del found["machine"]
    cases = found["cases"]
    assert isinstance(cases, list)
    for case in cases:
        case.pop("ms", None)
    return found


def test_a_sample_of_the_cases_notices_every_mutation(shipped_index: Path) -> None:
    printed = run("evals", "mutate", "--data", str(shipped_index), "--sample", MUTATED)
    assert len(printed.splitlines()) == 9
    assert "NOT NOTICED" not in printed


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wie heißen die beiden Co-Sprecher von SaxoCell?", "Platzbecker"),
        ("How many people work at BioRN?", "5 people"),
        ("Wann wurde der SaxoCell e. V. gegründet?", "12. September 2023"),
        ("When was biosaxony founded?", "2009"),
    ],
)
def test_a_question_is_answered_in_its_language(assistant: Assistant, question: str, expected: str) -> None:
    answer = assistant.ask(question)
    assert expected in answer.answer.replace("**", "")
    assert {citation.language for citation in answer.citations} == {answer.language}


def test_a_lying_model_is_stopped_and_an_honest_one_is_not(shipped_index: Path) -> None:
    cases = asked_cases(build_service(Settings(data=shipped_index)))[::2]  # make redteam asks all
    result = lying.measure([one for one, _ in cases], sample=18)
    assert sum(tally.tried for tally in result.lies.values()) >= 500
    assert len(result.lies) >= 12
    assert result.stopped >= lying.STOPPED, {kind: tally.wrong for kind, tally in result.lies.items()}
    assert result.removed <= lying.REMOVED, {kind: tally.wrong for kind, tally in result.honest.items()}
    right, lost = lying.worse(cases, lambda one, answer: is_correct(one.case, answer))
    assert right > 300
    assert len(lost) <= 1, lost  # one answer stands in a sentence with a web address, which no model may write


def test_the_answer_in_the_readme_is_the_real_one(assistant: Assistant) -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    question = re.search(r'lotse ask "([^"]+)"', readme)
    assert question
    answer = assistant.ask(question[1])
    assert answer.answer in readme
    for citation in answer.citations:
        assert citation.title in readme


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the five originals do not lie beside this checkout")
def test_the_five_originals_are_quoted_to_the_character(tmp_path: Path) -> None:
    data = tmp_path / "originals"
    originals = sorted(ORIGINALS.glob("0*.txt"))
    run("ingest", *map(str, originals), "--data", str(data))
    service = build_service(Settings(data=data))
    for question in ASKED_OF_ORIGINALS:
        answer = service.assistant.ask(question)
        assert {int(n) for n in re.findall(r"\[(\d+)\]", answer.answer)} == {c.marker for c in answer.citations}
        for citation in answer.citations:
            document = service.index.document(citation.document_id)
            assert document is not None
            assert citation.quote == document.text[citation.start : citation.end]
            original = (ORIGINALS / document.name).read_text(encoding="utf-8")
            # Hyphens of line ends are undone, lines joined, and cells of a table put between bars; the letters stay.
            assert all(_letters(word) in _letters(original) for word in citation.quote.split())
    printed = run("evals", "--data", str(data))
    assert "Skipped cases/dev.jsonl" in printed
    assert "Gate missed" not in printed


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
