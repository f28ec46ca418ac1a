"""Lets a request in only when there is room in the queue, before it takes a thread, and tells the work when its client has gone."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import BusyError
from assistant.web.load.gate import Gate, Ticket
from assistant.web.observe.metrics import Metrics
from assistant.web.problems import problem

# /mcp is not here: what a tool asks takes its place in the queue itself, since it runs apart from the request
WORK = frozenset({"/v1/ask", "/v1/search", "/v1/chat/completions"})


class Turnstile:
    """In front of the routes that cost something."""

    def __init__(self, app: ASGIApp, gate: Gate, metrics: Metrics) -> None:
        self._app, self._gate, self._metrics = app, gate, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse with the time to come again."""
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] not in WORK:
            await self._app(scope, receive, send)
            return
        try:
            with self._gate.admitted() as ticket:
                await self._watched(ticket, scope, receive, send)
        except BusyError as busy:
            self._metrics.refused("queue")
            await problem(429, busy.message, str(busy), path=scope["path"], headers=busy.headers)(scope, receive, send)

    async def _watched(self, ticket: Ticket, scope: Scope, receive: Receive, send: Send) -> None:
        body, gone = await receive(), asyncio.Event()  # whole: guard/body.py has read it

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            ticket.leave()
            gone.set()

        first = True

        async def replay() -> Message:
            nonlocal first
            if first:
                first = False
                return body
            await gone.wait()
            return {"type": "http.disconnect"}

        watcher = asyncio.create_task(watch())
        try:
            await self._app(scope, replay, send)
        finally:
            watcher.cancel()
