from __future__ import annotations

from assistant.types import Answer, Turn
from evals.run import run_cases
from tests.evals.parts import TEXTS, Script, answer, case, refusal, unanswerable


def test_each_case_gets_its_outcome() -> None:
    script = Script(lambda question: answer() if "cranes" in question else refusal())
    right, wrong, refused = run_cases(
        [case(), case(id="2", question="How many ships?"), unanswerable(id="3", question="Any whales?")],
        script.assistant(),
        TEXTS.get,
    )
    assert (right.correct, right.faults, right.broken) == (True, (), ())
    assert (wrong.correct, wrong.refused) == (False, True)
    assert refused.correct
    assert [asked for asked, _ in script.asked] == [
        "How many cranes does the harbour run?",
        "How many ships?",
        "Any whales?",
    ]


def test_earlier_questions_are_asked_first_in_the_same_conversation() -> None:
    script = Script(lambda question: answer(f"About {question}: 17 [1]"))
    followup = case(category="followup", question="And ships?", history=["What is Kleinhaven?", "And cranes?"])
    (outcome,) = run_cases([followup], script.assistant(), TEXTS.get)
    first = (Turn("user", "What is Kleinhaven?"), Turn("assistant", "About What is Kleinhaven?: 17 [1]"))
    second = (Turn("user", "And cranes?"), Turn("assistant", "About And cranes?: 17 [1]"))
    assert script.asked == [
        ("What is Kleinhaven?", ()),
        ("And cranes?", first),
        ("And ships?", first + second),
    ]
    assert outcome.answer is not None
    assert outcome.answer.answer == "About And ships?: 17 [1]"


def test_cases_are_separate_conversations() -> None:
    script = Script(lambda question: answer())
    list(run_cases([case(history=["Before?"]), case(id="2")], script.assistant(), TEXTS.get))
    assert [len(turns) for _, turns in script.asked] == [0, 2, 0]


def test_a_crash_is_named_and_the_run_goes_on() -> None:
    def reply(question: str) -> Answer:
        if "ships" in question:
            raise ZeroDivisionError("no ships")
        return answer()

    crashed, after = run_cases([case(question="How many ships?"), case(id="2")], Script(reply).assistant(), TEXTS.get)
    assert (crashed.answer, crashed.correct) == (None, False)
    assert crashed.faults == ("crashed with ZeroDivisionError: no ships",)
    assert after.correct


def test_a_crash_in_an_earlier_question_counts_too() -> None:
    def reply(question: str) -> Answer:
        raise RuntimeError(question)

    (outcome,) = run_cases([case(history=["Before?"])], Script(reply).assistant(), TEXTS.get)
    assert outcome.faults == ("crashed with RuntimeError: Before?",)


def test_quotes_are_checked_against_the_indexed_text() -> None:
    (outcome,) = run_cases([case()], Script(lambda question: answer()).assistant(), {"harbour": "another text"}.get)
    assert outcome.correct
    assert outcome.broken == ("quote 1 is not the text at 0 to 41",)
