"""Watches every request from outside: its id, a line in the log, figures, a trace, and what nobody foresaw."""

from __future__ import annotations

import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.observe.logs import REQUEST_ID, request_id, requests, unforeseen
from assistant.web.observe.metrics import Metrics
from assistant.web.observe.tracing import NoTraces
from assistant.web.problems import problem

_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())
_log = logging.getLogger(__name__)


class Watch:
    """The outermost part of the application."""

    def __init__(self, app: ASGIApp, metrics: Metrics, traces: NoTraces) -> None:
        self._app, self._metrics, self._traces = app, metrics, traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; afterwards tell."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        name = request_id(headers.get("x-request-id"))
        token = REQUEST_ID.set(name)
        status, start, path = 0, time.perf_counter(), scope["path"]

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = name
            await send(message)

        try:
            with self._traces.request(method, headers) as span:
                try:
                    await self._app(scope, receive, named)
                except Exception as error:  # noqa: BLE001 - the last stop; uvicorn would log the words of it
                    told = unforeseen(error, _log)
                    if not status:
                        await problem(500, told.message, str(told), path=path)(scope, receive, named)
                route = _route(scope)
                span |= {"name": route, "http.response.status_code": status, "lotse.request_id": name}
            seconds = time.perf_counter() - start
            self._metrics.requested(method, route, status, seconds)
            about = {"method": method, "route": route, "status": status, "ms": round(1000 * seconds, 1)}
            requests.info("request", extra={"about": {**about, "key": scope.get("state", {}).get("key")}})
        finally:
            REQUEST_ID.reset(token)


def _route(scope: Scope) -> str:
    """The route as it is declared: an address as it was called may hold anything."""
    return getattr(scope.get("route"), "path", None) or "other"
