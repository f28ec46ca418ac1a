from __future__ import annotations

import dataclasses
from contextlib import closing
from pathlib import Path

from assistant.index.store import Store
from assistant.index.versions import STORE, served
from assistant.types import Answer, Findings, Passage, Span, Turn
from evals.run import Corpus, run_cases
from evals.share import Share
from ingest.build import ingest
from tests.evals.parts import CORPUS, HARBOUR, TEXT, Script, answer, case, refusal, unanswerable
from tests.helpers import HashingEmbeddings


def test_each_case_gets_its_outcome() -> None:
    script = Script(lambda question: answer() if "cranes" in question else refusal())
    right, wrong, refused = run_cases(
        [case(), case(id="2", question="How many ships?"), unanswerable(id="3", question="Any whales?")],
        script.assistant(),
        CORPUS,
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
    (outcome,) = run_cases([followup], script.assistant(), CORPUS)
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
    list(run_cases([case(history=["Before?"]), case(id="2")], script.assistant(), CORPUS))
    assert [len(turns) for _, turns in script.asked] == [0, 2, 0]


def test_a_crash_is_named_and_the_run_goes_on() -> None:
    def reply(question: str) -> Answer:
        if "ships" in question:
            raise ZeroDivisionError("no ships")
        return answer()

    crashed, after = run_cases([case(question="How many ships?"), case(id="2")], Script(reply).assistant(), CORPUS)
    assert (crashed.answer, crashed.correct) == (None, False)
    assert crashed.faults == ("crashed with ZeroDivisionError: no ships",)
    assert after.correct


def test_a_crash_in_an_earlier_question_counts_too() -> None:
    def reply(question: str) -> Answer:
        raise RuntimeError(question)

    (outcome,) = run_cases([case(history=["Before?"])], Script(reply).assistant(), CORPUS)
    assert outcome.faults == ("crashed with RuntimeError: Before?",)


def test_quotes_are_checked_against_the_indexed_text() -> None:
    corpus = Corpus({"harbour": dataclasses.replace(HARBOUR, text="another text")})
    (outcome,) = run_cases([case()], Script(lambda question: answer()).assistant(), corpus)
    assert outcome.correct
    assert outcome.broken == ("quote 1 is not the text at 0 to 41",)


def test_what_the_stages_hand_on_is_measured() -> None:
    def passage(name: str, span: Span) -> Passage:
        text = TEXT[span.start : span.end]
        return Passage(name, "harbour", "en/harbour.md", "", None, None, "en", (), None, span, text, 1.0, (), ())

    second, first = passage("second", Span(42, 74)), passage("first", Span(0, 41))
    assistant = dataclasses.replace(
        Script(lambda question: answer()).assistant(), retrieve=lambda question: Findings((second, first), 0.7, "v1")
    )
    (outcome,) = run_cases([case()], assistant, CORPUS)
    assert outcome.seen is not None
    assert outcome.seen.ranking == (False, True)
    assert (outcome.seen.relevant, outcome.seen.answerable) == (1, 0.7)
    assert (outcome.seen.indexed, outcome.seen.precise, outcome.seen.recalled) == (
        Share(1, 1),
        Share(1, 1),
        Share(1, 1),
    )
    assert outcome.seen.stages_ms["total"] > 0


def test_evidence_that_an_index_lacks_is_noticed() -> None:
    (outcome,) = run_cases([case()], Script(lambda question: answer()).assistant(), Corpus())
    assert outcome.seen is not None
    assert outcome.seen.indexed == Share(0, 1)


def test_an_index_of_an_older_text_is_noticed(tmp_path: Path) -> None:
    documents, data = tmp_path / "documents", tmp_path / "index"
    (documents / "en").mkdir(parents=True)
    for cranes, held in ((16, Share(0, 1)), (17, Share(1, 1))):
        text = TEXT.replace("17", str(cranes))
        (documents / "en" / "harbour.md").write_text(f"# Harbour\n\n{text}\n", encoding="utf-8")
        ingest([documents], data, HashingEmbeddings())
        with closing(Store(served(data).folder / STORE)) as store:
            corpus = Corpus.of(store)
        (outcome,) = run_cases([case()], Script(lambda question: answer()).assistant(), corpus)
        assert outcome.seen is not None
        assert (outcome.seen.indexed, outcome.seen.relevant) == (held, held.hits)
