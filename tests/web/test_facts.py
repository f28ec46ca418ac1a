"""GET /v1/facts and `lotse facts`: what they list, in which form, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from assistant.__main__ import app
from assistant.errors import InvalidInputError
from assistant.fact_rows import COLUMNS
from assistant.web.api import create_app
from tests.small_service import small_service


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("facts")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(small_service(folder), with_chat=False), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def data(folder: Path, client: TestClient) -> Path:
    """The data folder of the small service."""
    return next(path.parent for path in folder.rglob("CURRENT"))


def test_every_fact_carries_its_citation(client: TestClient) -> None:
    listed = client.get("/v1/facts").json()
    assert list(listed) == ["index_version", "facts"]
    assert {fact["kind"] for fact in listed["facts"]} == {"members", "founded"}
    for fact in listed["facts"]:
        assert list(fact) == COLUMNS
        path, _, place = fact["url"].partition("#")
        assert place == f"char={fact['start']},{fact['end']}"
        assert client.get(path).text[fact["start"] : fact["end"]] == fact["quote"]
        assert fact["written"] in fact["quote"]


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        ({}, ["42", "17", "1998", "42", "17", "1998"]),
        ({"language": "de"}, ["42", "17", "1998"]),
        ({"kind": "founded", "language": "en"}, ["1998"]),
        ({"subject": "Biocluster Rosenau", "kind": "members", "language": "de"}, ["42"]),
        ({"subject": "Lindtal nirgends"}, []),
        ({"kind": "seat"}, []),
    ],
)
def test_facts_are_filtered(client: TestClient, asked: dict[str, str], values: list[str]) -> None:
    assert [fact["value"] for fact in client.get("/v1/facts", params=asked).json()["facts"]] == values


def test_facts_as_csv(client: TestClient) -> None:
    reply = client.get("/v1/facts", params={"format": "csv", "language": "de"})
    assert reply.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert [row["value"] for row in rows] == ["42", "17", "1998"]
    assert list(rows[0]) == COLUMNS


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"kind": "foundet"}, "Did you mean founded?"), ({"format": "xml"}, "format"), ({"language": "fr"}, "language")],
)
def test_what_cannot_be_listed(client: TestClient, asked: dict[str, str], said: str) -> None:
    reply = client.get("/v1/facts", params=asked)
    assert reply.status_code == 422
    assert said in reply.json()["detail"]


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["facts", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_command_prints_the_same_in_three_forms(client: TestClient, data: Path) -> None:
    asked = ["--kind", "members", "--language", "de", "--data", str(data)]
    listed = client.get("/v1/facts", params={"kind": "members", "language": "de"}).json()["facts"]
    assert json.loads(run(*asked, "--format", "json")) == listed
    assert [row["quote"] for row in csv.DictReader(io.StringIO(run(*asked, "--format", "csv")))] == [
        fact["quote"] for fact in listed
    ]
    head, *lines = run(*asked).splitlines()
    assert head.split() == ["kind", "subject", "attribute", "written", "period", "title", "date", "url"]
    assert [line.split()[0] for line in lines] == ["members", "members"]
    assert all(fact["url"] in line for fact, line in zip(listed, lines, strict=True))


def test_the_command_knows_bodies_by_name(data: Path) -> None:
    found = json.loads(
        run("--subject", "biocluster rosenau", "--kind", "founded", "--format", "json", "--data", str(data))
    )
    assert [fact["value"] for fact in found] == ["1998"]


def test_an_unknown_kind_is_refused_with_the_nearest(data: Path) -> None:
    with pytest.raises(InvalidInputError, match="Did you mean members"):
        CliRunner().invoke(app, ["facts", "--kind", "member", "--data", str(data)], catch_exceptions=False)
