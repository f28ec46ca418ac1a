from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.errors import BusyError, DeadlineError, InvalidInputError, UnexpectedError
from assistant.pipeline import Service
from assistant.settings import Settings
from assistant.types import Language, Question, Turn
from assistant.web.api import create_app
from assistant.web.load.gate import TICKET
from assistant.web.load.serving import Load, serving
from tests.small_service import small_service

ASKED = "Wie viele Mitglieder hat der Biocluster Rosenau?"


class Stop:
    """A rewrite that notes who asks and waits until it may go on."""

    def __init__(self, service: Service) -> None:
        self.asked = list[str]()
        self.here, self.go = threading.Semaphore(0), threading.Event()
        self._rewrite = service.assistant.rewrite

    def __call__(self, question: str, history: Sequence[Turn], language: Language | None) -> Question:
        self.asked.append(question)
        self.here.release()
        assert self.go.wait(10)
        return self._rewrite(question, history, language)


def parts(tmp_path: Path, **settings: object) -> tuple[Service, Load, Stop]:
    plain = small_service(tmp_path)
    stop = Stop(plain)
    plain = dataclasses.replace(plain, assistant=dataclasses.replace(plain.assistant, rewrite=stop))
    return *serving(plain, Settings(data=tmp_path / "index", **settings)), stop  # type: ignore[arg-type]


def test_a_repeated_question_is_answered_from_the_cache(tmp_path: Path) -> None:
    service, load, stop = parts(tmp_path)
    stop.go.set()
    first, second = service.assistant.ask(ASKED), service.assistant.ask(f" {ASKED}")
    assert stop.asked == [ASKED]
    assert dataclasses.replace(second, id=first.id, timings_ms=first.timings_ms) == first
    assert first.id != second.id
    explained = service.assistant.explain(ASKED)
    assert explained.explain.units
    figures = load.metrics.text().decode()
    for figure in (
        'lotse_cache_total{result="hit"} 1.0', 'lotse_cache_total{result="miss"} 1.0', 'engine="extractive",status="answered"} 3.0',
        'lotse_stage_seconds_count{stage="verify"} 2.0',
    ):  # fmt: skip
        assert figure in figures


def test_more_than_may_wait_are_told_to_come_again(tmp_path: Path) -> None:
    service, load, stop = parts(tmp_path, queue=1, cache=0)
    app = create_app(service, with_chat=False, load=load)
    with TestClient(app, base_url="http://localhost") as client, ThreadPoolExecutor(3) as pool:
        accepted = [pool.submit(client.post, "/v1/ask", json={"question": f"{ASKED} {n}"}) for n in range(3)]
        for _ in range(2):
            assert stop.here.acquire(timeout=10)
        while load.gate.waiting < 1:
            threading.Event().wait(0.001)
        for path, body in (("/v1/ask", {"question": ASKED}), ("/v1/search", {"query": ASKED})):
            reply = client.post(path, json=body)
            assert (reply.status_code, reply.headers["content-type"]) == (429, "application/problem+json")
            assert int(reply.headers["retry-after"]) >= 1
        with pytest.raises(BusyError):  # as the chat asks
            service.assistant.ask(ASKED)
        assert client.get("/healthz").status_code == client.get("/v1/index").status_code == 200
        figures = client.get("/metrics").text
        assert "lotse_questions_running 2.0" in figures
        assert "lotse_questions_waiting 1.0" in figures
        assert 'lotse_refused_requests_total{reason="queue"} 2.0' in figures
        stop.go.set()
        assert {reply.result(10).status_code for reply in accepted} == {200}
        assert client.post("/v1/search", json={"query": ASKED}).status_code == 200


def test_what_takes_too_long_is_given_up(tmp_path: Path) -> None:
    service, load, stop = parts(tmp_path, deadline=0.05, cache=0)
    with TestClient(create_app(service, with_chat=False, load=load), base_url="http://localhost") as client:
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(client.post, "/v1/ask", json={"question": ASKED})
            assert stop.here.acquire(timeout=10)
            threading.Event().wait(0.1)
            stop.go.set()
            reply = asked.result(10)
        assert (reply.status_code, reply.headers["content-type"]) == (504, "application/problem+json")
        assert "LOTSE_DEADLINE" in reply.json()["detail"]
    assert 'lotse_failed_questions_total{error="DeadlineError"} 1.0' in load.metrics.text().decode()


def test_no_stage_begins_for_a_client_that_has_gone(tmp_path: Path) -> None:
    service, load, stop = parts(tmp_path, cache=0)
    found = list[Question]()
    assistant = service.assistant
    service = dataclasses.replace(
        service,
        assistant=dataclasses.replace(assistant, retrieve=lambda q: (found.append(q), assistant.retrieve(q))[1]),
    )
    with ThreadPoolExecutor(1) as pool, load.gate.admitted() as ticket:

        def ask() -> None:
            TICKET.set(ticket)
            service.assistant.ask(ASKED)

        asked = pool.submit(ask)
        assert stop.here.acquire(timeout=10)
        ticket.leave()
        stop.go.set()
        with pytest.raises(DeadlineError, match="has gone"):
            asked.result(10)
    assert (load.gate.running, load.gate.waiting) == (0, 0)


def test_errors_are_told_and_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    service, load, stop = parts(tmp_path)
    stop.go.set()
    with pytest.raises(InvalidInputError):
        service.assistant.ask("?")

    def broken(question: Question) -> None:
        raise ValueError(question.text)

    service = dataclasses.replace(service, assistant=dataclasses.replace(service.assistant, retrieve=broken))
    with caplog.at_level(logging.ERROR), pytest.raises(UnexpectedError, match="request id") as told:
        service.assistant.ask(ASKED)
    assert ASKED not in str(told.value) + caplog.messages[0]
    figures = load.metrics.text().decode()
    for kind in ("InvalidInputError", "ValueError"):
        assert f'lotse_failed_questions_total{{error="{kind}"}} 1.0' in figures


def test_an_answer_given_while_the_index_was_switched_is_not_kept(tmp_path: Path) -> None:
    service, _, stop = parts(tmp_path)
    stop.go.set()
    verify = service.assistant.verify
    service = dataclasses.replace(
        service,
        assistant=dataclasses.replace(
            service.assistant, verify=lambda *parts: dataclasses.replace(verify(*parts), index_version="another")
        ),
    )
    service.assistant.ask(ASKED)
    service.assistant.ask(ASKED)
    assert len(stop.asked) == 2
