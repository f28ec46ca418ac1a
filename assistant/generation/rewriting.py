"""A follow-up made to stand on its own by a chat model; by rules where it invents something or fails."""

from __future__ import annotations

import dataclasses
import logging
import re
import time
from collections.abc import Callable, Sequence

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.errors import ModelUnavailableError
from assistant.generation.client import ModelClient
from assistant.generation.fencing import escape, new_fence
from assistant.generation.tokens import count_prompt
from assistant.prompts import load_prompt
from assistant.text.facts import facts, held
from assistant.text.language import detect_language
from assistant.text.markers import without_thoughts
from assistant.types import Language, Question, Turn

Rewriter = Callable[[str, Sequence[Turn], Language | None], Question]

_SHARE = 0.3  # of the deadline
_LONGEST = 500  # characters of a question
_TURNS = 12  # of the conversation, at most
_MARK_UP = re.compile(r"[<>\[\]{}|`#*\\]|://|www\.")
_QUOTED = re.compile(r"""\A["'“„»«”]+|["'“„»«”]+\Z""")

_log = logging.getLogger(__name__)


class ModelRewriter:
    """Rewrites where there is a conversation; the first question of one is never sent.

    Args:
        client: asks the chat model.
        by_rules: rewrites without a model.
    """

    def __init__(self, client: ModelClient, by_rules: Rewriter) -> None:
        self._client, self._by_rules = client, by_rules
        self._instructions, self._conversation = load_prompt("rewrite"), load_prompt("conversation")

    def __call__(self, asked: str, history: Sequence[Turn], language: Language | None) -> Question:
        """The question to search for, and by when a model must have answered it."""
        limits, now = self._client.limits, time.monotonic()
        ruled = dataclasses.replace(self._by_rules(asked, history, language), due=now + limits.deadline)
        if not any(turn.role == "user" for turn in history):
            return ruled
        try:
            reply = "".join(self._client.stream(self._prompt(asked, history), now + _SHARE * limits.deadline))
        except ModelUnavailableError as error:
            _log.warning("%s The follow-up is rewritten by rules.", error.message)
            return ruled
        text = _QUOTED.sub("", without_thoughts(reply).strip())
        if not _usable(text, [asked, *(turn.content for turn in history)]):
            return ruled
        return dataclasses.replace(ruled, text=text)

    def _prompt(self, asked: str, history: Sequence[Turn]) -> list[BaseMessage]:
        """The last turns that fit into the window, whole."""
        turns, fence = list(history[-_TURNS:]), new_fence()
        while True:
            said = "\n".join(f"{turn.role}: {escape(turn.content)}" for turn in turns)
            messages: list[BaseMessage] = [
                SystemMessage(self._instructions.render()),
                HumanMessage(self._conversation.render(fence=fence, turns=said, question=escape(asked))),
            ]
            if not turns or count_prompt(messages) <= self._client.limits.room:
                return messages
            turns = turns[1:]


def _usable(text: str, said: Sequence[str]) -> bool:
    """Whether a rewritten question is one, and holds no name and no figure that was not said."""
    if not text or len(text) > _LONGEST or "\n" in text or not text.isprintable() or _MARK_UP.search(text):
        return False
    language = detect_language(text)
    wanted = facts(text, language)
    known = {fact for one in said for fact in held(wanted, language, one, detect_language(one))}
    return known == wanted
