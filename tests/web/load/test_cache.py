from __future__ import annotations

import dataclasses

import pytest

from assistant.settings import Settings
from assistant.types import Answer, Language, Turn
from assistant.web.load.cache import AnswerCache

ANSWER = Answer("a1", "answered", "42 [1]", "de", "extractive", False, None, (), (), "v1", {"total": 3.0})
HISTORY = [Turn("user", "Wer?")]


def test_an_answer_comes_again_under_an_id_of_its_own() -> None:
    cache = AnswerCache(2, Settings())
    key = cache.key("v1", "Wer? ", HISTORY, None)
    assert cache.get(key) is None
    cache.put(key, ANSWER)
    found = cache.get(cache.key("v1", " Wer?", HISTORY, None))
    assert found
    assert found.id != ANSWER.id
    assert found.timings_ms == {"total": 0.0}
    assert dataclasses.replace(found, id="a1", timings_ms=ANSWER.timings_ms) == ANSWER


@pytest.mark.parametrize(
    ("version", "question", "history", "language", "settings"),
    [
        ("v2", "Wer?", HISTORY, None, Settings()),
        ("v1", "Wer", HISTORY, None, Settings()),
        ("v1", "Wer?", [], None, Settings()),
        ("v1", "Wer?", [Turn("assistant", "Wer?")], None, Settings()),
        ("v1", "Wer?", HISTORY, "en", Settings()),
        ("v1", "Wer?", HISTORY, None, Settings(model="openai:x")),
        ("v1", "Wer?", HISTORY, None, Settings(embedding_model="x")),
    ],
)
def test_whatever_an_answer_depends_on_is_in_the_key(
    version: str, question: str, history: list[Turn], language: Language | None, settings: Settings
) -> None:
    usual = AnswerCache(2, Settings()).key("v1", "Wer?", HISTORY, None)
    assert AnswerCache(2, settings).key(version, question, history, language) != usual
    assert b"Wer" not in usual


def test_the_oldest_goes_and_what_stands_in_for_a_model_is_not_kept() -> None:
    cache = AnswerCache(2, Settings())
    keys = [cache.key("v1", question, [], None) for question in ("a", "b", "c")]
    for key in keys:
        cache.put(key, ANSWER)
    assert [cache.get(key) is not None for key in keys] == [False, True, True]
    cache.put(keys[0], dataclasses.replace(ANSWER, degraded=True))
    assert cache.get(keys[0]) is None
    nothing = AnswerCache(0, Settings())
    nothing.put(keys[0], ANSWER)
    assert nothing.get(keys[0]) is None
