from __future__ import annotations

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from evals.cases import ABSTAIN
from evals.judge import GradedCase, agreement, grade, read_grade
from evals.metrics import Verdict


def graded(name: str, verdict: Verdict, **changes: object) -> GradedCase:
    fields = {"id": name, "question": "How many?", "expected": [["17", " 17 "]], "verdict": verdict, "answer": "17 [1]"}
    return GradedCase.model_validate(fields | changes)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("CORRECT\nIt says 17.", "correct"),
        ("**Wrong**: it says 18", "wrong"),
        ("missing", "missing"),
        ("I think it is CORRECT", None),
        ("correctly put", None),
        ("", None),
    ],
)
def test_the_first_word_is_the_verdict(reply: str, expected: Verdict | None) -> None:
    assert read_grade(reply) == expected


def test_a_model_is_shown_question_expectation_and_answer() -> None:
    asked: list[str] = []

    class Recording(GenericFakeChatModel):
        def _generate(self, messages, *arguments, **options):  # type: ignore[no-untyped-def]
            asked.append(messages[0].content)
            return super()._generate(messages, *arguments, **options)

    model = Recording(messages=iter([AIMessage("CORRECT"), AIMessage("Hm.")]))
    cases = [
        graded("1", "correct"),
        graded("2", "wrong", answer=""),  # crashed: there is nothing to grade
        graded("3", "wrong", expected=[[ABSTAIN]]),
    ]
    first, second = grade(cases, model)
    assert (first.verdict, second.verdict) == ("correct", None)
    assert "17 [1]" in asked[0]
    assert "- 17 or 17" in asked[0]
    assert "NOTHING\n</expected>" in asked[1]


def test_agreement_is_labelled_and_counted() -> None:
    replies = ["CORRECT", "CORRECT", "CORRECT", "WRONG", "?"]
    model = GenericFakeChatModel(messages=iter(map(AIMessage, replies)))
    ours: list[Verdict] = ["correct", "correct", "wrong", "wrong", "wrong"]
    lines = agreement(grade([graded(str(n), verdict) for n, verdict in enumerate(ours)], model), "test:judge")
    # agreed 3 of 4; by chance .5 * .75 + .5 * .25 = .5
    assert lines == [
        "Judge test:judge, an opinion and never a gate: 5 answers, 1 replies without a verdict.",
        "Agreement with the rule: 3 of 4, Cohen's kappa 0.500.",
        "rule correct, judge correct: 2",
        "rule wrong, judge correct: 1",
        "rule wrong, judge wrong: 1",
        "2: rule wrong, judge correct: How many?",
    ]
