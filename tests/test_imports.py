"""Documents brought through the browser: names, kinds, who may, progress, and what an import must not take out."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.errors import InvalidInputError
from assistant.imports import Imports, Progress, followed, safe_name
from assistant.keys import KeyStore
from assistant.settings import Settings
from assistant.web.api import create_app
from assistant.web.guard.door import Door
from ingest.build import ingest
from tests.helpers import HashingEmbeddings
from tests.small_service import small_service


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Bericht 2025.pdf", "Bericht 2025.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\über.md", "über.md"),
        ("u\u0308ber.md", "über.md"),
        (".hidden.md", "hidden.md"),
        ("<img src=x>.md", "_img src_x_.md"),
        ("a\u202eb\n.md", "a_b_.md"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_made_harmless(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["", "/", "..", ". .", "___"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(InvalidInputError):
        safe_name(name)


@pytest.mark.parametrize(("name", "content"), [("a.exe", b"x"), ("a", b"x"), ("a.md.sh", b"x"), ("a.md", b"")])
def test_what_is_not_taken(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(InvalidInputError):
        Imports(Settings(data=tmp_path, documents=tmp_path / "d")).add(name, content)
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize(("method", "path"), [("GET", "/bring"), ("GET", "/v1/imports"), ("POST", "/v1/imports")])
def test_without_a_folder_nothing_is_brought(tmp_path: Path, method: str, path: str) -> None:
    client = TestClient(create_app(small_service(tmp_path), with_chat=False), base_url="http://localhost")
    assert client.request(method, path).status_code == 404
    assert "/bring" not in client.get("/documents").text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://localhost"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"host": "lotse.example"}, 421),  # a name that leads here, chosen by somebody else
        ({"x-forwarded-for": "203.0.113.9"}, 401),  # a proxy on this machine
        ({"x-forwarded-for": "203.0.113.9", "authorization": "Bearer {ask}"}, 403),
        ({"x-forwarded-for": "203.0.113.9", "authorization": "Bearer {ingest}"}, 200),
    ],
)
def test_who_may_bring_documents(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    service, store = small_service(tmp_path), KeyStore(tmp_path / "keys.json")
    service.index.settings.documents = tmp_path / "documents"
    keys = {scope: store.create(scope, [scope])[0] for scope in ("ask", "ingest")}
    client = TestClient(create_app(service, with_chat=False, door=Door(store)), base_url="http://localhost")
    sent = {name: value.format(**keys) for name, value in headers.items()}
    pdf = b"%PDF-1.7 " + b"[" * 500_000  # more, and deeper nested, than any other body may be
    assert client.put("/v1/imports/file?name=a.pdf", content=pdf, headers=sent).status_code == status
    assert (tmp_path / "documents" / "a.pdf").is_file() is (status == 200)


def test_progress_is_followed() -> None:
    progress = Progress("running")
    for line, share, name in (
        ({"step": "planned", "name": "", "done": 0, "total": 0}, 0.0, ""),
        ({"step": "staged", "name": "a.md", "done": 50, "total": 100}, 0.45, "a.md"),
        ({"step": "assembling", "name": "", "done": 0, "total": 0}, 0.45, "a.md"),
    ):
        progress = followed(progress, line)
        assert (progress.state, progress.share, progress.name) == ("running", share, name)
    report = {"step": "report", "added": ["a.md"], "changed": [], "removed": [], "documents": 3,
              "refused": [{"name": "b.pdf", "reason": "it is damaged."}]}  # fmt: skip
    done = followed(progress, report)
    assert (done.state, done.refused) == ("done", (("b.pdf", "it is damaged."),))
    assert done.counts == {"added": 1, "changed": 0, "removed": 0, "documents": 3}


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.md").write_text("# A\n\nDer Turm hat 7 Stufen.\n", encoding="utf-8")
    ingest([tmp_path / "d"], tmp_path / "i", HashingEmbeddings())
    return Settings(data=tmp_path / "i", documents=tmp_path / "d")


def wait(imports: Imports) -> Progress:
    for thread in threading.enumerate():
        if thread.name == "import":
            thread.join()
    return imports.progress


def test_a_file_is_added_withdrawn_and_restored(place: Settings) -> None:
    imports = Imports(place, [sys.executable, "-m", "tests.small_ingest"])
    imports.add("b.md", b"# B\n\nDer Hafen hat 9 Kraene.\n")
    imports.start()
    imports.withdraw("a.md")
    imports.start()  # while the first one runs, or after it
    assert wait(imports).counts["documents"] == 1
    assert imports.names() == (["b.md"], ["a.md"])
    imports.restore("a.md")
    imports.start()
    assert wait(imports).counts == {"added": 1, "changed": 0, "removed": 0, "documents": 2}
    for wrong in ("../i/CURRENT", "c.md", ""):
        with pytest.raises(InvalidInputError):
            imports.withdraw(wrong)


def test_documents_that_lie_elsewhere_are_not_taken_out(place: Settings, tmp_path: Path) -> None:
    imports = Imports(place.model_copy(update={"documents": tmp_path / "other"}))
    with pytest.raises(InvalidInputError, match=r"a\.md"):
        imports.start()


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        ("import sys; print('Error: no.', file=sys.stderr); sys.exit(1)", "Error: no."),
        ("print('no json')", "Expecting value"),
        (f"print({json.dumps(json.dumps({'step': 'planned'}))})", ""),
    ],
)
def test_an_import_that_fails_says_why(place: Settings, program: str, problem: str) -> None:
    imports = Imports(place, [sys.executable, "-c", program])
    imports.start()
    ended = wait(imports)
    assert (ended.state, problem in ended.problem) == ("failed", True)
