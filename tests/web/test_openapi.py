"""The description of the interface: the committed copy is current, and every example in it works."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from assistant.__main__ import app as lotse
from assistant.pipeline import MAX_QUESTION, check_question
from assistant.web.api import create_app, described
from assistant.web.documents import EXAMPLE
from assistant.web.openapi import QUESTION
from tests.idle_imports import idle_imports
from tests.small_service import DOCUMENTS, small_service

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = described()
METHODS = {"get", "post", "put", "delete", "patch"}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            assert method in METHODS
            yield method, path, operation


OPERATIONS = [pytest.param(*operation, id=f"{operation[0]} {operation[1]}") for operation in operations()]


def test_the_committed_copy_is_current() -> None:
    committed = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    assert committed == DOCUMENT, "make openapi renews it"


def test_it_is_the_same_whatever_is_served(tmp_path: Path) -> None:
    with TestClient(create_app(small_service(tmp_path), with_chat=False), base_url="http://localhost") as client:
        assert client.get("/openapi.json").json() == DOCUMENT


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_operation_says_what_it_does_and_how_it_fails(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    for status, response in operation["responses"].items():
        if status[0] in "45":
            assert response == {"$ref": f"#/components/responses/Error{status}"}
            content = DOCUMENT["components"]["responses"][f"Error{status}"]["content"]
            assert list(content) == ["application/problem+json"]
    for parameter in operation.get("parameters", ()):
        assert not parameter.get("required") or parameter.get("examples") or parameter["schema"].get("examples"), (
            parameter
        )


def filled(path: str, operation: dict[str, Any], small: str) -> tuple[str, dict[str, Any]]:
    """The path and query of the examples; the document is one of the small ones."""
    query = {}
    for parameter in operation.get("parameters", ()):
        examples = parameter.get("examples") or parameter["schema"].get("examples") or []
        for example in examples[:1]:
            value = small if example == EXAMPLE else example
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", str(value))
            else:
                query[parameter["name"]] = value
    assert "{" not in path
    return path, query


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_example_works(method: str, path: str, operation: dict[str, Any], client: TestClient, small: str) -> None:
    address, query = filled(path, operation, small)
    bodies: list[Any] = [None]
    if path == "/v1/imports/file" and method == "put":
        assert client.put(address, params=query, content=b"%PDF-1.7\n").json() == {"name": "report.pdf"}
        return
    if "requestBody" in operation:
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        bodies = DOCUMENT["components"]["schemas"][reference.rpartition("/")[2]]["examples"]
    assert bodies
    for body in bodies:
        reply = client.request(method, address, params=query, json=body)
        wanted = 404 if path.endswith("/pages/{page}") else 200  # of a document that is no PDF
        assert reply.status_code == wanted, reply.text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("openapi")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    service = small_service(folder)
    app = create_app(service, with_chat=False, files=folder / "documents")
    idle_imports(app, service, folder / "brought")
    with TestClient(app, base_url="http://localhost") as client:
        yield client


@pytest.fixture(scope="module")
def small(client: TestClient) -> str:
    """The id of a small document."""
    listed = client.get("/v1/documents").json()["documents"]
    assert len(listed) == len(DOCUMENTS)
    return str(listed[0]["document_id"])


@pytest.mark.parametrize(
    "question",
    ["Wer?", "7", "Ωmega", "…ß…", "北京", "Ⅷ", "½", "٣", "a\tb\nc", "a\x7fb", "\u200bä", "?!", "", " ", "\n", "a\x00", "\x1fa",
     "_", "–", "🧬", "a" * MAX_QUESTION, "a" * (MAX_QUESTION + 1), "a\n", "\u0301", "🄰"],
)  # fmt: skip
def test_the_pattern_of_a_question_is_what_the_program_checks(question: str) -> None:
    """By another engine than Python's: that of JSON Schema, which knows classes of characters."""
    from jsonschema_rs import Draft202012Validator

    from assistant.errors import InvalidInputError

    try:
        check_question(question)
        accepted = True
    except InvalidInputError:
        accepted = False
    assert Draft202012Validator({"type": "string", **QUESTION}).is_valid(question) is accepted


def test_the_command_prints_the_committed_copy() -> None:
    printed = CliRunner().invoke(lotse, ["openapi"], catch_exceptions=False).stdout
    assert printed == (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8")
