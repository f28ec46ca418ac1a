from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.keys import KeyStore
from assistant.pipeline import Service
from assistant.web.api import create_app
from assistant.web.guard.body import MAX_BODY, MAX_DEPTH
from assistant.web.guard.door import Door
from assistant.web.guard.rate import Rate
from tests.small_service import small_service

ASKED = {"question": "Wie viele Mitglieder hat der Biocluster Rosenau?"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return small_service(tmp_path_factory.mktemp("access"))


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "keys.json")


def client_of(service: Service, door: Door, address: str = "203.0.113.7") -> TestClient:
    app: FastAPI = create_app(service, with_chat=False, door=door)
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False, client=(address, 50_000))


@pytest.fixture
def open_client(service: Service, store: KeyStore) -> Iterator[TestClient]:
    with client_of(service, Door(store)) as client:
        yield client


def problem(reply: Any, status: int) -> str:
    assert (reply.status_code, reply.headers["content-type"]) == (status, "application/problem+json"), reply.text
    return str(reply.json()["detail"])


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"anybody:{key}".encode()).decode()}


def test_a_key_comes_as_a_token_or_as_a_password(service: Service, store: KeyStore) -> None:
    key, _ = store.create("x", ["ask"])
    client = client_of(service, Door(store, always=True))
    for headers in ({"Authorization": f"Bearer {key}"}, {"Authorization": f"bearer  {key} "}, basic(key)):
        assert client.get("/v1/index", headers=headers).status_code == 200
    for wrong in (
        {}, {"Authorization": key}, {"Authorization": f"Token {key}"}, {"Authorization": "Basic ???"}, basic("x"),
        {"X-API-Key": key}, {"Authorization": "Bearer"}, {"Authorization": "Basic " + base64.b64encode(b"\xff:").decode()},
    ):  # fmt: skip
        reply = client.get("/v1/index", headers=wrong)
        assert "lotse keys create" in problem(reply, 401)
        assert reply.headers["www-authenticate"] == "Bearer"
    assert client.get("/v1/index", params={"key": key}).status_code == 401
    assert client.get("/", headers={}).headers["www-authenticate"].startswith("Basic ")


def test_a_revoked_key_opens_nothing_at_once(service: Service, store: KeyStore) -> None:
    shown, key = store.create("x", ["ask"])
    client = client_of(service, Door(store, always=True))
    assert client.get("/v1/index", headers={"Authorization": f"Bearer {shown}"}).status_code == 200
    KeyStore(store.path).revoke(key.id)
    assert client.get("/v1/index", headers={"Authorization": f"Bearer {shown}"}).status_code == 401


def test_damaged_keys_let_nobody_in(service: Service, store: KeyStore) -> None:
    shown, _ = store.create("x", ["ask"])
    store.path.write_text("[", encoding="utf-8")
    reply = client_of(service, Door(store, always=True)).get("/v1/index", headers={"Authorization": f"Bearer {shown}"})
    assert "operator" in problem(reply, 503)


@pytest.mark.parametrize("name", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto"])
def test_what_a_proxy_passed_on_needs_a_key_on_loopback_too(
    open_client: TestClient, store: KeyStore, name: str
) -> None:
    key, _ = store.create("x", ["ask"])
    assert open_client.get("/v1/index").status_code == 200
    assert problem(open_client.get("/v1/index", headers={name: "203.0.113.9"}), 401)
    assert open_client.get("/v1/index", headers={name: "x", "Authorization": f"Bearer {key}"}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "10.0.0.1", "localhost@evil.example"])
def test_another_name_is_misdirected(open_client: TestClient, host: str) -> None:
    assert "LOTSE_HOSTS" in problem(open_client.get("/v1/index", headers={"Host": host}), 421)
    assert problem(open_client.get("/healthz", headers={"Host": host}), 421)


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:81", "http://localhost.evil.example"]
)
def test_a_foreign_page_may_not_call(open_client: TestClient, origin: str) -> None:
    for reply in (
        open_client.post("/v1/ask", json=ASKED, headers={"Origin": origin}),
        open_client.options("/v1/ask", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}),
        open_client.get("/v1/index", headers={"Origin": origin}),
    ):
        assert "LOTSE_ORIGINS" in problem(reply, 403)
        assert "access-control-allow-origin" not in reply.headers


