"""The HTTP interface as callers see it: the contract's fields, its promises, and errors that are one clear line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from assistant.index.versions import STORE, served
from assistant.pipeline import MAX_HISTORY, MAX_QUESTION
from assistant.web.api import create_app
from assistant.web.guard.body import MAX_BODY
from tests.small_service import DOCUMENTS, NOT_HELD, small_service

ASKED = "Wie viele Mitglieder hat der Biocluster Rosenau?"
ANSWER = (
    "id status answer language engine degraded rewritten_question citations conflicts index_version timings_ms".split()
)
CITATION = "marker document_id title publisher date language section page quote start end url".split()
PASSAGE = "rank score document_id title date language section page text start end".split()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = create_app(small_service(tmp_path_factory.mktemp("api")), with_chat=False)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


def ask(client: TestClient, question: str = ASKED, **more: Any) -> dict[str, Any]:
    reply = client.post("/v1/ask", json={"question": question, **more})
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def search(client: TestClient, **body: Any) -> list[dict[str, Any]]:
    reply = client.post("/v1/search", json=body)
    assert reply.status_code == 200, reply.text
    assert list(reply.json()) == ["index_version", "passages"]
    passages: list[dict[str, Any]] = reply.json()["passages"]
    return passages


def assert_problem(reply: Any, status: int, said: str) -> None:
    """An error after RFC 9457 whose detail is one line that says what is wrong."""
    assert (reply.status_code, reply.headers["content-type"]) == (status, "application/problem+json"), reply.text
    body = reply.json()
    assert list(body) == ["type", "title", "status", "detail"]
    assert body["status"] == status
    assert body["title"]
    assert said in body["detail"]
    assert len(body["detail"].splitlines()) == 1
    assert len(body["detail"]) < 300
    assert "Traceback" not in reply.text


# ---- answers -------------------------------------------------------------------------------------------------


def test_an_answer_has_the_fields_of_the_contract(client: TestClient) -> None:
    answer = ask(client)
    assert list(answer) == ANSWER
    assert answer["citations"]
    assert [list(citation) for citation in answer["citations"]] == [CITATION] * len(answer["citations"])
    assert list(answer["timings_ms"]) == ["retrieve", "answer", "total"]
    assert (answer["status"], answer["language"], answer["engine"]) == ("answered", "de", "extractive")
    assert (answer["degraded"], answer["rewritten_question"], answer["conflicts"]) == (False, None, [])
    assert "**42** Mitglieder" in answer["answer"]


@pytest.mark.parametrize("question", [ASKED, "Who founded the Rosenau biocluster?", "Was kostet der Brutkasten 🥚?"])
def test_quotes_are_slices_of_the_document(client: TestClient, question: str) -> None:
    answer = ask(client, question)
    assert {int(n) for n in re.findall(r"\[(\d+)\]", answer["answer"])} == {c["marker"] for c in answer["citations"]}
    for citation in answer["citations"]:
        text = client.get(f"/v1/documents/{citation['document_id']}").text
        assert text in DOCUMENTS.values()
        assert text[citation["start"] : citation["end"]] == citation["quote"] != ""
        assert client.get(citation["url"]).text == text
        assert urlsplit(citation["url"]).fragment == f"char={citation['start']},{citation['end']}"


def test_an_explanation_is_added_where_it_is_asked_for(client: TestClient) -> None:
    answer, without = ask(client, explain=True), ask(client, explain=False)
    assert list(answer) == [*ANSWER, "explain"]
    assert list(without) == ANSWER
    explanation = answer["explain"]
    assert explanation["question"] == ASKED
    assert {unit["text"] for unit in explanation["units"]} >= {citation["quote"] for citation in answer["citations"]}
    assert explanation["choices"][0]["decision"] == "chosen"
    assert [s["name"] for s in explanation["refusal"]["signals"]]
    assert_problem(client.post("/v1/ask", json={"question": ASKED, "explain": "perhaps"}), 422, "explain")


def test_what_is_not_held_is_not_claimed(client: TestClient) -> None:
    answer = ask(client, NOT_HELD)
    assert list(answer) == ANSWER
    assert (answer["status"], answer["citations"], answer["conflicts"]) == ("not_found", [], [])
    assert not re.search(r"\[\d+\]", answer["answer"])


def test_history_gives_a_follow_up_its_meaning(client: TestClient) -> None:
    history = [{"role": "user", "content": ASKED}, {"role": "assistant", "content": "42 [1]"}]
    answer = ask(client, "Und der Biocluster Lindtal?", history=history)
    assert "Mitglieder" in answer["rewritten_question"]
    assert "17 Mitglieder" in answer["answer"]


@pytest.mark.parametrize(("language", "expected"), [("de", "de"), ("en", "en"), (None, "de")])
def test_the_language_of_an_answer(client: TestClient, language: str | None, expected: str) -> None:
    answer = ask(client, language=language)
    assert answer["language"] == expected
    assert answer["citations"][0]["language"] == expected


def test_the_same_question_gives_the_same_answer(client: TestClient) -> None:
    first, second = ask(client), ask(client)
    assert {k: v for k, v in first.items() if k not in ("id", "timings_ms")} == {
        k: v for k, v in second.items() if k not in ("id", "timings_ms")
    }


# ---- search --------------------------------------------------------------------------------------------------


def test_a_passage_has_the_fields_of_the_contract(client: TestClient) -> None:
    passages = search(client, query="Mitglieder Rosenau")
    assert [list(passage) for passage in passages] == [PASSAGE] * len(passages)
    assert [passage["rank"] for passage in passages] == list(range(1, len(passages) + 1))
    assert passages == sorted(passages, key=lambda passage: -passage["score"])
    assert "42 Mitglieder" in passages[0]["text"]
    for passage in passages:
        text = client.get(f"/v1/documents/{passage['document_id']}").text
        assert text[passage["start"] : passage["end"]] == passage["text"]


@pytest.mark.parametrize(("k", "most"), [(1, 1), (2, 2), (50, 50)])
def test_at_most_k_passages(client: TestClient, k: int, most: int) -> None:
    assert 1 <= len(search(client, query="Biocluster Rosenau", k=k)) <= most


@pytest.mark.parametrize("language", ["de", "en"])
def test_search_keeps_to_a_language(client: TestClient, language: str) -> None:
    passages = search(client, query="Biocluster Rosenau", language=language)
    assert {passage["language"] for passage in passages} == {language}


def test_search_sees_what_ask_cites(client: TestClient) -> None:
    found = {passage["document_id"] for passage in search(client, query=ASKED)}
    assert {citation["document_id"] for citation in ask(client)["citations"]} <= found


# ---- wrong calls ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("route", "body", "said"),
    [
        ("ask", {}, "question: Field required"),
        ("ask", [], "body: Input should be a valid dictionary"),
        ("ask", {"question": None}, "question: Input should be a valid string"),
        ("ask", {"question": 7}, "question: Input should be a valid string"),
        ("ask", {"question": ""}, "The question is empty."),
        ("ask", {"question": " \n\t"}, "The question is empty."),
        ("ask", {"question": "🦠🧬"}, "The question holds no word."),
        ("ask", {"question": "?!"}, "The question holds no word."),
        ("ask", {"question": "Wer\x00?"}, "control characters"),
        ("ask", {"question": "Wer\x1b[31m?"}, "control characters"),
        ("ask", {"question": "a" * (MAX_QUESTION + 1)}, "more than 2,000"),
        ("ask", {"question": "Wer?", "extra": 1}, "extra: Extra inputs are not permitted"),
        ("ask", {"question": "Wer?", "language": "fr"}, "language: Input should be 'de' or 'en'"),
        ("ask", {"question": "Wer?", "history": "Wer?"}, "history: Input should be a valid list"),
        ("ask", {"question": "Wer?", "history": [{"role": "system", "content": "x"}]}, "history.0.role: Input should"),
        ("ask", {"question": "Wer?", "history": [{"role": "user"}]}, "history.0.content: Field required"),
        ("ask", {"question": "Wer?", "history": [{"role": "user", "content": "x"}] * (MAX_HISTORY + 1)}, "at most 50"),
        ("search", {}, "query: Field required"),
        ("search", {"query": ""}, "empty"),
        ("search", {"query": "x", "k": 0}, "k: Input should be greater than or equal to 1"),
        ("search", {"query": "x", "k": 51}, "k: Input should be less than or equal to 50"),
        ("search", {"query": "x", "k": "3"}, "k: Input should be a number"),
        ("search", {"query": "x", "k": True}, "k: Input should be a number"),
        ("ask", {"question": "Wer?", "explain": 1}, "explain: Input should be a valid boolean"),
        ("search", {"query": "x", "k": "many"}, "k: Input should be a number"),
        ("search", {"query": "x", "language": "fr"}, "language: Input should be 'de' or 'en'"),
        ("search", {"query": "x", "top": 3}, "top: Extra inputs are not permitted"),
    ],
)
def test_a_wrong_body_is_named_in_one_line(client: TestClient, route: str, body: Any, said: str) -> None:
    assert_problem(client.post(f"/v1/{route}", json=body), 422, said)


@pytest.mark.parametrize("route", ["ask", "search"])
@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"question": }', b"\xff\xfe", b'{"question": "Wer \\ud800?", "query": "Wer \\ud800?"}']
)
def test_broken_json_is_a_wrong_call(client: TestClient, route: str, content: bytes) -> None:
    reply = client.post(f"/v1/{route}", content=content, headers={"content-type": "application/json"})
    assert reply.status_code in (400, 422)
    assert_problem(reply, reply.status_code, "See /docs")


@pytest.mark.parametrize("route", ["ask", "search"])
def test_a_body_of_a_megabyte_is_refused(client: TestClient, route: str) -> None:
    body = {"question": "a" * 1_000_000}
    assert_problem(client.post(f"/v1/{route}", json=body), 413, f"at most {MAX_BODY:,} bytes")


@pytest.mark.parametrize("route", ["ask", "search", "nothing"])
def test_a_body_of_unknown_length_is_refused(client: TestClient, route: str) -> None:
    chunks = iter([b'{"question": "', *[b"a" * 100_000] * 3, b'"}'])
    assert_problem(client.post(f"/v1/{route}", content=chunks), 411, "Content-Length")
    assert_problem(client.post(f"/v1/{route}", content=b"{}", headers={"content-length": "x"}), 411, "Content-Length")


@pytest.mark.parametrize("question", [f"{ASKED} 🧬", f"  {ASKED}\r\n", ASKED + " " + "bitte " * 300])
def test_an_unusual_question_is_answered(client: TestClient, question: str) -> None:
    assert "**42** Mitglieder" in ask(client, question)["answer"]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; DROP TABLE units; --", '"Rosenau" AND (', "*%_[x"])
def test_a_question_is_no_code(client: TestClient, text: str) -> None:
    assert list(ask(client, text)) == ANSWER
    search(client, query=text)
    assert "**42** Mitglieder" in ask(client)["answer"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("POST", "/v1/ask/nothing", 404),
        ("PATCH", "/v1/ask", 405),
        ("DELETE", "/v1/documents/none", 405),
        ("GET", "/v1/documents/none", 404),
        ("GET", "/v1/documents/..%2f..%2fetc%2fpasswd", 404),
        ("GET", "/v1/documents/%00", 404),
        ("GET", "/nothing", 404),
        ("DELETE", "/healthz", 405),
    ],
)
def test_an_unknown_route_is_a_problem(client: TestClient, method: str, path: str, status: int) -> None:
    assert_problem(client.request(method, path), status, "See /docs")


# ---- beside --------------------------------------------------------------------------------------------------


def test_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "index_version": ask(client)["index_version"]}


def test_an_index_that_is_taken_away_goes_on_serving(tmp_path: Path) -> None:
    with TestClient(create_app(small_service(tmp_path), with_chat=False), base_url="http://localhost") as client:
        shutil.rmtree(tmp_path / "index")
        assert client.get("/readyz").json()["status"] == "ready"
        assert client.post("/v1/search", json={"query": "Rosenau"}).json()["passages"]


def test_with_a_ruined_index_it_is_alive_and_not_ready(tmp_path: Path) -> None:
    with TestClient(create_app(small_service(tmp_path), with_chat=False), base_url="http://localhost") as client:
        store = served(tmp_path / "index").folder / STORE
        with store.open("r+b") as file:
            file.write(b"ruined" * 1_000)
        assert client.get("/healthz").status_code == 200
        for reply in (client.get("/readyz"), client.post("/v1/search", json={"query": "Rosenau"})):
            assert_problem(reply, 503, "lotse-ingest")


def test_the_documentation_asks_no_foreign_host(client: TestClient) -> None:
    page = client.get("/docs").text
    hosts = {urlsplit(found).hostname for found in re.findall(r"(?:https?:)?//[^\s\"'<>)]+", page)}
    assert hosts <= {None}
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert loaded
    assert {client.get(path).status_code for path in loaded if not path.startswith("data:")} == {200}
