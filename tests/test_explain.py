"""How an answer came about: told where it is asked for, without changing the answer."""

from __future__ import annotations

import dataclasses
import math
import threading
from pathlib import Path
from typing import Any

import pytest

from assistant.catalogue import catalogue
from assistant.explanation import Decision, Explanation
from assistant.explanation_text import explanation_text
from assistant.extractive import draft_quotes
from assistant.generation.client import ModelClient
from assistant.generation.limits import Limits
from assistant.generative import GenerativeDrafter
from assistant.pipeline import Assistant, Service
from assistant.rewrite import rewrite_question
from assistant.trace import note, recording
from assistant.types import Turn
from assistant.verify import verify_draft
from tests.scripted import ScriptedChatModel
from tests.small_service import NOT_HELD, small_service

ASKED = "Wie viele Mitglieder hat der Biocluster Rosenau?"
FOLLOW_UP = "Und der Biocluster Lindtal?"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return small_service(tmp_path_factory.mktemp("explain"))


def lasting(answer: Any) -> dict[str, Any]:
    return {
        name: value for name, value in dataclasses.asdict(answer).items() if name not in ("id", "timings_ms", "explain")
    }


def explained(service: Service, question: str, *history: Turn) -> Explanation:
    return service.assistant.explain(question, history).explain


@pytest.mark.parametrize(
    "question", [ASKED, "Who founded the Rosenau biocluster?", "Was kostet der Brutkasten?", NOT_HELD]
)
def test_the_answer_is_the_same(service: Service, question: str) -> None:
    with_it, without = service.assistant.explain(question), service.assistant.ask(question)
    assert lasting(with_it) == lasting(without)
    assert not hasattr(without, "explain")


def test_the_question_and_its_words(service: Service) -> None:
    history = [Turn("user", ASKED), Turn("assistant", "42 [1]")]
    found = explained(service, FOLLOW_UP, *history)
    assert (found.asked, found.question) == (FOLLOW_UP, "Wie viele Mitglieder hat der Biocluster Lindtal?")
    assert (found.kind, found.language, found.from_facts) == ("count", "de", False)
    assert found.embedded == found.question
    words = {expansion.word: expansion for expansion in found.expansions}
    assert not words["mitglied"].is_name
    (itself,) = words["lindtal"].variants
    assert (itself.term, itself.worth, itself.source) == ("lindtal", 1.0, "word")
    assert words["lindtal"].weight > words["bioclust"].weight > 0


def test_a_word_of_the_other_language_comes_from_the_glossary(service: Service) -> None:
    (price,) = [
        e
        for e in explained(service, "What does the Brutkasten cost?").expansions
        if (e.word, e.language) == ("cost", "de")
    ]
    assert "glossary" in {variant.source for variant in price.variants}


def test_scores_are_the_sums_that_are_told(service: Service) -> None:
    units = explained(service, ASKED).units
    assert [unit.rank for unit in units] == list(range(1, len(units) + 1))
    assert sorted((unit.score for unit in units), reverse=True) == [unit.score for unit in units]
    for unit in units:
        assert sum(s.value * s.weight for s in unit.signals) == pytest.approx(unit.score, abs=0.01)
        assert unit.word_rank or unit.vector_rank
    assert "42 Mitglieder" in units[0].text
    assert (units[0].word_rank, units[0].title) == (1, "Biocluster Rosenau in Zahlen")


def test_a_choice_is_told_with_its_reason(service: Service) -> None:
    answer = service.assistant.explain(ASKED)
    choices = answer.explain.choices
    cited = "\n".join(citation.quote for citation in answer.citations)
    assert choices[0].decision == "chosen"
    assert all(choice.text in cited for choice in choices if choice.decision == "chosen")
    assert [choice.rank for choice in choices] == list(range(1, len(choices) + 1))
    assert answer.explain.limits["most"] > 0
    refused = explained(service, NOT_HELD)
    assert refused.choices == ()


def test_the_refusal_is_the_sum_that_is_told(service: Service) -> None:
    assistant = Assistant(rewrite_question, service.index, draft_quotes, verify_draft)
    answer = assistant.explain(NOT_HELD)
    check = answer.explain.refusal
    assert check
    total = check.bias + sum(signal.value * signal.weight for signal in check.signals)
    assert 1 / (1 + math.exp(-total)) == pytest.approx(check.answerable, abs=0.02)
    assert (answer.status == "not_found") == (check.answerable < check.threshold)


def test_steps_are_timed(service: Service) -> None:
    timings = explained(service, ASKED).timings_ms
    assert list(timings) == ["rewrite", "embed", "retrieve", "draft", "verify"]
    assert all(value >= 0 for value in timings.values())


def test_nothing_is_kept_where_nobody_asks(service: Service) -> None:
    note("before", thing=1)
    with recording() as notes:
        note("inside", thing=2)
        elsewhere = threading.Thread(target=service.assistant.ask, args=(ASKED,))
        elsewhere.start()
        elsewhere.join()
    note("after", thing=3)
    assert [(kept.about, kept.what) for kept in notes] == [("inside", {"thing": 2})]


@pytest.mark.parametrize(
    ("question", "title"), [(ASKED, "So kam"), ("Who founded the Rosenau biocluster?", "How this")]
)
def test_it_can_be_read(service: Service, question: str, title: str) -> None:
    found = explained(service, question)
    text = explanation_text(found)
    assert text.startswith(title)
    assert question in text
    assert all(expansion.word in text for expansion in found.expansions)
    assert found.units[0].text[:40] in text
    assert catalogue(found.language)["explain_chosen"] in text
    assert not {"{", "}"} & set(text)


def test_every_decision_has_its_words() -> None:
    for decision in Decision.__args__:
        assert f"explain_{decision}" in catalogue("de")


def test_an_index_of_one_line(tmp_path: Path) -> None:
    service = small_service(tmp_path)
    assert explanation_text(explained(service, "🥚 Brutkasten")).strip()


def test_the_gate_tells_of_every_sentence(service: Service) -> None:
    reply = "Der Biocluster Rosenau hat 42 Mitglieder [1]. Der Biocluster Rosenau hat 99 Mitglieder [1]. Alles ist gut."
    client = ModelClient(ScriptedChatModel(replies=[reply]), "test:scripted", Limits(retries=0))
    drafter = GenerativeDrafter(client, fallback=draft_quotes, refuse=draft_quotes)
    assistant = dataclasses.replace(service.assistant, draft=drafter)
    found = assistant.explain(ASKED).explain
    assert [(one.decision, one.reason) for one in found.sentences] == [
        ("kept", None), ("removed", "unproven"), ("removed", "no_source"),
    ]  # fmt: skip
    shown = explanation_text(found)
    assert "99 Mitglieder" in shown
    assert catalogue("de")["explain_no_source"] in shown
    assert not explained(service, ASKED).sentences
