"""A chat model within its limits: its reply as a stream of text, or one error that says why there is none."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

from assistant.errors import ModelUnavailableError
from assistant.generation.breaker import Breaker
from assistant.generation.budget import Budget
from assistant.generation.faults import reason, told_to_wait
from assistant.generation.limits import Limits
from assistant.generation.loop import model_loop
from assistant.generation.request import Heard, read_reply
from assistant.generation.tokens import Usage, count_prompt

_HEARTBEAT = 0.2  # seconds after which a reader hears that nothing has come
_CUT_OFF = frozenset(
    "length max_tokens model_context_window_exceeded content_filter safety recitation refusal incomplete in_progress"
    " failed cancelled".split()
)
_FIX = "Look at LOTSE_MODEL, LOTSE_MODEL_BASE_URL and LOTSE_MODEL_DEADLINE; until then answers are quoted."


class ModelClient:
    """Asks a chat model.

    Args:
        model: LangChain's, without retries of its own.
        name: what answers and messages call it, `provider:model`.
        limits: what it may take; None: the defaults.
        budget: what it may cost; None: anything.
    """

    def __init__(
        self, model: BaseChatModel, name: str, limits: Limits | None = None, budget: Budget | None = None
    ) -> None:
        self._model, self.name, self.limits, self._budget = model, name, limits or Limits(), budget
        self._breaker = Breaker(name, self.limits.faults, self.limits.pause)

    def stream(self, messages: Sequence[BaseMessage], due: float = math.inf) -> Generator[str, None, None]:
        """Yield the text of a reply as it comes, and "" now and then while nothing does. Closing it stops the model.

        Args:
            messages: the prompt.
            due: seconds of time.monotonic() by which the reply must have ended; the deadline of the limits also holds.

        Raises:
            ModelUnavailableError: it failed, was silent, took or wrote too much, broke off, or may not be asked.
        """
        heard = Heard()
        due = min(due, time.monotonic() + self.limits.deadline)
        with self._paid(messages, heard), self._breaker.call():
            try:
                yield from self._pieces(messages, due, heard)
            except GeneratorExit:  # nobody wants more, which is no fault of the model's
                if heard.characters:
                    self._breaker.recovered()
                raise
            if heard.ended in _CUT_OFF or (heard.says_why and not heard.ended):
                raise self.fault(f"broke off ({heard.ended or 'it did not say why'})")
            if not heard.characters:
                raise self.fault("said nothing")

    def fault(self, what: str, wait: float = 0.0) -> ModelUnavailableError:
        """The error that says what the model did."""
        return ModelUnavailableError(f"{self.name} {what}.", _FIX, wait=wait)

    @contextmanager
    def _paid(self, messages: Sequence[BaseMessage], heard: Heard) -> Iterator[None]:
        if self._budget is None:
            yield
            return
        most = Usage(count_prompt(messages), self.limits.max_tokens)
        self._budget.reserve(most)
        try:
            yield
        finally:
            self._budget.settle(most, heard.used(most.sent))

    def _pieces(self, messages: Sequence[BaseMessage], due: float, heard: Heard) -> Iterator[str]:
        """What the provider sends, read by the loop of the models and waited for here, so that no wait is too long."""
        pieces: SimpleQueue[str | Exception | None] = SimpleQueue()

        async def read() -> None:
            try:
                await read_reply(self._model, messages, self.limits, due, heard, pieces.put)
            except Exception as error:  # noqa: BLE001 - the providers' errors have no base in common
                pieces.put(error)
            else:
                pieces.put(None)

        reading = asyncio.run_coroutine_threadsafe(read(), model_loop())
        length = 0
        try:
            while (left := due - time.monotonic()) > 0:
                try:
                    piece = pieces.get(timeout=min(left, _HEARTBEAT))
                except Empty:
                    piece = ""
                if piece is None:
                    return
                if isinstance(piece, Exception):
                    raise self._failed(piece) from piece
                length += len(piece)
                if length > self.limits.most_text:
                    raise self.fault(f"wrote more than {self.limits.most_text:,} characters")
                yield piece
            raise self.fault(f"took longer than {self.limits.deadline:g} seconds")
        finally:
            heard.stopped = True
            reading.cancel()

    def _failed(self, error: Exception) -> ModelUnavailableError:
        if isinstance(error, TimeoutError):
            return self.fault(f"was silent for {self.limits.timeout:g} seconds")
        return self.fault(f"failed ({reason(error)})", told_to_wait(error))
