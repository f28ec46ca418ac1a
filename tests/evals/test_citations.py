"""Citation figures by hand: the harbour's text has two sentences, the case's evidence stands in the first."""

from __future__ import annotations

import pytest

from assistant.types import Answer, Claim, Draft, Passage, Quote, Span
from evals.citations import citation_precision, citation_recall, claim_support, unproven
from evals.evidence import places
from evals.share import Share
from tests.evals.parts import HARBOUR, TEXT, answer, case, citation, refusal, unanswerable

NEWEST = citation(2, "The newest crane lifts 90 tonnes.")
EVIDENCE = places(case(), [HARBOUR])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answer(), Share(1, 1)),
        (answer(citations=(citation(), NEWEST)), Share(1, 2)),  # the second proves nothing that was asked
        (answer(citations=(NEWEST,)), Share(0, 1)),
        (answer(citations=(citation(quote="17 cranes"),)), Share(1, 1)),  # a part of the evidence will do
        (refusal(), Share(0, 0)),
    ],
)
def test_precision(given: Answer, expected: Share) -> None:
    assert citation_precision(given, EVIDENCE) == expected


@pytest.mark.parametrize(
    ("changes", "given", "expected"),
    [
        ({}, answer(), Share(1, 1)),
        ({"must_include": [["17"], ["90"]]}, answer(), Share(1, 2)),
        ({"must_include": [["17"], ["90"]]}, answer(citations=(citation(), NEWEST)), Share(2, 2)),
        (
            {"must_include": [["harbour"]]},
            answer(citations=()),
            Share(0, 1),
        ),  # named in the question, but nothing cited
        ({"must_include": [["harbour"], ["17"]]}, answer(citations=(citation(quote="runs 17 cranes"),)), Share(2, 2)),
        ({"must_include": [["34"]], "note": "computed: 2 x 17"}, answer(), Share(0, 0)),
    ],
)
def test_recall(changes: dict[str, object], given: Answer, expected: Share) -> None:
    assert citation_recall(case(**changes), given) == expected


def test_nothing_has_to_be_cited_for_what_nobody_can_answer() -> None:
    assert citation_recall(unanswerable(), answer()) == Share(0, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The harbour of Kleinhaven runs 17 cranes. [1]", []),
        ("The harbour runs **18** cranes. [1]", ["18 is in no quote of [1]"]),
        ("It runs 17 cranes. [1]\n\nAlso:\n\n- The newest crane lifts 90 tonnes. [2]", []),
        (
            "It runs 17 cranes. [2] The newest crane lifts 90 tonnes. [1]",
            ["17 is in no quote of [2]", "90 is in no quote of [1]"],
        ),
        ("Found in 3 documents:\n\nIt runs 17 cranes. [1]", []),  # a line before a claim frames it
        ("Of seventeen cranes, the newest lifts 90 tonnes. [1] [2]", []),
    ],
)
def test_what_no_quote_holds_is_named(text: str, expected: list[str]) -> None:
    assert list(unproven(answer(text, citations=(citation(), NEWEST)))) == expected


def test_a_quote_of_the_other_language_is_read_as_it_was_written() -> None:
    german = citation(quote="Der Hafen hat 8.600 Beschäftigte.", language="de")
    assert not list(unproven(answer("Der Hafen hat 8.600 Beschäftigte. [1]", citations=(german,))))
    assert list(unproven(answer("Der Hafen hat 8.700 Beschäftigte. [1]", citations=(german,))))


def test_claims_are_held_against_the_gate() -> None:
    passage = Passage(
        "c", "harbour", "en/harbour.md", "Harbour", None, None, "en", (), None, Span(0, len(TEXT)), TEXT, 1.0, (), ()
    )
    quote = Quote(passage, Span(0, 41))
    proven = Claim("It runs 17 cranes.", (quote,), verbatim=False)
    invented = Claim("It runs 18 cranes.", (quote,), verbatim=False)
    assert claim_support(Draft("answered", "", (proven, invented, invented), "model"), "en") == Share(1, 3)
    assert claim_support(Draft("not_found", "", (), "model"), "en") == Share(0, 0)
