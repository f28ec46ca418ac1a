"""Every string that a route takes, where strings are that programs trip over."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio
import httpx
import pytest
import schemathesis
from mcp.client.client import Client

from assistant.web.api import create_app, described
from assistant.web.chat.exchange import EXAMPLE_ANSWER, EXAMPLE_QUESTION
from assistant.web.mcp_server import build_server
from tests.live_server import live_server
from tests.small_service import small_service
from tests.web.naughty import strings

DOCUMENT = described()
NAUGHTY = strings()
STEP = 1 if "FUZZ" in os.environ else 10  # a sample for make test; each field begins at another one
_URL = 5_000  # characters of an address that servers read; h11 takes no more than 64,000 bytes
schema = schemathesis.openapi.from_dict(DOCUMENT)


@dataclass(frozen=True)
class Field:
    """One string that a route takes, and a request in which it is the only one that changes."""

    method: str
    path: str
    place: str  # path, query or body
    name: str

    def send(self, client: httpx.Client, example: Any, value: str, known: str) -> httpx.Response:
        path, query, body = self.path, {}, example
        if self.place != "body":
            value = value[:_URL]
        if self.place == "path":
            path = path.replace(f"{{{self.name}}}", quote(value, safe=""))
        elif self.place == "query":
            query[self.name] = value
        else:
            body = put(example, self.name.split("."), value)
        path = path.replace("{document_id}", known).replace("{model}", "clusterlotse").replace("{page}", "1")
        return client.request(self.method, path, params=query, json=body)


def put(body: Any, where: list[str], value: str) -> Any:
    """The body with a value at a place."""
    if not where:
        return value
    first, *rest = where
    if first == "0":
        return [put(body[0] if body else {}, rest, value), *(body or [])[1:]]
    return {**(body or {}), first: put((body or {}).get(first), rest, value)}


BODIES: dict[str, tuple[Any, list[str]]] = {
    "/v1/ask": (
        {"question": "Wer?", "history": [{"role": "user", "content": "Wer leitet BioRN?"}]},
        ["question", "history.0.content", "history.0.role", "language", "stream", "anything"],
    ),
    "/v1/search": ({"query": "Wer?"}, ["query", "language", "k", "anything"]),
    "/v1/chat/completions": (
        {"model": "clusterlotse", "messages": [{"role": "user", "content": "Wer?"}]},
        ["model", "messages.0.content", "messages.0.role", "messages.0.name", "language", "user", "metadata.a",
         "response_format.type"],
    ),
    "/v1/feedback": (
        {"question": EXAMPLE_QUESTION, "answer": EXAMPLE_ANSWER, "verdict": "right"},
        ["question", "history.0", "answer.answer", "answer.language", "answer.rewritten_question", "answer.citations.0.quote",
         "verdict", "reason", "comment", "anything"],
    ),
    "/v1/evidence": (
        {"exchanges": [{"question": EXAMPLE_QUESTION, "answer": EXAMPLE_ANSWER}]},
        ["language", "format", "exchanges.0.question", "exchanges.0.answer.answer", "exchanges.0.answer.id",
         "exchanges.0.near.0.title", "anything"],
    ),
    "/v1/imports/file": ({"action": "withdraw", "name": "a.pdf"}, ["action", "name", "anything"]),
}  # fmt: skip


def fields() -> Iterator[Field]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", ()):
                yield Field(method, path, parameter["in"], parameter["name"])
            if "application/json" in operation.get("requestBody", {"content": ()})["content"]:
                yield from (Field(method, path, "body", name) for name in BODIES[path][1])


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("naughty")
    app = create_app(small_service(folder), with_chat=False, files=folder / "documents")
    with live_server(app) as origin, httpx.Client(base_url=origin, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def known(client: httpx.Client) -> str:
    return str(client.get("/v1/documents").json()["documents"][0]["document_id"])


FIELDS = list(enumerate(fields()))


@pytest.mark.parametrize(("number", "field"), FIELDS, ids=[f"{f.method} {f.path} {f.name}" for _, f in FIELDS])
def test_no_string_is_too_much(client: httpx.Client, known: str, number: int, field: Field) -> None:
    operation = schema[field.path][field.method.upper()]
    example = BODIES[field.path][0] if field.path in BODIES else None
    for value in NAUGHTY[number % STEP :: STEP]:
        reply = field.send(client, example, value, known)
        assert reply.status_code < 500, (value, reply.text)
        if field.place != "path" or reply.url.path.count("/") == field.path.count("/"):  # else it is another route
            operation.validate_response(reply)
        if reply.status_code >= 400:
            assert reply.headers["content-type"] == "application/problem+json"
            assert len(reply.json()["detail"].splitlines()) == 1, value


ARGUMENTS = [
    ("ask", lambda value: {"question": value}),
    ("ask", lambda value: {"question": "Wer?", "history": [{"role": "assistant", "content": value}]}),
    ("search", lambda value: {"query": value}),
    ("get_document", lambda value: {"document_id": value}),
    ("list_facts", lambda value: {"subject": value}),
    ("list_facts", lambda value: {"kind": value}),
]


def test_no_string_is_too_much_for_a_tool(tmp_path: Path) -> None:
    """A call may be refused, which the client is told in the result; it never fails as a call."""
    service = small_service(tmp_path)

    async def call_all() -> None:
        async with Client(build_server(lambda: service)) as agent:
            for number, (tool, arguments) in enumerate(ARGUMENTS):
                for value in NAUGHTY[number % STEP :: STEP]:
                    result = await agent.call_tool(tool, arguments(value))
                    assert result.content[0].text.strip(), value

    anyio.run(call_all)


def test_the_service_is_well_afterwards(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": "Wie viele Mitglieder hat der Biocluster Rosenau?"}).json()
    assert "**42** Mitglieder" in answer["answer"]