def test_own_pages_and_those_of_the_setting_may(service: Service, store: KeyStore) -> None:
    door = Door(store, origins=frozenset({"https://portal.example"}))
    client = client_of(service, door)
    own = client.post("/v1/ask", json=ASKED, headers={"Origin": "http://localhost"})
    assert own.status_code == 200
    assert "access-control-allow-origin" not in own.headers
    portal = {"Origin": "https://portal.example"}
    assert client.post("/v1/ask", json=ASKED, headers=portal).headers["access-control-allow-origin"] == portal["Origin"]
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}
    before = client.options("/v1/ask", headers={**portal, **asks})
    assert (before.status_code, before.headers["access-control-allow-origin"]) == (200, portal["Origin"])
    assert "access-control-allow-credentials" not in before.headers
    guarded = client_of(service, Door(store, always=True, origins=door.origins))  # a browser asks before without a key
    assert guarded.options("/v1/ask", headers={**portal, **asks}).status_code == 200
    assert guarded.post("/v1/ask", json=ASKED, headers=portal).status_code == 401


def test_too_many_requests_of_one_key_or_address(service: Service, store: KeyStore) -> None:
    (first, _), (second, _) = store.create("a", ["ask"]), store.create("b", ["ask"])
    door = Door(store, always=True, rate=Rate(10))
    here, there = client_of(service, door), client_of(service, door, "2001:db8::1")
    neighbour = client_of(service, door, "2001:db8::2")
    assert here.get("/v1/index", headers=basic(first)).status_code == 200
    reply = here.get("/v1/index", headers=basic(first))
    assert "Too many requests. Try again in 6 seconds." in problem(reply, 429)
    assert reply.headers["retry-after"] == "6"
    assert here.get("/v1/index", headers=basic(second)).status_code == 429  # the address
    assert there.get("/v1/index", headers=basic(first)).status_code == 429  # the key
    assert there.get("/v1/index", headers=basic(second)).status_code == 200
    third, _ = store.create("c", ["ask"])
    assert neighbour.get("/v1/index", headers=basic(third)).status_code == 429  # the same network
    assert here.get("/healthz").status_code == 200


def test_wrong_keys_are_counted_too(service: Service, store: KeyStore) -> None:
    client = client_of(service, Door(store, always=True, rate=Rate(20)))
    assert [client.get("/v1/index", headers=basic("x")).status_code for _ in range(4)] == [401, 401, 429, 429]


def test_bodies_that_are_refused_before_they_are_parsed(open_client: TestClient) -> None:
    def send(content: bytes, **headers: str) -> Any:
        return open_client.post("/v1/ask", content=content, headers={"Content-Type": "application/json", **headers})

    nested: Any = "x"
    for _ in range(MAX_DEPTH):
        nested = [nested]
    assert problem(send(json.dumps({"question": nested}).encode()), 422).startswith("The request is nested too deeply.")
    assert problem(send(b"[" * 200_000), 422).startswith("The request is nested too deeply.")
    assert "question" in problem(send(json.dumps({"question": nested[0]}).encode()), 422)
    assert f"at most {MAX_BODY:,} bytes" in problem(send(b" " * (MAX_BODY + 1)), 413)
    assert problem(send(b"{}", **{"Content-Length": "9" * 30}), 413)
    assert problem(send(b"{}", **{"Content-Length": "-1"}), 411)
    assert problem(open_client.post("/v1/ask", content=iter([b"{}"])), 411)


@pytest.mark.parametrize(
    "path", ["/v1/index", "/v1/nothing", "/docs", "/openapi.json", "/healthz", "/metrics", "/nothing"]
)
def test_every_response_carries_the_headers(open_client: TestClient, path: str) -> None:
    headers = open_client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert len(headers["x-request-id"]) == 32
    if path.startswith("/v1"):
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"].startswith("default-src 'none';")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("abc-DEF-123", True), ("a" * 64, True), ("a" * 65, False), ("short", False), ("a b c d e f", False),
     ("lotse_" + "a" * 20, False), ("<script>", False), ("", False)],
)  # fmt: skip
def test_a_request_id_is_kept_where_it_is_one(open_client: TestClient, sent: str, kept: bool) -> None:
    assert (open_client.get("/healthz", headers={"X-Request-ID": sent}).headers["x-request-id"] == sent) is kept
