"""What may be sent: how much, how fast and how deeply nested, looked at before anything is parsed."""

from __future__ import annotations

import asyncio
import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.imports import MOST_BYTES
from assistant.web.observe.metrics import Metrics
from assistant.web.problems import problem

MAX_BODY = 256_000  # bytes; a question and its history fit many times
MAX_PAGE_BODY = 4_000_000  # of the chat's page, which sends along what it shows
MAX_DEPTH = 32  # brackets within brackets
_PATIENCE = 30  # seconds for all of a body
_FILE = "PUT", "/v1/imports/file"  # as it is: what it holds is no JSON
_PATIENCE_FILE = 300  # seconds
_ROOMIER = {"/v1/evidence": MAX_PAGE_BODY}  # a whole conversation
_PROGRAMS = ("/v1/", "/mcp")
# a string to its end, or to the end of the text where it has none, so that no character is looked at twice
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[][{}]', re.DOTALL)


class Bodies:
    """Refuses bodies that are too large, too slow or too deep; one that comes in chunks does not say how large it is."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the whole body at hand, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_file = (scope["method"], scope["path"]) == _FILE
        most = MOST_BYTES if is_file else _most(scope["path"])
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        refused: tuple[int, str, str] | None = None
        if not length.isascii() or not length.isdecimal() or "transfer-encoding" in headers:
            refused = 411, "The request does not state its length.", "Send the body with a Content-Length."
        elif len(length) > 12 or int(length) > most:
            refused = 413, "The request is too large.", f"Send at most {most:,} bytes."
        body = b""
        if not refused and int(length):
            try:
                body = await asyncio.wait_for(_read(receive), _PATIENCE_FILE if is_file else _PATIENCE)
            except TimeoutError:
                refused = 408, "The request did not arrive in time.", "Send it again."
            except ConnectionError:
                return
            if not refused and not is_file and nested_deeper(body, MAX_DEPTH):
                refused = 422, "The request is nested too deeply.", f"Nest at most {MAX_DEPTH} lists or objects."
        if refused:
            status, title, fix = refused
            self._metrics.refused("body")
            await problem(status, title, f"{title} {fix}", path=scope["path"])(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)


def _most(path: str) -> int:
    return _ROOMIER.get(path, MAX_BODY if path.startswith(_PROGRAMS) else MAX_PAGE_BODY)


def nested_deeper(text: bytes, most: int) -> bool:
    """Whether JSON opens more than `most` brackets within each other; anything is looked at, well-formed or not."""
    if text.count(b"[") + text.count(b"{") <= most:
        return False
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[0] in (b"[", b"{"):
            depth += 1
            if depth > most:
                return True
        elif token[0] in (b"]", b"}"):
            depth -= 1
    return False


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body that was read, then what comes after it."""
    first = True

    async def replay() -> Message:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": body, "more_body": False}
        message = await receive()
        while message["type"] == "http.request":  # of a request without a body
            message = await receive()
        return message

    return replay
