"""Answering processes, as real ones."""

from __future__ import annotations

import dataclasses
import os
import threading
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.errors import AssistantError, DeadlineError, IndexUnavailableError, InvalidInputError, UnexpectedError
from assistant.extractive import draft_quotes
from assistant.models import SentenceEmbeddings
from assistant.open_index import OpenIndex
from assistant.pipeline import Assistant, Service
from assistant.rewrite import rewrite_question
from assistant.settings import Settings
from assistant.types import Findings, Language, Question, Turn
from assistant.verify import verify_draft
from assistant.web.api import create_app
from assistant.web.load.gate import Ticket
from assistant.web.load.serving import Load, serving
from assistant.web.load.workers import Workers
from tests.helpers import HashingEmbeddings
from tests.small_service import small_service

pytestmark = pytest.mark.slow

ASKED = "Wie viele Mitglieder hat der Biocluster Rosenau?"
FAILURES: list[tuple[str, type[AssistantError], str]] = [
    ("?!", InvalidInputError, "The question holds no word."),
    ("DIVIDE", UnexpectedError, "Something unexpected happened."),
    ("NO INDEX", IndexUnavailableError, "Gone. Make one."),
]


def assistant_of(folder: Path, embedder: SentenceEmbeddings) -> Assistant:
    """Built in the process that answers."""
    index = OpenIndex(Settings(data=folder), embedder)

    def rewrite(question: str, history: Sequence[Turn], language: Language | None) -> Question:
        if question == "EXIT":
            os._exit(3)
        if question == "STALL":
            time.sleep(600)
        if question == "DIVIDE":
            _ = 1 / 0
        if question == "NO INDEX":
            raise IndexUnavailableError("Gone.", "Make one.")
        return rewrite_question(question, history, language)

    def retrieve(question: Question) -> Findings:
        return dataclasses.replace(index(question), answerable=1.0)

    return Assistant(rewrite, retrieve, draft_quotes, verify_draft)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Service, Load]]:
    """The plain service, the one with two processes, and what that shares."""
    folder = tmp_path_factory.mktemp("workers")
    plain = small_service(folder)
    settings = Settings(data=folder / "index", workers=2, cache=0, deadline=30)
    workers = Workers(2, partial(assistant_of, settings.data), HashingEmbeddings().name)
    workers.ready(HashingEmbeddings())
    served, load = serving(plain, settings, workers=workers)
    yield plain, served, load
    workers.close()


def lasting(answer: object) -> dict[str, object]:
    return {k: v for k, v in dataclasses.asdict(answer).items() if k not in ("id", "timings_ms", "explain")}  # type: ignore[call-overload]


def test_a_process_answers_as_the_server_itself_would(parts: tuple[Service, Service, Load]) -> None:
    plain, served, load = parts
    assert lasting(served.assistant.ask(ASKED)) == lasting(plain.assistant.ask(ASKED))
    follow_up, history = "Und der Biocluster Lindtal?", (Turn("user", ASKED),)
    explained = served.assistant.explain(follow_up, history, "en")
    assert lasting(explained) == lasting(plain.assistant.ask(follow_up, history, "en"))
    assert explained.explain.question
    figures = load.metrics.text().decode()
    assert 'lotse_questions_total{engine="extractive",status="answered"} 2.0' in figures
    for stage in ("rewrite", "retrieve", "draft", "verify"):
        assert f'lotse_stage_seconds_count{{stage="{stage}"}} 2.0' in figures


@pytest.mark.parametrize(("question", "kind", "said"), FAILURES)
def test_errors_come_back(
    parts: tuple[Service, Service, Load], question: str, kind: type[AssistantError], said: str
) -> None:
    with pytest.raises(kind, match=said.replace("?", r"\?")):
        parts[1].assistant.ask(question)
    assert parts[1].assistant.ask(ASKED).citations


def test_many_at_once(parts: tuple[Service, Service, Load]) -> None:
    plain, served, _ = parts
    questions = [ASKED, "How many members does the Lindtal biocluster have?", "Was kostet der Brutkasten 🥚?"] * 8
    found: dict[int, object] = {}
    threads = [
        threading.Thread(target=lambda n=n, q=q: found.__setitem__(n, lasting(served.assistant.ask(q))))  # type: ignore[misc]
        for n, q in enumerate(questions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[n] for n in range(len(questions))] == [lasting(plain.assistant.ask(q)) for q in questions]


def test_a_process_that_dies_is_replaced(parts: tuple[Service, Service, Load]) -> None:
    served, load = parts[1:]
    for _ in range(2):
        with pytest.raises(UnexpectedError, match="The process that was to answer has ended"):
            served.assistant.ask("EXIT")
    assert load.workers
    app = create_app(served, with_chat=False, load=load)
    with TestClient(app, base_url="http://localhost") as client:
        reply = client.get("/readyz")
        assert (reply.status_code, "have ended" in reply.text) == (503, True)
        while client.get("/readyz").status_code != 200:
            threading.Event().wait(0.01)
    for worker in load.workers._workers:
        while not worker.alive:
            threading.Event().wait(0.01)
    assert {served.assistant.ask(ASKED).status for _ in range(4)} == {"answered"}


def test_nobody_waits_longer_than_the_deadline_nor_for_who_has_gone(tmp_path: Path) -> None:
    small_service(tmp_path)
    workers = Workers(1, partial(assistant_of, tmp_path / "index"), HashingEmbeddings().name)
    workers.ready(HashingEmbeddings())
    try:
        with pytest.raises(DeadlineError, match=r"longer than 0\.2 seconds"):
            workers.ask("STALL", (), None, explain=False, ticket=Ticket(0.2))
        ticket = Ticket(600)
        threading.Timer(0.2, ticket.leave).start()
        with pytest.raises(DeadlineError, match="has gone"):
            workers.ask("STALL", (), None, explain=False, ticket=ticket)
    finally:
        workers.close()


def test_a_process_that_cannot_begin_says_why(tmp_path: Path) -> None:
    workers = Workers(1, partial(assistant_of, tmp_path / "nowhere"), HashingEmbeddings().name)
    with pytest.raises(IndexUnavailableError, match="There is no index in"):
        workers.ready(HashingEmbeddings())
    workers.close()
