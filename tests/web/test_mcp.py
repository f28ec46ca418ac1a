"""The tools for agents with the official client: over HTTP, as a process of its own, and within this one."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult

from assistant.pipeline import Service
from assistant.sources import with_sources
from assistant.web.api import create_app
from assistant.web.mcp_server import MAX_BODY, build_server
from tests.live_server import live_server
from tests.small_service import DOCUMENTS, NOT_HELD, small_service

ROOT = Path(__file__).resolve().parents[2]
ASKED = "Wie viele Mitglieder hat der Biocluster Rosenau?"
TOOLS = ["ask", "search", "get_document", "list_facts"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mcp")


@pytest.fixture(scope="module")
def service(folder: Path) -> Service:
    return small_service(folder)


@pytest.fixture(scope="module")
def origin(service: Service) -> Iterator[str]:
    with live_server(create_app(service, with_chat=False)) as origin:
        yield origin


def talk(server: Any, talk: Callable[[Client], Awaitable[Any]], **options: Any) -> Any:
    async def connect() -> Any:
        async with Client(server, **options) as client:
            return await talk(client)

    return anyio.run(connect)


def call(server: Any, tool: str, **arguments: Any) -> CallToolResult:
    result = talk(server, lambda client: client.call_tool(tool, arguments))
    assert isinstance(result, CallToolResult)
    return result


def protocol_error(server: Any, tool: str, **arguments: Any) -> str:
    """What the client is told where a call fails as a call."""

    async def failing(client: Client) -> str:
        with pytest.raises(MCPError) as caught:
            await client.call_tool(tool, arguments)
        return str(caught.value)

    return str(talk(server, failing))


def lasting(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in ("id", "timings_ms")}


def check_every_tool(server: Any, service: Service, **options: Any) -> None:
    """One conversation in which every tool is called, and what it gives is what the other surfaces give."""

    async def conversation(client: Client) -> None:
        assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
        for question in (ASKED, "Who founded the Rosenau biocluster?"):
            direct = service.assistant.ask(question)
            asked = await client.call_tool("ask", {"question": question})
            assert lasting(asked.structured_content) == lasting(json.loads(json.dumps(dataclasses.asdict(direct))))
            assert asked.content[0].text == with_sources(direct)
        (citation,) = (await client.call_tool("ask", {"question": ASKED})).structured_content["citations"]
        found = await client.call_tool("search", {"query": ASKED, "k": 3})
        assert citation["quote"] in found.structured_content["passages"][0]["text"]
        place = {"document_id": citation["document_id"], "start": citation["start"]}
        read = await client.call_tool("get_document", {**place, "length": citation["end"] - citation["start"]})
        assert read.structured_content["text"] == citation["quote"]
        assert (read.structured_content["title"], read.structured_content["end"]) == (
            citation["title"],
            citation["end"],
        )
        facts = await client.call_tool("list_facts", {"kind": "members", "language": "de"})
        assert [fact["value"] for fact in facts.structured_content["facts"]] == ["42", "17"]
        assert json.loads(facts.content[0].text) == facts.structured_content

    talk(server, conversation, **options)


def test_over_http(origin: str, service: Service) -> None:
    check_every_tool(f"{origin}/mcp", service)


def test_over_http_with_a_client_of_before(origin: str, service: Service) -> None:
    check_every_tool(f"{origin}/mcp", service, mode="legacy")


@pytest.mark.slow
def test_beside_the_chat(service: Service) -> None:
    """The chat is mounted at the root and brings a lifespan of its own."""

    async def build() -> FastAPI:
        """Outside of an event loop gradio makes some that it never closes."""
        return create_app(service)

    with live_server(anyio.run(build)) as origin:
        check_every_tool(f"{origin}/mcp", service)
        assert httpx.get(origin).headers["content-type"].startswith("text/html")
        for method, path, status in (("PUT", "/v1/ask", 405), ("PATCH", "/v1/none", 404), ("GET", "/mcp", 405)):
            reply = httpx.request(method, f"{origin}{path}")
            assert (reply.status_code, reply.headers["content-type"]) == (status, "application/problem+json")


@pytest.mark.slow
def test_as_a_process(folder: Path, service: Service) -> None:
    process = StdioServerParameters(
        command=sys.executable,
        args=["-m", "tests.small_lotse", "mcp", "--data", str(folder / "index")],
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONPATH": str(ROOT)},
    )
    check_every_tool(process, service)


@pytest.mark.slow
def test_without_an_index_the_process_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.small_lotse", "mcp", "--data", str(tmp_path)],
        cwd=ROOT, input="", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert done.stderr.startswith(f"Error: There is no index in {tmp_path}. Run lotse-ingest")


def test_a_client_is_greeted_before_the_models_are_there(service: Service) -> None:
    loaded = threading.Event()

    def load() -> Service:
        assert loaded.wait(60)
        return service

    async def conversation(client: Client) -> None:
        assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
        loaded.set()
        assert not (await client.call_tool("ask", {"question": ASKED})).is_error

    talk(build_server(load), conversation)


def test_what_the_tools_say_of_themselves(service: Service) -> None:
    async def described(client: Client) -> None:
        assert client.server_info.name == "clusterlotse"
        assert "verbatim quotes" in (client.instructions or "")
        for tool in (await client.list_tools()).tools:
            assert tool.description
            assert tool.input_schema["type"] == "object"
            assert tool.input_schema["additionalProperties"] is False
            assert tool.output_schema
            assert tool.annotations
            assert tool.annotations.read_only_hint

    talk(build_server(lambda: service), described)


def test_a_refusal_is_an_answer(service: Service) -> None:
    result = call(build_server(lambda: service), "ask", question=NOT_HELD)
    assert not result.is_error
    assert (result.structured_content["status"], result.structured_content["citations"]) == ("not_found", [])


def test_a_follow_up(service: Service) -> None:
    history = [{"role": "user", "content": ASKED}, {"role": "assistant", "content": "42 [1]"}]
    result = call(build_server(lambda: service), "ask", question="Und der Biocluster Lindtal?", history=history)
    assert "17 Mitglieder" in result.structured_content["answer"]


def test_a_long_document_is_read_in_parts(service: Service) -> None:
    (document,) = [one for one in service.index.documents() if one.name == "de/rosenau.md"]
    text, start = "", 0
    while start < len(DOCUMENTS[document.name]):
        part = call(build_server(lambda: service), "get_document", document_id=document.id, start=start, length=100)
        text, start = text + part.structured_content["text"], part.structured_content["end"]
    assert text == DOCUMENTS[document.name]
    assert part.structured_content["characters"] == len(text)


def test_facts_up_to_a_limit(service: Service) -> None:
    assert len(call(build_server(lambda: service), "list_facts", limit=2).structured_content["facts"]) == 2


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {}, "question: Field required."),
        ("ask", {"question": ""}, "The question is empty. Ask in a few words."),
        ("ask", {"question": "a" * 2_001}, "Shorten it."),
        ("ask", {"question": "Wer?", "stream": True}, "stream: Extra inputs are not permitted."),
        ("search", {"query": "Wer?", "k": 0}, "k: Input should be greater than or equal to 1."),
        ("get_document", {"document_id": "none"}, "There is no document 'none'."),
        ("get_document", {"document_id": "none", "length": 0}, "length: Input should be"),
        ("list_facts", {"kind": "foundet"}, "Did you mean founded?"),
    ],
)
def test_a_wrong_call_is_told_to_the_model(service: Service, tool: str, arguments: dict[str, Any], said: str) -> None:
    result = call(build_server(lambda: service), tool, **arguments)
    assert result.is_error
    assert said in result.content[0].text


def test_an_unknown_tool_is_an_error_of_the_protocol(service: Service) -> None:
    assert "There is no tool 'delete'. There are: ask, search" in protocol_error(
        build_server(lambda: service), "delete"
    )


def test_what_nobody_foresaw_is_not_told(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> Any:
        raise RuntimeError("secret place")

    ruined = dataclasses.replace(service, assistant=dataclasses.replace(service.assistant, retrieve=broken))
    assert protocol_error(build_server(lambda: ruined), "ask", question=ASKED) == "Internal server error"
    assert "secret place" in caplog.text, "the operator finds it in the log"


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_nothing_is_to_be_listened_to(origin: str, method: str) -> None:
    reply = httpx.request(method, f"{origin}/mcp")
    assert (reply.status_code, reply.headers["content-type"]) == (405, "application/problem+json")


def test_a_call_that_is_too_large(origin: str) -> None:
    reply = httpx.post(f"{origin}/mcp", json={"x": "a" * MAX_BODY}, headers={"accept": "application/json"})
    assert reply.status_code == 413
