from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Answer, Conflict, ConflictValue
from evals.cases import Case
from evals.metrics import Outcome, Share, broken_promises, cites_evidence, faults, holds_any, is_correct, summarise
from tests.evals.parts import TEXTS, answer, case, citation, refusal, unanswerable


@pytest.mark.parametrize(
    ("text", "alternatives", "expected"),
    [
        ("The harbour runs 17 cranes.", ["17"], True),
        ("The harbour runs 17 cranes.", ["18", "17"], True),
        ("The harbour runs 17 cranes.", ["18"], False),
        ("THE HARBOUR", ["the harbour"], True),
        ("Gasse und Straße", ["STRASSE"], True),
        ("1.5\u00a0million", ["1.5 million"], True),
        ("1.5\u202fmillion", ["1.5 million"], True),
        ("1.5\n  million", ["1.5 million"], True),
        ("1.5 million", ["1.5\u00a0million"], True),
        ("It has **17** cranes", ["17 cranes"], True),
        ("## 17 cranes # now", ["17 cranes now"], True),
        ("It has `17` _cranes_", ["17 cranes"], True),
        ("*Kleinhaven*", ["kleinhaven"], True),
        ("Kleinhaven", ["*Klein*haven"], True),
        ("5 cranes", [" 5 "], True),  # at the start of the answer
        ("cranes: 5", [" 5 "], True),  # at the end
        ("**5** cranes", [" 5 "], True),
        ("15 cranes", [" 5 "], False),
        ("50 cranes", [" 5 "], False),
        ("", ["x"], False),
        ("anything", [], False),
    ],
)
def test_an_alternative_occurs(text: str, alternatives: list[str], expected: bool) -> None:
    assert holds_any(text, alternatives) is expected


@given(before=st.text(), words=st.text(min_size=1), after=st.text())
def test_what_an_answer_says_is_found_in_it(before: str, words: str, after: str) -> None:
    assert holds_any(f"{before}{words}{after}", [words])


def long(words: int) -> str:
    return " ".join(["17", *["word"] * (words - 1)])


@pytest.mark.parametrize(
    ("asked", "given_answer", "expected"),
    [
        (case(), answer(), ()),
        (case(must_include=[["17"], ["Kleinhaven"]]), answer(), ()),
        (case(must_include=[["17"], ["Hamburg", "Bremen"]]), answer(), ("lacks Hamburg | Bremen",)),
        (case(must_not_include=["90"]), answer(), ()),
        (case(must_not_include=["cranes", "90"]), answer(), ("holds cranes",)),
        (case(), answer(status="conflict"), ()),
        (case(), refusal(), ("refused, though the documents hold the answer", "lacks 17 | seventeen")),
        # a refusal that repeats the value is no answer
        (case(), refusal(answer="17 was not found"), ("refused, though the documents hold the answer",)),
        (unanswerable(), refusal(), ()),
        (unanswerable(), answer(), ("answered, though the documents do not hold the answer",)),
        (unanswerable(must_not_include=["say"]), refusal(), ("holds say",)),
        (case(), answer(long(160)), ()),
        (case(), answer(long(161)), ("has 161 words, more than 160",)),
        (case(category="list"), answer(long(260)), ()),
        (case(category="comparison"), answer(long(260)), ()),
        (case(category="list"), answer(long(261)), ("has 261 words, more than 260",)),
    ],
)
def test_right_and_wrong_answers(asked: Case, given_answer: Answer, expected: tuple[str, ...]) -> None:
    assert faults(asked, given_answer) == expected
    assert is_correct(asked, given_answer) is (not expected)


@pytest.mark.parametrize(
    ("evidence", "quotes", "expected"),
    [
        (["runs 17 cranes"], ["The harbour of Kleinhaven runs 17 cranes."], True),
        (["lifts 90", "runs 17 cranes"], ["The harbour of Kleinhaven runs 17 cranes."], True),
        (["runs  17\ncranes"], ["The harbour of Kleinhaven runs 17 cranes."], True),
        (["Kleinhaven runs"], ["The harbour of\nKleinhaven\truns 17 cranes."], True),
        (["lifts 90"], ["The harbour of Kleinhaven runs 17 cranes."], False),
        (["runs 17 CRANES"], ["The harbour of Kleinhaven runs 17 cranes."], False),
        (["lifts 90"], ["runs 17 cranes.", "The newest crane lifts 90 tonnes."], True),
        (["runs 17 cranes"], [], False),
    ],
)
def test_cited_evidence(evidence: list[str], quotes: list[str], expected: bool) -> None:
    citations = tuple(citation(number, quote) for number, quote in enumerate(quotes, 1))
    assert cites_evidence(case(evidence=evidence), answer(citations=citations)) is expected


