"""A run of eight cases, added up by hand."""

from __future__ import annotations

import dataclasses

import pytest

from evals.share import Share
from evals.summary import summarise
from tests.evals.parts import answer, case, citation, outcome, refusal, unanswerable

ELSEWHERE = citation(quote="The newest crane lifts 90 tonnes.")
OUTCOMES = [
    outcome(case(id="1-en"), answer()),
    outcome(case(id="2-en"), answer("17 [1]", citations=(ELSEWHERE,)), ranking=(False, True), precise=Share(0, 1)),
    outcome(case(id="1-de", lang="de", evidence=[]), answer("17 [1]", language="de"), ("a marker",), relevant=0),
    outcome(case(id="4-de", lang="de", category="date"), refusal(), ranking=(), answerable=0.4, precise=Share(0, 0)),
    outcome(case(id="5-de", lang="de"), None),
    outcome(unanswerable(id="6-en"), refusal(), answerable=0.1, relevant=0),
    outcome(unanswerable(id="7-en"), refusal(), answerable=0.3, relevant=0),
    outcome(unanswerable(id="8-de", lang="de"), answer("17 [1]"), answerable=0.7, relevant=0),
]


def test_a_run_adds_up() -> None:
    summary = summarise(OUTCOMES)
    assert summary.accuracy == Share(5, 8)
    assert summary.by_language == {"de": Share(1, 4), "en": Share(4, 4)}
    assert summary.by_category == {
        "date": {"de": Share(0, 1), "en": Share(0, 0)},
        "number": {"de": Share(1, 2), "en": Share(2, 2)},
        "unanswerable": {"de": Share(0, 1), "en": Share(2, 2)},
    }
    assert summary.verdicts == {"correct": 5, "missing": 1, "wrong": 2}  # the crash and the answered unanswerable
    assert summary.facts == 7
    assert summary.refusal_precision == Share(2, 3)
    assert summary.refusal_recall == Share(2, 3)
    assert summary.false_refusals == Share(1, 5)
    assert summary.evidence == Share(1, 2)  # of the right ones with evidence; the third has none to cite
    assert summary.indexed == Share(7, 7)
    assert summary.promises == Share(6, 7)
    assert summary.language_match == Share(5, 7)
    assert summary.median_words == 3.5  # 8, 2, 2 and 5 words
    assert summary.longest_words == 8
    assert summary.crashed == 1
    assert summary.retrieval is not None
    assert summary.retrieval.cases == 3  # found first, found second, not found
    assert summary.retrieval.success == pytest.approx({1: 1 / 3, 3: 2 / 3, 5: 2 / 3, 10: 2 / 3})
    assert summary.retrieval.mrr == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert summary.figures() == pytest.approx(
        {
            "accuracy_de": 0.25,
            "accuracy_en": 1.0,
            "language_gap": 0.75,
            "crag_score": (5 - 2) / 8,
            "refusal_precision": 2 / 3,
            "refusal_recall": 2 / 3,
            "false_refusal_rate": 0.2,
            # predicted .9 .9 .9 .4 | .1 .3 .7, each probability a bin of its own: 3 * .1 + .6 + .1 + .3 + .7 over 7
            "calibration_error": (3 * 0.1 + 0.6 + 0.1 + 0.3 + 0.7) / 7,
            "evidence_share": 0.5,
            "evidence_indexed": 1.0,
            "citation_precision": 2 / 3,  # of the three answers that cite at all, the second misses the evidence
            "citation_recall": 1.0,
            "claim_support": 1.0,
            "success_5": 2 / 3,
            "recall_10": 2 / 3,
            "mrr": 0.5,
            "ndcg_10": (1 + 0.6309297535714575 + 0) / 3,
            "promises": 6 / 7,
            "language_match": 5 / 7,
            "crashed": 1 / 8,
        }
    )


def test_what_was_not_tried_has_no_figure() -> None:
    summary = summarise([outcome(unanswerable(), None)])
    figures = {name: value for name, value in summary.figures().items() if value is not None}
    assert figures == {"accuracy_en": 0.0, "crag_score": -1.0, "refusal_recall": 0.0, "crashed": 1.0}
    assert (summary.median_words, summary.longest_words, summary.parity) == (None, None, None)


def test_two_runs_give_the_same_figures_to_the_last_digit() -> None:
    assert summarise(OUTCOMES) == summarise(list(OUTCOMES))


def test_a_crash_is_no_refusal() -> None:
    assert not dataclasses.replace(outcome(unanswerable(), refusal()), answer=None).refused
