from __future__ import annotations

import pytest

from assistant.errors import InvalidInputError
from evals.cases import SHIPPED, load_cases, originals_files, shipped_files
from evals.suite import Suite, documents_missing, own_cases, sample
from tests.evals.parts import case

SHIPPED_DOCUMENTS = {source for each in load_cases(shipped_files()) for source in each.sources}
ORIGINALS = [f"{number}_original.txt" for number in ("000", "001", "002", "003", "004")]


def test_cases_on_documents_that_are_not_there_are_skipped_and_named() -> None:
    suite = own_cases(SHIPPED_DOCUMENTS)
    assert suite.cases == tuple(load_cases(shipped_files()))
    assert [line.partition(":")[0] for line in suite.skipped] == [
        "Skipped originals/dev.jsonl",
        "Skipped originals/held_back.jsonl",
    ]
    assert "its 250 cases (000, 001, 002, …)" in suite.skipped[0]


def test_the_originals_are_asked_where_they_lie() -> None:
    suite = own_cases(ORIGINALS)
    assert suite.cases == tuple(load_cases(originals_files()))
    assert len(suite.skipped) == 2
    assert not own_cases([*SHIPPED_DOCUMENTS, *ORIGINALS]).skipped


def test_a_lost_document_skips_nothing() -> None:
    suite = own_cases(SHIPPED_DOCUMENTS - {"de/biorn.md"})
    assert suite.cases == tuple(load_cases(shipped_files()))
    assert documents_missing(suite, SHIPPED_DOCUMENTS - {"de/biorn.md"}) == [
        "The index lacks 1 documents that cases name, among them de/biorn.md."
    ]


def test_an_index_of_other_documents_needs_cases_of_its_own() -> None:
    with pytest.raises(InvalidInputError, match="--cases"):
        own_cases(["reports/2026.pdf"])


def test_a_sample_takes_whole_facts_the_same_ones_each_time() -> None:
    cases = tuple(load_cases([SHIPPED / "dev.jsonl"]))
    taken = sample(Suite(cases), 20)
    assert taken == sample(Suite(cases), 20)
    assert taken.sampled
    assert len(taken.cases) == 40
    assert {each.lang for each in taken.cases} == {"de", "en"}
    assert len({each.category for each in taken.cases}) > 8
    assert sample(Suite((case(),)), 20) == Suite((case(),))
    assert sample(Suite(cases), None) == Suite(cases)
