"""One reply of a provider as it comes in, asked again where the request fails before the first word."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_random_exponential

from assistant.generation.faults import may_pass, told_to_wait
from assistant.generation.limits import Limits
from assistant.generation.tokens import Usage

_jittered = wait_random_exponential(multiplier=0.25, max=8)  # seconds
_AFTER_END = 1.0  # seconds for what may follow the end: the usage, the end of the connection
_USUAL_ENDS = ("finish_reason", "stop_reason", "done_reason", "status")  # as providers call it


@dataclass(slots=True)
class Heard:
    """What a request has brought so far."""

    characters: int = 0
    answered: bool = False  # the provider took the request
    ended: str = ""  # why the model stopped, in lower case; empty: it did not say
    says_why: bool = False  # this provider would say why
    reported: Usage | None = None
    stopped: bool = False  # nobody waits for more; a cancellation may get lost where a chunk comes at the same moment

    def used(self, sent: int) -> Usage:
        """What the request cost: as reported, else estimated from the tokens sent and the characters that came."""
        if not self.answered:
            return Usage()
        written = math.ceil(self.characters / 2)  # a token seldom has fewer
        if self.reported is None:
            return Usage(sent, written)
        whole = self.reported.written if self.ended else max(self.reported.written, written)
        return Usage(self.reported.sent or sent, whole)


async def read_reply(
    model: BaseChatModel,
    messages: Sequence[BaseMessage],
    limits: Limits,
    due: float,
    heard: Heard,
    put: Callable[[str], None],
) -> None:
    """Hand the pieces of a reply to `put`, and what is learned on the way to `heard`.

    Args:
        model: asked once, and again as often as the limits allow.
        messages: the prompt.
        limits: how long it may be silent, how often it is asked again.
        due: seconds of time.monotonic() beyond which waiting for another try makes no sense.
        heard: filled in.
        put: called with each piece of text.

    Raises:
        Exception: the provider's own error of the last try; TimeoutError where it was silent for too long.
    """
    retrying = AsyncRetrying(
        retry=retry_if_exception(lambda error: not heard.characters and may_pass(error)),
        wait=_wait,
        stop=lambda state: (
            stop_after_attempt(1 + limits.retries)(state) or time.monotonic() + state.upcoming_sleep >= due
        ),
        reraise=True,
    )
    async for attempt in retrying:
        with attempt:
            await _read(model, messages, limits.timeout, heard, put)


def _wait(state: RetryCallState) -> float:
    """As long as the provider says, else longer each time, and never all at the same moment."""
    error = state.outcome.exception() if state.outcome else None
    told = told_to_wait(error) if error else 0.0
    return told + _jittered(state) if told else _jittered(state)


async def _read(
    model: BaseChatModel, messages: Sequence[BaseMessage], timeout: float, heard: Heard, put: Callable[[str], None]
) -> None:
    clock = asyncio.get_running_loop().time
    # closing the stream closes the connection, so that a provider stops writing what nobody reads
    try:
        async with (
            asyncio.timeout(timeout) as patience,
            aclosing(cast("Any", model.astream(list(messages)))) as chunks,
        ):
            async for chunk in cast("AsyncIterator[AIMessageChunk]", chunks):
                _learn(heard, chunk)
                patience.reschedule(clock() + (min(timeout, _AFTER_END) if heard.ended else timeout))
                if heard.stopped:
                    return
                if chunk.text:
                    heard.characters += len(chunk.text)
                    put(chunk.text)
    except TimeoutError:
        if not heard.ended:
            raise


def _learn(heard: Heard, chunk: AIMessageChunk) -> None:
    about = chunk.response_metadata
    heard.answered = True
    heard.says_why = heard.says_why or bool(about)
    heard.ended = next((str(about[name]).lower() for name in _USUAL_ENDS if about.get(name)), heard.ended)
    if chunk.usage_metadata:
        before = heard.reported or Usage()  # some report in parts
        heard.reported = Usage(
            before.sent + chunk.usage_metadata["input_tokens"], before.written + chunk.usage_metadata["output_tokens"]
        )
