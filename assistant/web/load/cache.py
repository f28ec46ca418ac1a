"""Answers that were given before, for the same question on the same version of the index."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
import uuid
from collections.abc import Sequence

from cachetools import LRUCache

from assistant.settings import Settings
from assistant.types import Answer, Language, Turn


class AnswerCache:
    """The answers used last. Of the questions it keeps hashes only.

    Args:
        most: answers kept; 0 for none.
        settings: those that decide what an answer says are part of the key.
    """

    def __init__(self, most: int, settings: Settings) -> None:
        self._answers: LRUCache[bytes, Answer] = LRUCache(most)
        self._lock = threading.Lock()
        self._settings = (settings.model, settings.model_base_url, settings.embedding_model)

    def key(self, version: str, question: str, history: Sequence[Turn], language: Language | None) -> bytes:
        """What an answer depends on."""
        turns = [(turn.role, turn.content) for turn in history]
        return hashlib.sha256(
            json.dumps([version, self._settings, question.strip(), turns, language]).encode()
        ).digest()

    def get(self, key: bytes) -> Answer | None:
        """The answer again, with an id of its own."""
        with self._lock:
            found = self._answers.get(key)
        return found and dataclasses.replace(
            found, id=uuid.uuid4().hex, timings_ms=dict.fromkeys(found.timings_ms, 0.0)
        )

    def put(self, key: bytes, answer: Answer) -> None:
        """Keep an answer; one that stands in for a failed model is not worth keeping."""
        if self._answers.maxsize and not answer.degraded:
            with self._lock:
                self._answers[key] = answer
