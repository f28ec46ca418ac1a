"""Reading cases, and keeping their folds apart; tests/evals/test_lint.py proves the shipped ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InvalidInputError
from evals.cases import (
    DEVELOPMENT,
    HELD_BACK,
    ORIGINALS,
    SHIPPED,
    is_source,
    load_cases,
    missing_sources,
    tuning_cases,
)
from tests.evals.parts import case, unanswerable

# ---- reading -------------------------------------------------------------------------------------------------

GOOD = json.loads(case().model_dump_json())


def line(**changes: Any) -> str:
    return json.dumps(
        {name: value for name, value in (GOOD | changes).items() if value is not None}, ensure_ascii=False
    )


def test_cases_are_read_in_order_and_blank_lines_skipped(tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    first = line(id="1", note="a line separator: \u2028")
    one.write_text(f"\n{first}\n\n{line(id='2')}", encoding="utf-8")
    two.write_text(f"{line(id='3')}\r\n", encoding="utf-8")
    assert [each.id for each in load_cases([two, one])] == ["3", "1", "2"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("{", "Invalid JSON"),
        ("[]", "line 3 is no case: Input should be an object"),
        (line(extra=1), "extra: Extra inputs are not permitted"),
        (line(question=None), "question: Field required"),
        (line(question=""), "question: String should have at least 1 character"),
        (line(lang="fr"), "lang: Input should be 'de' or 'en'"),
        (line(category="riddle"), "category: Input should be"),
        (line(must_include=[]), "must_include: Tuple should have at least 1 item"),
        (line(must_include=[[]]), "must_include.0: Tuple should have at least 1 item"),
        (line(must_include=["17"]), "must_include.0: Input should be a valid array"),
        (line(id=GOOD["id"]), "has the id f001-en of an earlier case"),
    ],
)
def test_a_broken_line_is_named_with_its_place(tmp_path: Path, broken: str, reason: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(f"{line()}\n\n{broken}\n", encoding="utf-8")
    with pytest.raises(InvalidInputError) as error:
        load_cases([file])
    assert error.value.message.startswith(f"{file}, line 3 ")
    assert reason in error.value.message


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file"), (b"\xff\xfe", "not UTF-8"), (b"\n \n", "holds no case")]
)
def test_an_unusable_file_is_named(tmp_path: Path, content: bytes | None, reason: str) -> None:
    file = tmp_path / "cases.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InvalidInputError, match=reason) as error:
        load_cases([file])
    assert str(file) in error.value.message


def test_the_same_id_in_two_files_is_refused(tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    for file in (one, two):
        file.write_text(line(), encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"two\.jsonl, line 1 has the id f001-en"):
        load_cases([one, two])


def test_only_the_abstain_mark_makes_a_case_unanswerable() -> None:
    assert case().answerable
    assert not unanswerable().answerable


# ---- folds ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", [SHIPPED, ORIGINALS], ids=["shipped", "originals"])
def test_no_fact_is_in_two_folds(folder: Path) -> None:
    dev, held_back = ({each.fact for each in load_cases([folder / name])} for name in (DEVELOPMENT, HELD_BACK))
    assert not dev & held_back
    assert {path.name for path in folder.glob("*.jsonl")} == {DEVELOPMENT, HELD_BACK}


def test_the_same_fact_is_in_the_same_fold_of_both_files() -> None:
    dev = {each.fact[1:] for folder in (SHIPPED, ORIGINALS) for each in load_cases([folder / DEVELOPMENT])}
    held_back = {each.fact[1:] for folder in (SHIPPED, ORIGINALS) for each in load_cases([folder / HELD_BACK])}
    assert not dev & held_back


def test_tuning_reads_the_development_fold_only(tmp_path: Path) -> None:
    assert tuning_cases([SHIPPED / DEVELOPMENT])
    with pytest.raises(InvalidInputError, match="is held back"):
        tuning_cases([SHIPPED / HELD_BACK])
    renamed = tmp_path / "mine.jsonl"
    stolen = load_cases([ORIGINALS / HELD_BACK])[0].model_copy(update={"id": "mine"})
    renamed.write_text(stolen.model_dump_json(), encoding="utf-8")
    with pytest.raises(InvalidInputError, match="mine is held back"):
        tuning_cases([renamed])


def test_what_tunes_has_no_other_way_to_cases() -> None:
    tuner = (Path(__file__).resolve().parents[2] / "benchmarks" / "fit.py").read_text(encoding="utf-8")
    imported = [line for line in tuner.splitlines() if line.startswith("from evals")]
    assert imported == ["from evals.cases import DEVELOPMENT, SHIPPED, Case, tuning_cases"]
    assert "jsonl" not in tuner.replace("evals/cases/dev.jsonl", "")


# ---- documents -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "document", "expected"),
    [
        ("en/harbour.md", "en/harbour.md", True),
        ("en/harbour", "en/harbour.md", True),
        ("harbour", "en/harbour.md", True),
        ("004", "004_90e1.txt", True),
        ("004", "0041_90e1.txt", False),
        ("de/harbour.md", "en/harbour.md", False),
        ("90e1", "004_90e1.txt", False),
        ("originals/004_90e1.txt", "004_90e1.txt", True),
    ],
)
def test_a_source_names_a_document(source: str, document: str, expected: bool) -> None:
    assert is_source(source, document) is expected
    assert missing_sources([case(sources=[source])], [document]) == ([] if expected else [source])
