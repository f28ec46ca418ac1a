"""Server-sent events of /v1/ask: the same object as without them, piece by piece before, errors with their status."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

import assistant.web.streaming
from assistant.errors import IndexUnavailableError
from assistant.pipeline import Service
from assistant.types import Draft, Findings, Question
from assistant.web.api import create_app
from assistant.web.streaming import words
from tests.live_server import live_server
from tests.small_service import NOT_HELD, small_service

ASKED = "Wie viele Mitglieder hat der Biocluster Rosenau?"
EVENTS = {"accept": "text/event-stream"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return small_service(tmp_path_factory.mktemp("streaming"))


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(create_app(service, with_chat=False), base_url="http://localhost") as client:
        yield client


def events(body: str) -> list[tuple[str, Any]]:
    """Name and data of each event."""
    found = []
    for block in body.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.strip().splitlines() if not line.startswith(":"))
        if fields:
            found.append((fields.get("event", "message"), json.loads(fields["data"])))
    return found


def lasting(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in ("id", "timings_ms")}


@pytest.mark.parametrize("question", [ASKED, "Who founded the Rosenau biocluster?", NOT_HELD])
def test_a_stream_ends_with_the_same_object(client: TestClient, question: str) -> None:
    reply = client.post("/v1/ask", json={"question": question}, headers=EVENTS)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["cache-control"] == "no-cache"
    *text, (last, answer) = events(reply.text)
    assert last == "answer"
    assert lasting(answer) == lasting(client.post("/v1/ask", json={"question": question}).json())
    assert {name for name, _ in text} == {"text"}
    assert len(text) > 3
    assert "".join(data["text"] for _, data in text) == answer["answer"]


@pytest.mark.parametrize(
    ("stream", "accept", "streamed"),
    [
        (None, "*/*", False),
        (None, "application/json", False),
        (None, "text/event-stream", True),
        (None, "application/json, text/event-stream", True),
        (True, "*/*", True),
        (True, "application/json", True),
        (False, "text/event-stream", False),
    ],
)
def test_when_an_answer_is_streamed(client: TestClient, stream: bool | None, accept: str, streamed: bool) -> None:
    body = {"question": ASKED} | ({} if stream is None else {"stream": stream})
    reply = client.post("/v1/ask", json=body, headers={"accept": accept})
    assert reply.headers["content-type"].startswith("text/event-stream") is streamed


def test_an_explanation_is_in_the_last_event(client: TestClient) -> None:
    reply = client.post("/v1/ask", json={"question": ASKED, "explain": True, "stream": True})
    assert events(reply.text)[-1][1]["explain"]["question"] == ASKED


@pytest.mark.parametrize("question", ["", "?!", "a" * 2_001])
def test_an_error_keeps_its_status(client: TestClient, question: str) -> None:
    reply = client.post("/v1/ask", json={"question": question}, headers=EVENTS)
    assert (reply.status_code, reply.headers["content-type"]) == (422, "application/problem+json")


def stalled(service: Service, release: threading.Event, then: Callable[[], None]) -> Service:
    """Its answers wait for `release`."""

    def rewrite(*asked: Any) -> Any:
        assert release.wait(60)
        then()
        return service.assistant.rewrite(*asked)

    return replace(service, assistant=replace(service.assistant, rewrite=rewrite))


def fail() -> None:
    raise IndexUnavailableError("The index has gone.", "Run lotse-ingest.")


@pytest.mark.parametrize(("then", "last"), [(lambda: None, "answer"), (fail, "error")])
def test_a_slow_answer_begins_without_it(
    service: Service, monkeypatch: pytest.MonkeyPatch, then: Callable[[], None], last: str
) -> None:
    """The response begins, says that it is waiting, and brings the answer or the error as an event."""
    monkeypatch.setattr(assistant.web.streaming, "PATIENCE", 0.0)
    release = threading.Event()
    app = create_app(stalled(service, release, then), with_chat=False)
    with (
        live_server(app) as origin,
        httpx.Client(base_url=origin, timeout=60) as client,
        client.stream("POST", "/v1/ask", json={"question": ASKED}, headers=EVENTS) as reply,
    ):
        assert reply.status_code == 200
        lines = reply.iter_lines()
        assert next(lines) == ": waiting"
        release.set()
        name, data = events("\n".join(lines))[-1]
    assert name == last
    if last == "error":
        assert data == {
            "type": "about:blank",
            "title": "The index has gone.",
            "status": 503,
            "detail": "The index has gone. Run lotse-ingest.",
        }


def writing(service: Service, release: threading.Event, closed: threading.Event) -> Service:
    """Writes the first claim, and waits for `release` before it goes on."""

    def drafts(question: Question, findings: Findings) -> Generator[Draft, None, None]:
        try:
            draft = service.assistant.draft(question, findings)
            yield replace(draft, claims=draft.claims[:1])
            assert release.wait(60)
            yield draft
            yield draft
        finally:
            closed.set()

    return replace(service, assistant=replace(service.assistant, drafts=drafts))


def test_what_is_written_is_shown_before_the_rest_is(service: Service) -> None:
    release, closed = threading.Event(), threading.Event()
    app = create_app(writing(service, release, closed), with_chat=False)
    with (
        live_server(app) as origin,
        httpx.Client(base_url=origin, timeout=60) as client,
        client.stream("POST", "/v1/ask", json={"question": ASKED}, headers=EVENTS) as reply,
    ):
        lines = reply.iter_lines()
        assert next(lines) == "event: text"
        assert not release.is_set()
        release.set()
        *_, (last, answer) = events("\n".join(["event: text", *lines]))
        assert (last, answer["status"]) == ("answer", "answered")
    assert closed.wait(60)


def test_who_leaves_stops_the_writing(service: Service) -> None:
    release, closed = threading.Event(), threading.Event()
    app = create_app(writing(service, release, closed), with_chat=False)
    with live_server(app) as origin, httpx.Client(base_url=origin, timeout=60) as client:
        with client.stream("POST", "/v1/ask", json={"question": ASKED}, headers=EVENTS) as reply:
            assert next(reply.iter_lines()) == "event: text"
        release.set()
        assert closed.wait(60)


@given(st.text())
def test_words_are_the_text(text: str) -> None:
    assert "".join(words(text)) == text
