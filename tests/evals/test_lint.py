"""The linter finds what it is there to find, and nothing in the shipped cases."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest

from assistant.resources import resource_dir
from evals.cases import Case, Category, load_cases, originals_files, shipped_files
from evals.lint import lint
from tests.evals.parts import TEXT, case, unanswerable

TEXTS = {"en/harbour.md": TEXT, "en/port.md": "The port sells 34 ships.\n\nThe rent is 5 euros.\n\nThe staff works."}
ORIGINALS = Path(__file__).resolve().parents[3] / "shared" / "seeds"  # not ours to ship: beside the checkout, if at all


def wrong(asked: Case) -> list[str]:
    return [finding.wrong for finding in lint([asked], TEXTS)]


def refused(terms: str, **changes: Any) -> Case:
    return unanswerable(**({"note": f"not given; key terms: {terms}"} | changes))


def test_a_sound_case_is_left_alone() -> None:
    assert wrong(case()) == []
    assert wrong(refused("port + rent + staff")) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"evidence": ["runs 18 cranes"]}, "not verbatim in its sources: runs 18 cranes"),
        ({"sources": ["en/harbour.md", "en/port.md"]}, "en/port.md holds no evidence"),
        ({"sources": ["en/quay.md"]}, "the document en/quay.md is not there"),
        ({"sources": []}, "names no source or no evidence"),
        ({"must_include": [["18"]]}, "the evidence does not hold 18"),
        ({"note": "computed: 17"}, "is called computed, though the evidence says it"),
        ({"question": "Does the harbour run 17 cranes?"}, "the question answers itself"),
        ({"must_not_include": ["cranes"]}, "the evidence holds cranes, which is forbidden"),
        (
            {"question": "Is it the newest crane lifts 90 tonnes?", "evidence": [TEXT]},
            "the question copies its evidence: the newest crane lifts 90 tonnes",
        ),
        ({"must_include": [["17", "*17*"]]}, "Markdown is ignored in answers: *17*"),
        ({"must_include": [["1", "17"]]}, "a lone digit occurs everywhere, set spaces around it: 1"),
        ({"must_include": [["17", "17 cranes"]]}, "another alternative covers this one: 17 cranes"),
        ({"must_include": [["cranes", "Cranes"], ["17"]]}, "another alternative covers this one: cranes"),
        ({"category": "unanswerable"}, "is called unanswerable and has an answer"),
        ({"category": "followup"}, "a follow-up has earlier questions, and nothing else has"),
        ({"history": ["And?"]}, "a follow-up has earlier questions, and nothing else has"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], expected: str) -> None:
    assert expected in wrong(case(**changes))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (refused("rent|lease"), "en/port.md holds all its key terms: the rent is 5 euros."),
        (refused("The rent + Euros"), "en/port.md holds all its key terms: the rent is 5 euros."),
        (unanswerable(), 'its note names no key terms ("key terms: BioCity + rent|lease")'),
        (refused("moon", category="number"), "has no answer, but another category, sources or evidence"),
    ],
)
def test_unanswerable_has_to_be_so(asked: Case, expected: str) -> None:
    assert wrong(asked) == [expected]


def test_nothing_is_asked_twice() -> None:
    again = case(id="2", question="how many cranes does the harbour run")
    same_answer = case(id="3", question="Cranes?")
    assert [str(f) for f in lint([case(), again, same_answer], TEXTS)] == [
        "2: asks what f001-en asks.",
        "2: asks what f001-en asks.",
        "3: asks what f001-en asks.",
    ]
    assert lint([case(), case(id="2", lang="de", question="Wie viele Kräne?")], TEXTS) == []


# ---- our own cases -------------------------------------------------------------------------------------------

CASES = load_cases(shipped_files())


def test_the_shipped_cases_are_sound() -> None:
    corpus = resource_dir("corpus")
    texts = {path.relative_to(corpus).as_posix(): path.read_text(encoding="utf-8") for path in corpus.rglob("*.md")}
    assert [str(finding) for finding in lint(CASES, texts)] == []


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the five originals do not lie beside this checkout")
def test_the_cases_on_the_originals_are_sound() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in ORIGINALS.glob("0*.txt")}
    assert [str(finding) for finding in lint(load_cases(originals_files()), texts)] == []


def test_evidence_from_documents_that_are_not_ours_is_short() -> None:
    evidence = [words for each in load_cases(originals_files()) for words in each.evidence]
    assert max(len(words.split()) for words in evidence) < 10


def test_there_are_enough_facts_of_every_kind() -> None:
    assert len({each.fact for each in CASES}) >= 400
    kinds = Counter((each.category, each.lang) for each in CASES)
    assert {(category, lang) for category in get_args(Category) for lang in ("de", "en")} == kinds.keys()
    assert min(kinds.values()) >= 8


@pytest.mark.parametrize("cases", [CASES, load_cases(originals_files())], ids=["shipped", "originals"])
def test_every_fact_is_asked_once_in_each_language(cases: list[Case]) -> None:
    german, english = ([(each.fact, each.category) for each in cases if each.lang == lang] for lang in ("de", "en"))
    assert sorted(german) == sorted(english)
    assert len(set(german)) == len(german)


def test_the_shipped_cases_name_documents_of_their_language() -> None:
    assert all(source.startswith(f"{each.lang}/") for each in CASES for source in each.sources)
