"""Who may call: the server's own name, pages of its own, keys with the scope, and not too often."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import math
import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.errors import BusyError, ConfigurationError
from assistant.keys import Key, KeyStore
from assistant.web.guard.door import Door
from assistant.web.guard.scopes import scope_of
from assistant.web.observe.metrics import Metrics
from assistant.web.problems import problem

_PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
_COUNTED = re.compile(r"/v1/.*|/mcp|/metrics|/gradio_api/queue/join/?")  # a page's parts are not
_PROGRAMS = ("/v1/", "/mcp")  # the others a browser asks for, and it can ask its user for a key


class _RefusedError(Exception):
    def __init__(self, reason: str, status: int, message: str, fix: str, headers: dict[str, str] | None = None):
        super().__init__(message)
        self.reason, self.status, self.message, self.fix, self.headers = reason, status, message, fix, headers


class Names:
    """Answers only to the server's names, and only calls from its own pages or those that may.

    A foreign page in a visitor's browser could otherwise use what the visitor may use.
    """

    def __init__(self, app: ASGIApp, door: Door, metrics: Metrics) -> None:
        self._app, self._door, self._metrics = app, door, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] == "websocket":  # there are none here
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http":
            try:
                self._check(Headers(scope=scope))
            except _RefusedError as refused:
                await _refuse(refused, self._metrics, scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check(self, headers: Headers) -> None:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not self._door.answers_to(hosts[0]):
            raise _RefusedError(
                "host",
                421,
                "This server is not called by that name.",
                "Use its address, or add the name to LOTSE_HOSTS.",
            )
        if any(not self._door.is_own(origin, hosts[0]) for origin in origins):
            raise _RefusedError(
                "origin",
                403,
                "Pages of other servers may not call this one.",
                "Add the page's server to LOTSE_ORIGINS.",
            )


class Keys:
    """Asks for a key where one is needed, and counts requests."""

    def __init__(self, app: ASGIApp, door: Door, metrics: Metrics) -> None:
        self._app, self._door, self._metrics = app, door, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] == "http":
            try:
                self._check(scope, Headers(scope=scope))
            except _RefusedError as refused:
                await _refuse(refused, self._metrics, scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope, headers: Headers) -> None:
        needed = scope_of(scope["method"], scope["path"])
        if needed == "closed":
            raise _RefusedError("closed", 404, "Not Found", "See /docs for the routes.")
        passed_on = any(name in headers for name in _PASSED_ON)
        if needed == "open" or self._door.keys is None or not (self._door.always or passed_on):
            return
        caller = f"address {_network(scope)}"
        key = _key(self._door.keys, headers)
        if key is None:
            self._count(caller)
            ways = "Bearer" if scope["path"].startswith(_PROGRAMS) else 'Basic realm="Clusterlotse", charset="UTF-8"'
            raise _RefusedError(
                "key", 401, "A valid key is needed.", "Send it as `Authorization: Bearer KEY`; `lotse keys create` makes one.",
                {"WWW-Authenticate": ways},
            )  # fmt: skip
        if needed not in key.scopes:
            raise _RefusedError("scope", 403, f"The key lacks the scope {needed}.", "Use one that has it.")
        if _COUNTED.fullmatch(scope["path"]):
            self._count(caller, f"key {key.id}")
        scope.setdefault("state", {})["key"] = key.id

    def _count(self, *callers: str) -> None:
        wait = math.ceil(self._door.rate.wait(*callers))
        if wait:
            busy = BusyError.for_now("Too many requests.", wait)
            raise _RefusedError("rate", 429, busy.message, busy.fix, busy.headers)


def _key(store: KeyStore, headers: Headers) -> Key | None:
    """The key in an Authorization header: as a token, or as the password of anybody, which browsers ask for."""
    kind, _, presented = headers.get("authorization", "").partition(" ")
    presented = presented.strip()
    if kind.lower() == "basic":
        try:
            presented = base64.b64decode(presented, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return None
    elif kind.lower() != "bearer":
        return None
    try:
        return store.find(presented)
    except ConfigurationError as error:
        raise _RefusedError("keys", 503, error.message, "The operator has to repair them.") from None


def _network(scope: Scope) -> str:
    """The caller's address; of the newer, long kind the network, since one caller has millions of those."""
    host = (scope.get("client") or ("unknown",))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


async def _refuse(refused: _RefusedError, metrics: Metrics, scope: Scope, receive: Receive, send: Send) -> None:
    metrics.refused(refused.reason)
    response = problem(
        refused.status,
        refused.message,
        f"{refused.message.rstrip('.')}. {refused.fix}",
        path=scope["path"],
        headers=refused.headers,
    )
    await response(scope, receive, send)
