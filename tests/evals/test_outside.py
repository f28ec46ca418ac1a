"""Data of others: a sheet, SQuAD's JSON and BEIR's folder become cases and documents."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from assistant.errors import InvalidInputError
from assistant.settings import Settings
from evals.cases import ABSTAIN, load_cases
from evals.outside import run as outside
from evals.outside.beir import read_beir, search_figures
from evals.outside.dataset import Dataset, without_some, write_documents
from evals.outside.squad import read_squad
from tests.helpers import HashingEmbeddings

# ---- a sheet -------------------------------------------------------------------------------------------------


def test_a_sheet_is_read_as_cases(tmp_path: Path) -> None:
    sheet = tmp_path / "own.csv"
    sheet.write_text(
        "Question;Expected;Source\n"
        "Wie viele Kräne hat der Hafen?;17 | siebzehn;harbour.pdf\n"
        'Which cranes are there?;"blue; red | crimson";harbour.pdf\n'
        "When was it built?;1907;\n"
        "\n"
        "Is there a zoo?;;\n",
        encoding="utf-8-sig",
    )
    first, second, third, fourth = load_cases([sheet])
    assert (first.id, first.lang, first.category, first.sources) == ("own-2", "de", "number", ("harbour.pdf",))
    assert first.must_include == (("17", "siebzehn"),)
    assert (second.lang, second.category) == ("en", "cluster")
    assert second.must_include == (("blue",), ("red", "crimson"))
    assert (third.category, third.sources) == ("date", ())
    assert not fourth.answerable
    assert fourth.id.startswith("own-")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"question,answer\n", "has no column expected"),
        (b"question,expected,source\n,17,harbour.pdf\n", "row 2 is no case"),
        (b"question,expected,source,language\nHow?,17,,fr\n", "row 2 is no case"),
        (b"question,expected,source\n", "holds no case"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_an_unusable_sheet_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    sheet = tmp_path / "own.csv"
    sheet.write_bytes(content)
    with pytest.raises(InvalidInputError, match=reason):
        load_cases([sheet])


# ---- SQuAD ---------------------------------------------------------------------------------------------------

HARBOUR = "The harbour of Kleinhaven runs 17 cranes since the great fire of the year 1907, says the harbour master."
ZOO = "The zoo of Kleinhaven keeps 12 penguins and one old walrus whose name is Gustav, says its keeper."


def squad(*paragraphs: tuple[str, list[dict[str, Any]]]) -> str:
    return json.dumps(
        {"data": [{"title": "Klein_haven", "paragraphs": [{"context": c, "qas": qas} for c, qas in paragraphs]}]}
    )


def question(name: str, asked: str, context: str, answer: str | None) -> dict[str, Any]:
    answers = [] if answer is None else [{"text": answer, "answer_start": context.index(answer)}] * 2
    return {"id": name, "question": asked, "answers": answers, "is_impossible": answer is None}


DATA = squad(
    (
        HARBOUR,
        [question("1", "How many cranes does the harbour run?", HARBOUR, "17"), question("2", "Ships?", HARBOUR, None)],
    ),
    (
        ZOO,
        [
            question("3", "What is the name of the walrus?", ZOO, "Gustav"),
            question("4", "Whose zoo?", ZOO, "Kleinhaven"),
        ],
    ),
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "squad.json"
    file.write_text(DATA, encoding="utf-8")
    return file


def test_squad_becomes_documents_and_cases(data: Path) -> None:
    dataset = read_squad(data)
    assert dataset.documents == {"0001-001.md": ("Klein haven", HARBOUR), "0001-002.md": ("Klein haven", ZOO)}
    first, second, third, _ = dataset.cases
    assert (first.id, first.lang, first.category, first.must_include) == ("1", "en", "number", (("17",),))
    assert first.sources == ("0001-001.md",)
    assert first.evidence[0] in HARBOUR
    assert "17" in first.evidence[0]
    assert not second.answerable
    assert third.must_include == (("Gustav",),)


def test_documents_held_out_make_questions_unanswerable(data: Path) -> None:
    dataset = read_squad(data)
    assert without_some(dataset, 0.0) == dataset
    held_out = next(d for share in range(1, 10) if len((d := without_some(dataset, share / 10)).documents) == 1)
    (kept,) = held_out.documents
    for case in held_out.cases:
        assert case.answerable is (case.sources == (kept,))
    lost = [case for case in held_out.cases if case.note.startswith("held out")]
    assert all(case.must_include == ((ABSTAIN,),) and case.category == "unanswerable" for case in lost)
    # Kleinhaven stands in both: whether that is still answerable nobody knows
    assert "4" not in {case.id for case in lost}


@pytest.mark.parametrize("content", ["{}", "[]", '{"data": [{"paragraphs": 1}]}', "no JSON"])
def test_another_form_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "squad.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInputError, match="not in SQuAD's form"):
        read_squad(file)


def test_documents_are_written_for_the_import(tmp_path: Path) -> None:
    write_documents(Dataset({"a.md": ("A title", "Some text.")}, ()), tmp_path / "new")
    assert (tmp_path / "new" / "a.md").read_text(encoding="utf-8") == "# A title\n\nSome text.\n"


# ---- BEIR ----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "beir"
    (made / "qrels").mkdir(parents=True)
    documents = [{"_id": "h", "title": "Harbour", "text": HARBOUR}, {"_id": "z", "title": "", "text": ZOO}]
    queries = [{"_id": "q1", "text": "walrus"}, {"_id": "q2", "text": "cranes"}, {"_id": "q3", "text": "nobody judged"}]
    for name, rows in (("corpus", documents), ("queries", queries)):
        (made / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (made / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\tz\t1\nq2\th\t2\nq2\tz\t0\nq3\tmissing\t1\n", encoding="utf-8"
    )
    return made


def test_beir_is_read(folder: Path) -> None:
    judged = read_beir(folder)
    assert judged.dataset.documents["000002.md"] == ("z", ZOO)
    assert judged.questions == {"q1": "walrus", "q2": "cranes"}
    assert judged.relevant["q2"] == {"000001.md"}


def test_the_search_is_measured_by_document(folder: Path) -> None:
    found = search_figures(read_beir(folder), lambda question: ["000001.md", "000001.md", "000002.md"])
    assert found.cases == 2
    assert found.mrr == (1 / 2 + 1) / 2  # the document that comes twice takes one place
    assert found.success == {1: 0.5, 3: 1, 5: 1, 10: 1}


def test_a_folder_in_another_form_is_refused(folder: Path) -> None:
    (folder / "queries.jsonl").unlink()
    with pytest.raises(InvalidInputError, match="not in BEIR's form"):
        read_beir(folder)


# ---- one command ---------------------------------------------------------------------------------------------


@pytest.fixture
def hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "load_embedder", lambda settings: HashingEmbeddings())
    monkeypatch.setattr("assistant.pipeline.load_embedder", lambda settings: HashingEmbeddings())


@pytest.mark.usefixtures("hashing")
def test_a_set_of_questions_runs(data: Path, tmp_path: Path) -> None:
    console = Console(file=io.StringIO(), width=120)
    figures = outside.run_outside(data, tmp_path / "work", Settings(), 0.0, None, console)
    assert figures["evidence_indexed"] == 1
    assert figures["promises"] == 1
    assert figures["crashed"] == 0
    assert figures["success_5"] == 1


@pytest.mark.usefixtures("hashing")
def test_a_set_of_judgements_runs(folder: Path, tmp_path: Path) -> None:
    console = Console(file=io.StringIO(), width=120)
    figures = outside.run_outside(folder, tmp_path / "work", Settings(), 0.0, None, console)
    assert (figures["cases"], figures["success"][10]) == (2, 1)
    assert isinstance(console.file, io.StringIO)
    assert "nDCG@10" in console.file.getvalue()
