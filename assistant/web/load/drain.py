"""The end of a server: it stops being ready, finishes what it has accepted, and goes."""

from __future__ import annotations

import asyncio
import re
import signal
import time
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.load.gate import Gate
from assistant.web.problems import problem

_STANDING = re.compile(r"/gradio_api/(?:heartbeat/.*|queue/data)|/mcp")  # streams that last as long as a page is open
_LAST_WORDS = 0.5  # seconds for the page to get the answer that was just made


class Drain:
    """What the requests and the server know of each other's end.

    Args:
        able: whether questions can be answered at all.
    """

    def __init__(self, able: Callable[[], bool] = lambda: True) -> None:
        self.able = able
        self.begun = False
        self.requests = 0  # being served, without the standing ones
        self.standing: set[asyncio.Task[None]] = set()


class Drainable:
    """Counts requests, and says no for /readyz once the end has begun, or while there is no process to answer."""

    def __init__(self, app: ASGIApp, drain: Drain) -> None:
        self._app, self._drain = app, drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] == "GET" and _STANDING.fullmatch(scope["path"]):
            await self._stand(scope, receive, send)
        elif scope["path"] == "/readyz" and (self._drain.begun or not self._drain.able()):
            title = "The server is about to end." if self._drain.begun else "The processes that answer have ended."
            await problem(503, title, f"{title} Ask another one.", headers={"Retry-After": "5"})(scope, receive, send)
        else:
            self._drain.requests += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._drain.requests -= 1

    async def _stand(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = ended = False

        async def noted(message: Message) -> None:
            nonlocal started, ended
            started = True
            ended = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        async def run() -> None:
            await self._app(scope, receive, noted)

        task = asyncio.create_task(run())
        self._drain.standing.add(task)
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            task.cancel()
            raise
        finally:
            self._drain.standing.discard(task)
        if not task.cancelled():
            task.result()
        if started and not ended:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class DrainingServer(uvicorn.Server):
    """Takes SIGTERM as the wish to end well; SIGINT, or a second SIGTERM, ends faster.

    Args:
        config: of uvicorn.
        drain: shared with the application.
        gate: whose work is waited for.
        seconds: between the first word and the end of accepting, for proxies to notice.
    """

    def __init__(self, config: uvicorn.Config, drain: Drain, gate: Gate, seconds: float) -> None:
        super().__init__(config)
        self._drain, self._gate, self._seconds = drain, gate, seconds
        self._ends = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the end; the process then ends with 0, having tidied up, instead of by the signal."""
        if sig == signal.SIGTERM and not self._drain.begun:
            self._drain.begun, self._ends = True, time.monotonic() + self._seconds
        elif sig == signal.SIGTERM:
            self.should_exit = True
        else:
            self._drain.begun = True
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Whether it is time."""
        over = self._drain.begun and time.monotonic() >= self._ends
        return await super().on_tick(counter) or over

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Accept no more, finish the rest."""
        closing = asyncio.create_task(self._close_standing())
        await super().shutdown(sockets)  # type: ignore[arg-type]
        closing.cancel()

    async def _close_standing(self) -> None:
        """End the streams that nobody else ends, once nothing is being answered."""
        while self._drain.requests or self._gate.running or self._gate.waiting:
            await asyncio.sleep(0.05)
        await asyncio.sleep(_LAST_WORDS if self._drain.standing else 0)
        for task in list(self._drain.standing):
            task.cancel()
