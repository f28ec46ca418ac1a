"""Two real `lotse serve` processes on one index, with its vectors in a Chroma server: shared, guarded, silent, and drained."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from assistant.keys import KeyStore
from ingest.build import ingest
from tests.chroma_server import ChromaServer
from tests.helpers import HashingEmbeddings
from tests.small_service import DOCUMENTS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
ASKED = "Wie viele Mitglieder hat der Biocluster Rosenau?"
IN_DOCUMENT, IN_QUESTION = "Kanariendokument", "Kanarienfrage"


class Server:
    """A process; what it says goes to a file."""

    def __init__(self, folder: Path, said: Path, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.said = said
        with said.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.small_lotse", "serve", "--port", str(self.port), "--data", str(folder / "index")],
                cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def client(self, key: str) -> httpx.Client:
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers={"Authorization": f"Bearer {key}"}, timeout=60
        )

    def wait(self) -> None:
        """Until it answers."""
        transport = httpx.HTTPTransport()
        with httpx.Client(transport=transport) as client:
            while True:
                assert self.process.poll() is None, self.said.read_text()
                try:
                    client.get(f"http://127.0.0.1:{self.port}/readyz")
                except httpx.TransportError:
                    self.process.poll()
                else:
                    return


@dataclass
class Pair:
    folder: Path
    servers: list[Server]
    store: KeyStore
    chroma: ChromaServer

    def index(self) -> None:
        documents = self.folder / "documents"
        ingest([documents], self.folder / "index", HashingEmbeddings(), chroma_url=self.chroma.url)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    chroma = ChromaServer(folder / "chroma")
    for name, content in {**DOCUMENTS, "de/canary.md": f"Das {IN_DOCUMENT} hat 42 Seiten.\n"}.items():
        (folder / "documents" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "documents" / name).write_text(content, encoding="utf-8")
    (folder / "tmp").mkdir()
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp"), "HOME": str(folder / "home"),
        "XDG_CACHE_HOME": str(folder / "home"), "XDG_CONFIG_HOME": str(folder / "home"), "XDG_DATA_HOME": str(folder / "home"),
        "LOTSE_CHROMA_URL": chroma.url, "LOTSE_KEYS": str(folder / "keys.json"), "LOTSE_REQUIRE_KEYS": "true",
        "LOTSE_LOG": "json", "LOTSE_DRAIN": "2",
    }  # fmt: skip
    found = Pair(folder, [], KeyStore(folder / "keys.json"), chroma)
    try:
        found.store.create("first", ["admin"])
        found.index()
        found.servers += [Server(folder, folder / f"said-{n}.txt", environment) for n in range(2)]
        for server in found.servers:
            server.wait()
        yield found
    finally:
        for server in found.servers:
            server.process.kill()
            server.process.wait()
        chroma.stop()


def test_both_give_the_same_answers_and_follow_a_new_version(pair: Pair) -> None:
    key, _ = pair.store.create("both", ["ask"])

    def asked() -> list[object]:
        found = []
        for server in pair.servers:
            with server.client(key) as client:
                answer = client.post("/v1/ask", json={"question": ASKED}).json()
                found.append({name: value for name, value in answer.items() if name not in ("id", "timings_ms")})
        return found

    before = asked()
    assert before[0] == before[1]
    (pair.folder / "documents" / "de" / "new.md").write_text(
        "Der Biocluster Neuau hat 7 Mitglieder.\n", encoding="utf-8"
    )
    pair.index()
    after = asked()
    assert after[0] == after[1]
    assert after[0] != before[0]


def test_a_revoked_key_opens_neither(pair: Pair) -> None:
    shown, key = pair.store.create("short", ["ask"])
    clients = [server.client(shown) for server in pair.servers]
    assert [client.get("/v1/index").status_code for client in clients] == [200, 200]
    pair.store.revoke(key.id)
    assert [client.get("/v1/index").status_code for client in clients] == [401, 401]
    for client in clients:
        client.close()


def test_no_key_question_or_document_is_left_anywhere(pair: Pair) -> None:
    shown, key = pair.store.create("canary", ["ask", "admin"])
    wrong = f"lotse_{'0' * 12}_{'k' * 43}"
    server = pair.servers[0]
    question = f"Wie viele Seiten hat das {IN_DOCUMENT}, {IN_QUESTION}?"
    with server.client(shown) as client, server.client(wrong) as stranger:
        answer = client.post("/v1/ask", json={"question": question, "explain": True})
        assert answer.status_code == 200
        assert IN_DOCUMENT in client.post("/v1/search", json={"query": question}).text
        for path in (f"/v1/{IN_QUESTION}", f"/{IN_QUESTION}?q={IN_QUESTION}", f"/v1/facts?subject={IN_QUESTION}"):
            client.get(path, headers={"X-Request-ID": shown, "User-Agent": IN_QUESTION})
        client.post("/v1/ask", json={"question": "?", "history": [{"role": "user", "content": IN_QUESTION}]})
        client.post("/v1/ask", json={IN_QUESTION: 1})
        client.post(
            "/v1/chat/completions", json={"model": "lotse", "messages": [{"role": "user", "content": question}]}
        )
        client.request(IN_QUESTION.upper(), "/v1/ask")
        assert stranger.post("/v1/ask", json={"question": question}).status_code == 401
        assert IN_DOCUMENT in in_the_chat(client, question)
        metrics = client.get("/metrics").text
    assert 'route="/v1/ask"' in metrics
    left = {"metrics": metrics.encode()}
    for place in (pair.folder / "tmp", pair.folder / "home"):
        left |= {str(path): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    for each in pair.servers:
        left[str(each.said)] = each.said.read_bytes()
    secret = shown.rpartition("_")[2]
    for name, content in left.items():
        for canary in (secret, "k" * 43, IN_QUESTION, IN_QUESTION.upper(), IN_DOCUMENT):
            assert canary.encode() not in content, (name, canary)
    lines = [json.loads(line) for line in server.said.read_text().splitlines() if line.startswith("{")]
    asked = [line for line in lines if line.get("key") == key.id and line.get("route") == "/v1/ask"]
    assert len(asked) >= 3
    assert len({line["request"] for line in asked}) == len(asked)


def in_the_chat(client: httpx.Client, question: str) -> str:
    """Ask as the page does; gives all that it is sent."""
    config = client.get("/config").json()
    (asked,) = [
        call
        for call in config["dependencies"]
        if sum(target[1] in ("click", "submit") for target in call["targets"]) == 2
    ]
    data = {"data": [question, "de", None, []], "fn_index": asked["id"], "session_hash": "canary-session"}
    assert client.post("/gradio_api/queue/join", json=data).status_code == 200
    said = ""
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": "canary-session"}) as stream:
        for line in stream.iter_lines():
            said += line
            if "process_completed" in line:
                break
    return said


def _is_open(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port)):
            return True
    except ConnectionError:
        return False


def test_an_accepted_request_is_finished_while_readiness_goes_first(pair: Pair) -> None:
    key, _ = pair.store.create("drain", ["ask"])
    first, second = pair.servers
    body = json.dumps({"question": ASKED}).encode()
    head = (
        f"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with first.client(key) as client, client.stream("GET", "/gradio_api/heartbeat/someone") as page:
        next(page.iter_lines())  # a page that stays open
        with socket.create_connection(("127.0.0.1", first.port)) as accepted:
            accepted.sendall(head.encode() + body[:10])
            assert client.get("/readyz").status_code == 200
            first.process.send_signal(signal.SIGTERM)
            while (ready := client.get("/readyz")).status_code == 200:
                assert first.process.poll() is None
            assert (ready.status_code, ready.headers["content-type"]) == (503, "application/problem+json")
            assert client.get("/healthz").status_code == 200
            while _is_open(first.port):
                assert first.process.poll() is None
            accepted.sendall(body[10:])
            accepted.settimeout(60)
            reply = b""
            while part := accepted.recv(65_536):
                reply += part
            assert reply.startswith(b"HTTP/1.1 200 OK")
            assert b'"citations"' in reply
        assert first.process.wait(60) == 0
    said = first.said.read_text()
    assert "Traceback" not in said
    assert "error" not in {json.loads(line)["level"] for line in said.splitlines() if line.startswith("{")}
    assert not list((pair.folder / "tmp").glob("clusterlotse-*"))
    with second.client(key) as client:
        assert client.post("/v1/ask", json={"question": ASKED}).status_code == 200
