"""What browsers are told about every response."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_DATA = "default-src 'none'; frame-ancestors 'none'"
_DOCS = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# gradio builds its page with inline scripts and eval; what stands in an answer is made harmless before, see rendering.py
_CHAT = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_DATA_PATHS = ("/v1/", "/mcp", "/metrics", "/healthz", "/readyz", "/openapi.json")
_DOCS_PATHS = ("/docs", "/redoc", "/static-offline-docs")
_PRIVATE = ("/v1/", "/mcp", "/metrics")


class SecurityHeaders:
    """Sets them where a route has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; the response gets the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]  # now: mounted applications shorten it

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**_ALWAYS, "Content-Security-Policy": policy(path)}.items():
                    headers.setdefault(name, value)
                if path.startswith(_PRIVATE):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


def policy(path: str) -> str:
    """What a page at this address may load and run."""
    if path.startswith(_DATA_PATHS):
        return _DATA
    return _DOCS if path.startswith(_DOCS_PATHS) else _CHAT
