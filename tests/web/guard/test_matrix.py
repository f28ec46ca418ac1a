"""Every route, of the interface and of what the chat brings along, against every kind of key."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant.keys import SCOPES, KeyStore
from assistant.web.api import create_app
from assistant.web.guard.access import Keys
from assistant.web.guard.door import Door
from assistant.web.observe.metrics import Metrics
from tests.small_service import small_service

# Method and route to what it needs. A new route has to be put here, by hand, before it is served.
INTERFACE = {
    "GET /healthz": "open",
    "GET /readyz": "open",
    "GET /metrics": "admin",
    "POST /v1/ask": "ask",
    "POST /v1/search": "ask",
    "POST /v1/chat/completions": "ask",
    "GET /v1/models": "ask",
    "GET /v1/models/{model}": "ask",
    "GET /v1/documents": "ask",
    "GET /v1/documents/{document_id}": "ask",
    "GET /v1/documents/{document_id}/metadata": "ask",
    "GET /v1/documents/{document_id}/text": "ask",
    "GET /v1/documents/{document_id}/original": "ask",
    "GET /v1/documents/{document_id}/pages/{page}": "ask",
    "GET /v1/facts": "ask",
    "GET /v1/index": "ask",
    "POST /v1/feedback": "ask",
    "POST /v1/evidence": "ask",
    "GET /v1/imports": "ingest",
    "POST /v1/imports": "ingest",
    "POST /v1/imports/file": "ingest",
    "PUT /v1/imports/file": "ingest",
    "GET /v1/feedback": "admin",
}
BESIDE = {  # not in the OpenAPI document
    "GET /openapi.json": "open",
    "HEAD /openapi.json": "open",
    "GET /docs": "open",
    "GET /docs/oauth2-redirect": "open",
    "GET /redoc": "open",
    "GET /static-offline-docs/swagger-ui.css": "open",
    "GET /lotse/lotse.css": "open",
    "HEAD /lotse/lotse.css": "open",
    "GET /source/{document_id}": "ask",
    "GET /documents": "ask",
    "GET /clusters": "ask",
    "GET /clusters.csv": "ask",
    "GET /clusters/{name}.png": "ask",
    "GET /bring": "ingest",
    "GET /mcp": "ask",
    "POST /mcp": "ask",
    "DELETE /mcp": "ask",
    "POST /gradio_api/run/predict": "ask",  # of /gradio_api/run/{api_name} the one that the page calls
    **{f"{method} /v1/{{path:path}}": "admin" for method in ("GET", "POST", "PUT", "DELETE")},  # there is nothing
}
CHAT_USES = set(
    """GET /|HEAD /|GET /config|GET /config/|GET /theme.css|GET /favicon.ico|GET /robots.txt|GET /manifest.json|GET /pwa_icon
    GET /pwa_icon/{size}|GET /static/{path:path}|GET /assets/{path:path}|GET /svelte/{path:path}
    GET /gradio_api/info|GET /gradio_api/info/|GET /gradio_api/app_id|GET /gradio_api/app_id/|GET /gradio_api/startup-events
    GET /gradio_api/theme.css|GET /gradio_api/heartbeat/{session_hash}|GET /gradio_api/queue/data|GET /gradio_api/queue/status
    POST /gradio_api/queue/join|POST /gradio_api/cancel|POST /gradio_api/reset|POST /gradio_api/reset/
    GET /gradio_api/file={path_or_url:path}|HEAD /gradio_api/file={path_or_url:path}""".replace("\n", "|").split("|")
)
CHAT_USES = {route.strip() for route in CHAT_USES}
CHAT_LEAVES = set(  # what else gradio serves: never to be reached
    """POST /login|POST /login/|GET /logout|GET /monitoring|GET /monitoring/summary|GET /monitoring/{key}
    GET /gradio_api/deep_link|GET /gradio_api/user|GET /gradio_api/user/|GET /gradio_api/login_check|GET /gradio_api/login_check/
    GET /gradio_api/token|GET /gradio_api/token/|GET /gradio_api/dev/reload|GET /gradio_api/runs|GET /gradio_api/runs/
    GET /gradio_api/openapi.json|GET /gradio_api/custom_component/{id}/{environment}/{type}/{file_name}
    GET /gradio_api/proxy={url_path:path}|HEAD /gradio_api/proxy={url_path:path}|POST /gradio_api/stream/{event_id}
    POST /gradio_api/stream/{event_id}/close|GET /gradio_api/stream/{session_hash}/{run}/{component_id}/playlist.m3u8
    GET /gradio_api/stream/{session_hash}/{run}/{component_id}/{segment_id}.{ext}
    GET /gradio_api/stream/{session_hash}/{run}/{component_id}/playlist-file|GET /gradio_api/file/{path:path}
    POST /gradio_api/api/{api_name}|POST /gradio_api/api/{api_name}/|POST /gradio_api/run/{api_name}
    POST /gradio_api/run/{api_name}/|POST /gradio_api/call/v2/{api_name}|POST /gradio_api/call/v2/{api_name}/
    POST /gradio_api/call/{api_name}|POST /gradio_api/call/{api_name}/|GET /gradio_api/call/{api_name}/{event_id}
    GET /gradio_api/call/v2/{api_name}/{event_id}|POST /gradio_api/component_server|POST /gradio_api/component_server/
    GET /gradio_api/upload_progress|POST /gradio_api/upload|POST /gradio_api/process_recording|POST /gradio_api/vibe-edit
    POST /gradio_api/vibe-edit/|POST /gradio_api/undo-vibe-edit|POST /gradio_api/undo-vibe-edit/|GET /gradio_api/vibe-code
    GET /gradio_api/vibe-code/|POST /gradio_api/vibe-code|POST /gradio_api/vibe-code/|POST /gradio_api/vibe-starter-queries
    POST /gradio_api/vibe-starter-queries/""".replace("\n", "|").split("|")
)
CHAT_LEAVES = {route.strip() for route in CHAT_LEAVES}
TABLE = {**INTERFACE, **BESIDE, **dict.fromkeys(CHAT_USES, "ask"), **dict.fromkeys(CHAT_LEAVES, "closed")}
LIVING = set("GET /gradio_api/heartbeat/{session_hash}|GET /gradio_api/queue/data".split("|"))  # streams without an end
CALLERS = ("nobody", "stranger", "revoked", *SCOPES)


def routes(of: Any, before: str = "") -> Iterator[str]:
    """Method and address of every route of an application, mounted ones too."""
    for route in of:
        inner = getattr(getattr(route, "original_router", None), "routes", None)
        if inner is not None:  # a router that was included
            yield from routes(inner, before + route.include_context.prefix)
        elif hasattr(getattr(route, "app", None), "routes"):  # an application that was mounted
            yield from routes(route.app.routes, before + route.path)
        elif getattr(route, "methods", None):
            yield from (f"{method} {before}{route.path}" for method in route.methods)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> KeyStore:
    return KeyStore(tmp_path_factory.mktemp("keys") / "keys.json")


@pytest.fixture(scope="module")
def keys(store: KeyStore) -> dict[str, str | None]:
    made: dict[str, str | None] = {scope: store.create(scope, [scope])[0] for scope in SCOPES}
    revoked, key = store.create("revoked", SCOPES)
    store.revoke(key.id)
    return {**made, "nobody": None, "stranger": f"lotse_{'0' * 12}_{'x' * 43}", "revoked": revoked}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, store: KeyStore) -> FastAPI:
    service = small_service(tmp_path_factory.mktemp("matrix"))

    async def build() -> FastAPI:
        """Outside of an event loop gradio makes some that it never closes."""
        return create_app(service, door=Door(store, always=True))

    return asyncio.run(build())


@pytest.fixture(scope="module")
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)


def address(route: str) -> tuple[str, str]:
    method, path = route.split(" ", 1)
    return method, re.sub(r"\{[^}]*\}", "x", path)


def bearer(key: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}


def allowed(needed: str, caller: str) -> bool:
    return needed == "open" or needed == caller


def test_every_route_has_a_row(app: FastAPI) -> None:
    documented = {
        f"{method.upper()} {path}"
        for path, item in app.openapi()["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert documented <= INTERFACE.keys(), documented - INTERFACE.keys()
    assert set(routes(app.routes)) <= TABLE.keys(), set(routes(app.routes)) - TABLE.keys()


@pytest.mark.parametrize("caller", CALLERS)
def test_nobody_passes_the_guard_without_the_right_key(
    store: KeyStore, keys: dict[str, str | None], caller: str
) -> None:
    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    guard = TestClient(Keys(behind, Door(store, always=True), Metrics()))
    for route, needed in TABLE.items():
        method, path = address(route)
        reply = guard.request(method, path, headers=bearer(keys[caller]))
        refused = 404 if needed == "closed" else 403 if caller in SCOPES else 401
        assert reply.status_code == (204 if allowed(needed, caller) else refused), (route, caller)


@pytest.mark.parametrize("caller", CALLERS)
def test_the_application_keeps_to_it(client: TestClient, keys: dict[str, str | None], caller: str) -> None:
    for route, needed in TABLE.items():
        if allowed(needed, caller) and (route in LIVING or route.endswith("/mcp")):
            continue
        method, path = address(route)
        reply = client.request(method, path, headers=bearer(keys[caller]))
        if allowed(needed, caller):
            guarded = reply.headers.get("content-type") == "application/problem+json"  # gradio refuses some itself
            assert reply.status_code not in ((401, 403, 500) if guarded else (500,)), (route, caller, reply.text[:200])
        else:
            assert reply.status_code in (401, 403, 404), (route, caller)
            assert reply.headers["content-type"] == "application/problem+json"
            assert needed == "closed" or reply.status_code == (403 if caller in SCOPES else 401), (route, caller)


@pytest.mark.parametrize(
    "path", ["/v1//ask", "//v1/ask", "/v1/ask/", "/V1/ask", "/v1/./ask", "/mcp/", "/metrics/", "/v1/%61sk/x"]
)
def test_another_spelling_opens_nothing(client: TestClient, keys: dict[str, str | None], path: str) -> None:
    for caller in ("nobody", "stranger", "ingest"):
        assert client.post(path, json={"question": "Wer?"}, headers=bearer(keys[caller])).status_code in (401, 403)


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/proxy=http://127.0.0.1/", "/login"])
def test_what_nobody_needs_is_closed_without_keys_too(tmp_path: Path, path: str) -> None:
    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError

    assert TestClient(Keys(behind, Door(), Metrics())).post(path).status_code == 404
