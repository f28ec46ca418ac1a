"""Which scope each route asks for. What has no row is for `admin` alone, so a forgotten route opens nothing."""

from __future__ import annotations

import re
from typing import Literal

from assistant.keys import Scope

Needed = Scope | Literal["open", "closed"]
"""`open`: no key. `closed`: not served at all."""

_ANY = "GET HEAD POST PUT PATCH DELETE OPTIONS"
# methods, address, scope; the first row that fits decides
_ROWS: tuple[tuple[str, str, Needed], ...] = (
    (
        "GET HEAD",
        "/healthz|/readyz|/docs|/docs/oauth2-redirect|/redoc|/openapi.json|/(?:static-offline-docs|lotse)/.+",
        "open",
    ),
    ("GET HEAD", "/metrics", "admin"),
    ("POST", "/v1/ask|/v1/search|/v1/chat/completions|/v1/feedback|/v1/evidence", "ask"),
    ("GET HEAD", "/v1/models|/v1/models/.+|/v1/documents|/v1/documents/.+|/v1/facts|/v1/index", "ask"),
    ("GET HEAD", "/bring|/v1/imports", "ingest"),
    ("POST", "/v1/imports|/v1/imports/file", "ingest"),
    ("PUT", "/v1/imports/file", "ingest"),
    ("GET HEAD", "/v1/feedback", "admin"),
    ("GET HEAD", "/source/.+|/documents|/clusters|/clusters.csv|/clusters/.+", "ask"),  # the pages beside the chat
    ("GET POST DELETE", "/mcp", "ask"),
    # the chat: what its page loads and calls
    ("GET HEAD", "/|/config|/config/|/theme.css|/favicon.ico|/robots.txt|/manifest.json|/pwa_icon|/pwa_icon/.+", "ask"),
    ("GET HEAD", "/(?:assets|static|svelte)/.+|/gradio_api/(?:info/?|app_id/?|startup-events|theme.css)", "ask"),
    ("GET HEAD", "/gradio_api/heartbeat/[^/]+|/gradio_api/queue/(?:data|status)", "ask"),
    ("POST", "/gradio_api/queue/join|/gradio_api/queue/join/|/gradio_api/(?:run/predict|cancel|reset/?)", "ask"),
    ("GET HEAD", "/gradio_api/file=.+", "ask"),
    # the rest of what gradio brings: files from and to this machine, other hosts, its own logins and figures
    (_ANY, "/gradio_api/.*|/login|/login/|/logout|/monitoring|/monitoring/.*|/config.+", "closed"),
)
_COMPILED = tuple((set(methods.split()), re.compile(address, re.DOTALL), scope) for methods, address, scope in _ROWS)


def scope_of(method: str, path: str) -> Needed:
    """What a request has to show."""
    return next(
        (scope for methods, address, scope in _COMPILED if method in methods and address.fullmatch(path)), "admin"
    )
