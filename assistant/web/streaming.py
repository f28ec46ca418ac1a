"""Answers as server-sent events.

An answer is checked as a whole before any of it is shown, so the pieces of a stream are those of a finished text: a client
can show them as they come and never has to take one back.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
from collections.abc import AsyncIterator, Callable, Iterable

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

Events = Callable[[Answer], Iterable[bytes]]
Failed = Callable[[dict[str, object]], bytes]


def event(data: object, name: str | None = None) -> bytes:
    """One event with its data as JSON."""
    return format_sse_event(data_str=json.dumps(data, ensure_ascii=False), event=name)


def pieces(text: str) -> list[str]:
    """A text word by word, with the space before each; together they are the text."""
    return _PIECE.findall(text)


def answer_object(answer: Answer) -> dict[str, object]:
    """The answer object of the contract."""
    return dataclasses.asdict(answer)


async def streamed(ask: Callable[[], Answer], events: Events, failed: Failed, path: str) -> EventSourceResponse:
    """Ask in a thread and send the events of the answer.

    Args:
        ask: gives the answer.
        events: of an answer.
        failed: the event of an error that comes when the response has begun; it is given the problem's members.
        path: the address that was asked.

    Raises:
        AssistantError: what `ask` raises within PATIENCE.
    """
    work = asyncio.ensure_future(run_in_threadpool(ask))
    done, _ = await asyncio.wait({work}, timeout=PATIENCE)
    if done:
        return EventSourceResponse(_at_once(events(work.result())), headers=_HEADERS)
    return EventSourceResponse(_late(work, events, failed, path), headers=_HEADERS)


async def _at_once(events: Iterable[bytes]) -> AsyncIterator[bytes]:
    for sent in events:
        yield sent


async def _late(work: asyncio.Future[Answer], events: Events, failed: Failed, path: str) -> AsyncIterator[bytes]:
    while not work.done():
        yield format_sse_event(comment="waiting")
        await asyncio.wait({work}, timeout=_PING)
    try:
        answer = work.result()
    except AssistantError as error:
        yield failed(problem_body(status_of(error, path), error.message, str(error), path=path))
        return
    for sent in events(answer):
        yield sent
