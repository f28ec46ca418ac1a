from __future__ import annotations

import logging
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from assistant.errors import ConfigurationError
from assistant.settings import Settings
from assistant.web.api import create_app
from assistant.web.load.serving import serving
from assistant.web.observe.logs import requests
from assistant.web.observe.metrics import Metrics
from assistant.web.observe.tracing import NoTraces, Traces, traces_to
from assistant.web.observe.watch import Watch
from tests.small_service import small_service

ASKED = "Wie viele Mitglieder hat der Biocluster Rosenau?"
CANARY = "Kanarienfrage"


def about(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


def test_a_request_is_one_trace_with_its_stages(tmp_path: Path) -> None:
    exported = InMemorySpanExporter()
    traces = Traces(SimpleSpanProcessor(exported))
    service, load = serving(small_service(tmp_path), Settings(data=tmp_path / "index"), traces=traces)
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with TestClient(create_app(service, with_chat=False, load=load), base_url="http://localhost") as client:
        assert client.post(
            "/v1/ask", json={"question": f"{ASKED} {CANARY}"}, headers={"traceparent": parent}
        ).is_success
        client.get(f"/v1/{CANARY}?{CANARY}")
    traces.close()
    *stages, request, unknown = exported.get_finished_spans()
    assert [stage.name for stage in stages] == ["rewrite", "retrieve", "draft", "verify"]
    assert request.name == "POST /v1/ask"
    assert about(request)["http.response.status_code"] == 200
    assert len(str(about(request)["lotse.request_id"])) == 32
    assert request.context.trace_id == 0x0AF7651916CD43DD8448EB211C80319C
    for stage in stages:
        assert stage.parent
        assert stage.parent.span_id == request.context.span_id
        assert about(stage) == {"status": "answered", "engine": "extractive", "degraded": False}
        assert request.start_time <= stage.start_time <= stage.end_time <= request.end_time  # type: ignore[operator]
    assert unknown.name == "GET other"
    assert CANARY not in "".join(span.to_json() for span in exported.get_finished_spans())


def test_no_traces_by_default() -> None:
    assert type(traces_to(None)) is NoTraces


def test_traces_need_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace.export", None)
    with pytest.raises(ConfigurationError, match=r"clusterlotse\[otel\]"):
        traces_to("http://127.0.0.1:4317")


@pytest.fixture
def failing() -> tuple[TestClient, Metrics]:
    app, metrics = FastAPI(), Metrics()

    @app.get("/fail/{word}")
    def fail(word: str) -> None:
        raise ValueError(word)

    app.add_middleware(Watch, metrics=metrics, traces=NoTraces())
    return TestClient(app, base_url="http://localhost"), metrics


def test_what_nobody_foresaw_is_one_problem_without_its_words(
    failing: tuple[TestClient, Metrics], caplog: pytest.LogCaptureFixture
) -> None:
    client, metrics = failing
    with caplog.at_level(logging.INFO, requests.name):
        reply = client.get(f"/fail/{CANARY}", headers={"X-Request-ID": "from-the-test"})
    assert (reply.status_code, reply.headers["content-type"]) == (500, "application/problem+json")
    assert "from-the-test" in reply.json()["detail"]
    assert CANARY not in reply.text + "".join(caplog.messages)
    assert caplog.records[-1].about["route"] == "/fail/{word}"  # type: ignore[attr-defined]
    assert 'route="/fail/{word}",status="500"' in metrics.text().decode()


def test_labels_do_not_grow_with_what_is_called(failing: tuple[TestClient, Metrics]) -> None:
    client, metrics = failing
    for method in ("BREW", "SECRET"):
        client.request(method, "/x")
    client.get("/y/z")
    figures = metrics.text().decode()
    assert 'lotse_request_seconds_count{method="OTHER",route="other",status="404"} 2.0' in figures
    assert 'lotse_request_seconds_count{method="GET",route="other",status="404"} 1.0' in figures
