"""Answers as server-sent events.

Whatever is shown has passed the gate: a client can show the pieces as they come and never has to take one back.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator
from contextlib import closing, suppress

from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.concurrency import run_in_threadpool

from assistant.errors import AssistantError
from assistant.types import Answer
from assistant.web.problems import problem_body, status_of

PATIENCE = 10.0  # seconds an answer may take before the response begins without it, so that errors keep their status
_PING = 15.0  # seconds of silence that no proxy takes for the end
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
_PIECE = re.compile(r"\s*\S+|\s+$")

EVENTS: dict[str, object] = {  # as OpenAPI 3.2 describes them
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}

Pieces = Callable[[], Generator[str | Answer, None, None]]
Events = Callable[[Iterator[str | Answer]], Iterator[bytes]]
Failed = Callable[[dict[str, object]], bytes]


def event(data: object, name: str | None = None) -> bytes:
    """One event with its data as JSON."""
    return format_sse_event(data_str=json.dumps(data, ensure_ascii=False), event=name)


def words(text: str) -> list[str]:
    """A text word by word, with the space before each; together they are the text."""
    return _PIECE.findall(text)


def answer_object(answer: Answer) -> dict[str, object]:
    """The answer object of the contract."""
    return dataclasses.asdict(answer)


async def streamed(pieces: Pieces, events: Events, failed: Failed, path: str) -> EventSourceResponse:
    """Ask in a thread and send the events of the answer as they come.

    Args:
        pieces: gives the answer piece by piece, at last as a whole.
        events: of those pieces.
        failed: the event of an error that comes when the response has begun; it is given the problem's members.
        path: the address that was asked.

    Raises:
        AssistantError: what comes before the first event and within PATIENCE.
    """
    feed = _Feed(asyncio.get_running_loop())
    work = asyncio.ensure_future(run_in_threadpool(feed.fill, pieces, events))
    first = await feed.next(PATIENCE)
    if isinstance(first, AssistantError):
        raise first
    return EventSourceResponse(_sent(feed, work, first, failed, path), headers=_HEADERS)


class _Feed:
    """What the thread has made, for the loop to send."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._made: asyncio.Queue[bytes | AssistantError | None] = asyncio.Queue()
        self._left = threading.Event()

    def fill(self, pieces: Pieces, events: Events) -> None:
        """Work through the pieces until there are no more or nobody reads them."""
        try:
            with closing(pieces()) as coming:
                for made in events(self._while_read(coming)):
                    self._put(made)
        except AssistantError as error:
            self._put(error)
        finally:
            self._put(None)

    async def next(self, patience: float) -> bytes | AssistantError | None:
        """The next event, or one that says nothing after so many seconds; the error it ended with; None at the end."""
        try:
            return await asyncio.wait_for(self._made.get(), patience)
        except TimeoutError:
            return format_sse_event(comment="waiting")

    def leave(self) -> None:
        """Nobody reads on."""
        self._left.set()

    def _while_read(self, coming: Iterable[str | Answer]) -> Iterator[str | Answer]:
        for piece in coming:
            if self._left.is_set():
                return
            yield piece

    def _put(self, made: bytes | AssistantError | None) -> None:
        with suppress(RuntimeError):  # the loop has ended, and with it whoever would read
            self._loop.call_soon_threadsafe(self._made.put_nowait, made)


async def _sent(
    feed: _Feed, work: asyncio.Future[None], first: bytes | None, failed: Failed, path: str
) -> AsyncIterator[bytes]:
    made: bytes | AssistantError | None = first
    try:
        while made is not None:
            if isinstance(made, AssistantError):
                made = failed(problem_body(status_of(made, path), made.message, str(made), path=path))
            yield made
            made = await feed.next(_PING)
        await work
    finally:
        feed.leave()
