from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Answer, Conflict, ConflictValue
from evals.cases import Case
from evals.metrics import Verdict, broken_promises, cites_evidence, faults, is_correct, verdict
from evals.wording import holds_any
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
    ("asked", "given_answer", "expected"),
    [
        (case(), answer(), "correct"),
        (case(), refusal(), "missing"),
        (case(), answer("It runs 18 cranes. [1]"), "wrong"),
        (unanswerable(), refusal(), "correct"),
        (unanswerable(), answer(), "wrong"),
        (unanswerable(must_not_include=["say"]), refusal(), "wrong"),
        (case(), None, "wrong"),
        (unanswerable(), None, "wrong"),
    ],
)
def test_correct_missing_and_wrong_are_told_apart(asked: Case, given_answer: Answer | None, expected: Verdict) -> None:
    assert verdict(asked, given_answer) == expected


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
        (answer("17 cranes [1] tonnes [2]"), ("marker [2] has no citation",)),
        (answer("18 cranes [1]"), ("18 is in no quote of [1]",)),
        (answer("17 cranes"), ("citation 1 has no marker",)),
        (answer(citations=(citation(1), citation(1))), ("2 citations are numbered 1",)),
        (answer(citations=(citation(start=0, end=11),)), ("quote 1 is not the text at 0 to 11",)),
        (answer("18 cranes [1]", citations=(citation(quote="18 cranes"),)), ("quote 1 is not the text at -1 to 8",)),
        (answer(citations=(citation(document_id="gone"),)), ("the document of citation 1 is not in the index",)),
        (answer(status="not_found"), ("a refusal has citations",)),
        (answer(status="conflict", conflicts=(CONFLICT,)), ("the value 18 names marker [2]",)),
    ],
)
def test_promises(given_answer: Answer, expected: tuple[str, ...]) -> None:
    assert broken_promises(given_answer, TEXTS.get) == expected