CONFLICT = Conflict("cranes", (ConflictValue("17", 1), ConflictValue("18", 2)))


@pytest.mark.parametrize(
    ("given_answer", "expected"),
    [
        (answer(), ()),
        (refusal(), ()),
        (answer("17 cranes [1] [1]"), ()),
        (answer("17 cranes [1] 90 tonnes [2]"), ("marker [2] has no citation",)),
        (answer("17 cranes"), ("citation 1 has no marker",)),
        (answer(citations=(citation(1), citation(1))), ("2 citations are numbered 1",)),
        (answer(citations=(citation(start=0, end=11),)), ("quote 1 is not the text at 0 to 11",)),
        (answer(citations=(citation(quote="18 cranes"),)), ("quote 1 is not the text at -1 to 8",)),
        (answer(citations=(citation(document_id="gone"),)), ("the document of citation 1 is not in the index",)),
        (answer(status="not_found"), ("a refusal has citations",)),
        (answer(status="conflict", conflicts=(CONFLICT,)), ("the value 18 names marker [2]",)),
    ],
)
def test_promises(given_answer: Answer, expected: tuple[str, ...]) -> None:
    assert broken_promises(given_answer, TEXTS.get) == expected


def outcome(asked: Case, given_answer: Answer | None, broken: tuple[str, ...] = ()) -> Outcome:
    return Outcome(asked, given_answer, faults(asked, given_answer) if given_answer else ("crashed",), broken)


def test_a_run_adds_up() -> None:
    elsewhere = citation(quote="The newest crane lifts 90 tonnes.")
    summary = summarise(
        [
            outcome(case(), answer()),
            outcome(case(id="2"), answer("17 [1]", citations=(elsewhere,), timings_ms={"total": 30.0})),
            outcome(case(id="3", lang="de", evidence=[]), answer("17 [1]", timings_ms={"total": 20.0}), ("a marker",)),
            outcome(case(id="4", lang="de", category="date"), refusal(timings_ms={})),
            outcome(case(id="5", lang="de"), None),
            outcome(unanswerable(id="6"), refusal(timings_ms={"total": 40.0})),
            outcome(unanswerable(id="7"), refusal(timings_ms={"total": 50.0})),
            outcome(unanswerable(id="8", lang="de"), answer("18 [1]", timings_ms={"total": 60.0})),
        ]
    )
    assert summary.accuracy == Share(5, 8)
    assert summary.by_language == {"de": Share(1, 4), "en": Share(4, 4)}
    assert summary.by_category == {
        "date": {"de": Share(0, 1), "en": Share(0, 0)},
        "number": {"de": Share(1, 2), "en": Share(2, 2)},
        "unanswerable": {"de": Share(0, 1), "en": Share(2, 2)},
    }
    assert summary.refusal_precision == Share(2, 3)
    assert summary.refusal_recall == Share(2, 3)
    assert summary.false_refusals == Share(1, 5)
    assert summary.evidence == Share(1, 2)  # of the right ones with evidence; the third has none to cite
    assert summary.promises == Share(6, 7)
    assert summary.median_words == 3.5  # 8, 2, 2 and 5 words
    assert summary.median_ms == 35
    assert summary.crashed == 1
    assert summary.figures() == {
        "accuracy_de": 0.25,
        "accuracy_en": 1.0,
        "refusal_precision": 2 / 3,
        "refusal_recall": 2 / 3,
        "false_refusal_rate": 0.2,
        "evidence_share": 0.5,
        "promises": 6 / 7,
    }


def test_what_was_not_tried_has_no_figure() -> None:
    summary = summarise([outcome(unanswerable(), None)])
    assert summary.figures() == {
        "accuracy_en": 0.0,
        "refusal_precision": None,
        "refusal_recall": 0.0,
        "false_refusal_rate": None,
        "evidence_share": None,
        "promises": None,
    }
    assert (summary.median_words, summary.median_ms) == (None, None)


def test_a_crash_is_no_refusal() -> None:
    assert not dataclasses.replace(outcome(unanswerable(), refusal()), answer=None).refused
