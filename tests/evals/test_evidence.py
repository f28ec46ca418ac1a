from __future__ import annotations

import dataclasses

import pytest

from assistant.types import Span
from evals.evidence import Place, places, relevant, spans
from tests.evals.parts import CORPUS, HARBOUR, case


@pytest.mark.parametrize(
    ("evidence", "text", "expected"),
    [
        ("17 cranes", "runs 17 cranes, 17 cranes", [(5, 14), (16, 25)]),
        ("17\tcranes", "| 17 | cranes |", [(2, 13)]),  # a tabbed line became a row of a table
        ("17 cranes", "17\u00a0\ncranes", [(0, 10)]),
        ("runs **17** cranes", "runs 17 cranes", [(0, 14)]),
        ("(17) cranes?", "(17) cranes?", [(0, 12)]),
        ("18 cranes", "17 cranes", []),
    ],
)
def test_where_evidence_stands(evidence: str, text: str, expected: list[tuple[int, int]]) -> None:
    assert spans(evidence, text) == [Span(*pair) for pair in expected]


PORT = dataclasses.replace(HARBOUR, id="port", name="en/port.md")


def test_only_documents_that_the_case_names_count() -> None:
    assert places(case(), [HARBOUR, PORT]) == [[Place("harbour", 26, 40)]]
    assert places(case(evidence=["runs 18 cranes"]), [HARBOUR, PORT]) == [[]]


def test_where_no_document_has_that_name_all_are_looked_through() -> None:
    assert places(case(sources=["Report 7"]), [HARBOUR, PORT]) == [[Place("harbour", 26, 40), Place("port", 26, 40)]]


def test_without_evidence_the_documents_that_the_case_names_are_it() -> None:
    assert places(case(evidence=[]), [HARBOUR]) == [[Place("harbour", 0, len(HARBOUR.text))]]
    assert places(case(evidence=[], sources=["en/port.md"]), [HARBOUR]) == [[]]
    assert places(case(evidence=[], sources=[]), [HARBOUR]) == []


def test_passages_with_evidence_are_relevant() -> None:
    assert relevant(places(case(), [HARBOUR]), CORPUS.passages) == {"first"}
    assert relevant(places(case(evidence=["cranes", "90 tonnes"]), [HARBOUR]), CORPUS.passages) == {"first", "second"}
    assert relevant([[Place("elsewhere", 0, 9)]], CORPUS.passages) == frozenset()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [((0, 5), (4, 9), True), ((0, 5), (5, 9), False), ((3, 4), (0, 9), True), ((0, 9), (3, 4), True)],
)
def test_places_overlap(one: tuple[int, int], other: tuple[int, int], expected: bool) -> None:
    assert Place("d", *one).overlaps(Place("d", *other)) is expected
    assert not Place("d", *one).overlaps(Place("e", *other))
