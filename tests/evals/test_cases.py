"""Reading cases, and a linter over the shipped ones: the shipped corpus holds the answer to each that has one."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import pytest

from assistant.errors import InvalidInputError
from assistant.resources import resource_dir
from evals.cases import Case, Category, load_cases, shipped_files
from evals.metrics import holds_any
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


# ---- the shipped cases ---------------------------------------------------------------------------------------

CASES = load_cases(shipped_files())
ANSWERABLE = [each for each in CASES if each.answerable]
COMPUTED = "computed"  # a note that begins so: the answer follows from the evidence but is not written there
MARKUP = re.compile(r"[*_`#]")


@lru_cache
def dossier(name: str) -> str:
    return (resource_dir("corpus") / name).read_text(encoding="utf-8")


def fact(each: Case) -> int:
    match = re.fullmatch(r"f(\d{3})-(de|en)", each.id)
    assert match, each.id
    assert match[2] == each.lang
    return int(match[1])


def test_there_are_enough_cases_of_every_kind() -> None:
    assert len({fact(each) for each in CASES}) >= 200
    kinds = Counter((each.category, each.lang) for each in CASES)
    assert {(category, lang) for category in get_args(Category) for lang in ("de", "en")} == kinds.keys()
    assert min(kinds.values()) >= 6


def test_every_fact_is_asked_in_both_languages() -> None:
    assert Counter(fact(each) for each in CASES if each.lang == "de") == Counter(
        fact(each) for each in CASES if each.lang == "en"
    )
    assert {(fact(each), each.category) for each in CASES if each.lang == "de"} == {
        (fact(each), each.category) for each in CASES if each.lang == "en"
    }


def test_no_fact_is_in_two_files() -> None:
    facts = {file.stem: {fact(each) for each in load_cases([file])} for file in shipped_files()}
    assert facts.keys() == {"dev", "held_back"}
    assert not facts["dev"] & facts["held_back"]
    assert {number % 2 for number in facts["dev"]} == {0}


def test_no_question_is_asked_twice() -> None:
    asked = Counter((each.question.casefold(), each.history) for each in CASES)
    assert [question for question, count in asked.items() if count > 1] == []


@pytest.mark.parametrize("each", ANSWERABLE, ids=lambda each: each.id)
def test_an_answerable_case_stands_in_the_corpus(each: Case) -> None:
    assert each.sources
    for name in each.sources:
        assert name.startswith(f"{each.lang}/")
        assert any(evidence in dossier(name) for evidence in each.evidence), f"{name} holds no evidence"
    for evidence in each.evidence:
        assert any(evidence in dossier(name) for name in each.sources), f"not verbatim: {evidence}"
        assert evidence.strip() == evidence


@pytest.mark.parametrize("each", ANSWERABLE, ids=lambda each: each.id)
def test_the_evidence_answers_and_the_question_alone_does_not(each: Case) -> None:
    asked = " ".join((*each.history, each.question))
    told = " ".join((*each.evidence, each.question))
    lacking = [group for group in each.must_include if not holds_any(told, group)]
    assert bool(lacking) is each.note.startswith(COMPUTED), lacking
    assert not all(holds_any(asked, group) for group in each.must_include), "the question answers itself"
    assert not [words for words in each.must_not_include if holds_any(told, [words])]


@pytest.mark.parametrize("each", [each for each in CASES if not each.answerable], ids=lambda each: each.id)
def test_an_unanswerable_case_names_no_place(each: Case) -> None:
    assert (each.category, each.sources, each.evidence) == ("unanswerable", (), ())
    assert each.note


@pytest.mark.parametrize("each", ANSWERABLE, ids=lambda each: each.id)
def test_the_shape_of_an_answerable_case(each: Case) -> None:
    assert each.category != "unanswerable"
    assert bool(each.history) is (each.category == "followup")
    assert len(each.must_include) >= (3 if each.category == "list" else 1)
    for group in each.must_include:
        plain = [alternative.casefold() for alternative in group]
        assert len(set(plain)) == len(plain)
        for alternative in plain:
            assert not MARKUP.search(alternative), "Markdown is ignored anyway"
            assert not re.fullmatch(r"\d", alternative.strip()) or alternative == f" {alternative.strip()} ", (
                "a lone digit occurs everywhere"
            )
            assert not [other for other in plain if other != alternative and other in alternative], "said twice"
