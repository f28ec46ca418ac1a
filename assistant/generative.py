"""Findings to a draft written by a chat model: its sentences, each on the fewest quotes that prove it."""

from __future__ import annotations

import contextvars
import dataclasses
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import TypeVar

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage

from assistant.catalogue import text
from assistant.errors import ModelUnavailableError
from assistant.evidence import find_quotes
from assistant.prompts import load_prompt
from assistant.support import supported
from assistant.text.kinds import question_kind
from assistant.text.markers import marked_sentences, without_thoughts
from assistant.types import Claim, Draft, Findings, Language, Passage, Question

Drafter = Callable[[Question, Findings], Draft]

NOT_FOUND = "NOT_FOUND"  # what the prompt asks for when the passages hold no answer
_WORDS, _WORDS_LONG = 140, 230  # leaves room for the markers under the contract's limits
_MAX_REPLY = 20_000  # characters; far beyond any answer asked for
_LANGUAGES: dict[Language, str] = {"de": "German", "en": "English"}
_CUT_OFF = {"length", "max_tokens", "model_context_window_exceeded", "content_filter", "safety", "refusal"}
_FIX = "Look at LOTSE_MODEL, LOTSE_MODEL_BASE_URL and LOTSE_MODEL_TIMEOUT; until then answers are quoted."

_log = logging.getLogger(__name__)
T = TypeVar("T")


class GenerativeDrafter:
    """Lets a chat model write the draft, and quotes instead where that fails.

    Args:
        model: the chat model.
        name: what answers call it, `provider:model`.
        fallback: drafts without a model. Only where it answers is the model asked: a refusal needs none, and a
            contradiction is best shown in the documents' own words.
        refuse: drafts the refusal for a model that finds no answer in the passages.
        timeout: seconds the model may take for one draft, retries included.
    """

    def __init__(self, model: BaseChatModel, name: str, *, fallback: Drafter, refuse: Drafter, timeout: float) -> None:
        self._model, self._name, self._timeout = model, name, timeout
        self._fallback, self._refuse = fallback, refuse
        self._prompt = load_prompt("answer")

    def __call__(self, question: Question, findings: Findings) -> Draft:
        """The model's sentences that their quotes prove, or what takes their place."""
        quoted = self._fallback(question, findings)
        if quoted.status != "answered":
            return quoted
        try:
            return self._written(question, findings)
        except ModelUnavailableError as error:
            _log.warning("%s", error)
            framing = f"{text(question.language, 'degraded')} {quoted.framing}".strip()
            return dataclasses.replace(quoted, framing=framing, degraded=True)

    def _written(self, question: Question, findings: Findings) -> Draft:
        words = _WORDS_LONG if question_kind(question.text) in ("list", "comparison") else _WORDS
        reply = self._reply(
            self._prompt.render(
                language=_LANGUAGES[question.language],
                passages=number_passages(findings.passages),
                question=escape(question.text),
                words=str(words),
            )
        )
        claims = tuple(_proven(reply, findings.passages, question.language, words))
        if reply.lstrip("*`_#[ ").startswith(NOT_FOUND) or (not claims and NOT_FOUND in reply):
            return dataclasses.replace(self._refuse(question, findings), engine=self._name)
        if not claims:
            raise ModelUnavailableError(f"No sentence of {self._name} was proven by the passages it named.", _FIX)
        return Draft("answered", text(question.language, "generated"), claims, self._name)

    def _reply(self, prompt: str) -> str:
        """What the model says.

        Raises:
            ModelUnavailableError: it failed, took too long, or said nothing whole.
        """
        try:
            message = _within(self._timeout, lambda: self._model.invoke(prompt))
        except TimeoutError:
            raise ModelUnavailableError(f"{self._name} took longer than {self._timeout:g} seconds.", _FIX) from None
        except Exception as error:  # the providers' errors have no base in common
            reason = f"{type(error).__name__}: {str(error).partition(chr(10))[0][:200]}"
            raise ModelUnavailableError(f"{self._name} failed ({reason}).", _FIX) from error
        reply = without_thoughts(message.text)
        if _finish(message) in _CUT_OFF:
            raise ModelUnavailableError(f"The reply of {self._name} was cut off ({_finish(message)}).", _FIX)
        if not reply or len(reply) > _MAX_REPLY:
            raise ModelUnavailableError(f"The reply of {self._name} has {len(reply):,} characters.", _FIX)
        return reply


def number_passages(passages: Sequence[Passage]) -> str:
    """The passages in fences that nothing inside them can close, numbered from 1."""
    return "\n".join(
        f'<passage number="{number}">\n{escape(" > ".join((passage.title, *passage.section)))}\n\n'
        f"{escape(passage.text)}\n</passage>"
        for number, passage in enumerate(passages, 1)
    )


def escape(words: str) -> str:
    """Text in which no tag can begin or end."""
    return words.replace("<", "&lt;").replace(">", "&gt;")


def _proven(reply: str, passages: Sequence[Passage], language: Language, words: int) -> Iterator[Claim]:
    """The sentences of a reply whose figures and names stand in the passages they name, up to a number of words.

    A sentence that leans on a dropped one goes with it: its "it" would come to mean something else.
    """
    dropped = False
    for sentence in marked_sentences(reply):
        if dropped and sentence.leans_back:
            continue
        claim = None
        if sentence.usable and sentence.markers and all(0 < marker <= len(passages) for marker in sentence.markers):
            marked = [passages[marker - 1] for marker in sentence.markers]
            claim = Claim(sentence.text, find_quotes(sentence.text, language, marked), verbatim=False)
        dropped = claim is None or not supported(claim, language)
        if claim and not dropped:
            words -= len(claim.text.split())
            if words < 0:
                return
            yield claim


def _finish(message: AIMessage) -> str:
    """Why the model stopped; every provider calls it something else."""
    about = message.response_metadata
    return str(about.get("finish_reason") or about.get("stop_reason") or about.get("done_reason") or "").lower()


def _within(seconds: float, call: Callable[[], T]) -> T:
    """Run a call for so long at most. A client's own timeout counts per read and per try, so it bounds nothing.

    Raises:
        TimeoutError: the call is not done; it goes on by itself, nobody waits for it, and its result is forgotten.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except Exception as error:  # noqa: BLE001 - handed to the caller's thread
            future.set_exception(error)

    # not an executor: its threads are waited for when the process ends
    threading.Thread(target=contextvars.copy_context().run, args=(run,), daemon=True).start()
    return future.result(seconds)
