"""docs/http.md and the README: every command and program in them runs, and every route has one."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant.pipeline import build_service
from assistant.settings import Settings
from assistant.web.api import create_app, described
from ingest.build import ingest
from tests.helpers import HashingEmbeddings
from tests.idle_imports import idle_imports
from tests.ingest.make_pdf import Pdf
from tests.live_server import live_server

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "http.md"
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", DOCS.read_text("utf-8") + (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
SERVER = "http://127.0.0.1:7860"
CURLS = sorted(
    {line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line.startswith("curl ")}
)
PROGRAMS = [block for kind, block in BLOCKS if kind == "python"]
TALKED_OF = ["de/bio-nrw.md", "en/bio-nrw.md", "de/biorn.md", "en/biorn.md", "de/saxocell-people.md"]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The documents that are talked of, behind a real port; with a PDF, since its pages are."""
    folder, data = tmp_path_factory.mktemp("talked-of"), tmp_path_factory.mktemp("data")
    for name in TALKED_OF:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "corpus" / name, folder / name)
    (folder / "report.pdf").write_bytes(Pdf(title="Report").line("The report has one page.").data())
    ingest([folder], data, HashingEmbeddings())
    patched = pytest.MonkeyPatch()
    patched.setattr("assistant.pipeline.load_embedder", lambda settings, **_: HashingEmbeddings())
    service = build_service(Settings(data=data))
    app = create_app(service, with_chat=False, files=folder)
    idle_imports(app, service, tmp_path_factory.mktemp("brought") / "documents")
    patched.undo()
    with live_server(app) as origin:
        yield origin


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
@pytest.mark.parametrize("line", CURLS)
def test_a_command_works(origin: str, line: str, tmp_path: Path) -> None:
    assert SERVER in line
    words = [word.replace(SERVER, origin) for word in shlex.split(line, comments=True)]
    if "report.pdf" in words:  # what it sends
        (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7\n")
    done = subprocess.run([*words, "--fail-with-body", "-i"], cwd=tmp_path, capture_output=True, check=False)
    said = done.stdout or b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert done.returncode == 0, said
    said = said.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 200 ")
    _, _, body = said.partition(b"\r\n\r\n")
    assert len(body) > 10
    if b"/v1/ask" in line.encode():
        assert b'"status": "answered"' in body or b'"status":"answered"' in body


@pytest.mark.parametrize("program", PROGRAMS, ids=[program.splitlines()[0] for program in PROGRAMS])
def test_a_program_works(origin: str, program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program.replace(SERVER, origin)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "[1]" in done.stdout


def test_every_route_has_a_command() -> None:
    asked = {urlsplit(word).path for line in CURLS for word in shlex.split(line) if word.startswith("http")}
    patterns = {path: re.sub(r"\{\w+\}", "[^/]+", path) for path in described()["paths"]}
    assert not [path for path, pattern in patterns.items() if not any(re.fullmatch(pattern, one) for one in asked)]


def test_the_statuses_are_those_of_the_description() -> None:
    table = DOCS.read_text("utf-8").partition("## When something is wrong")[2]
    told = {int(status) for row in re.findall(r"(?m)^\| ([\d, ]+) \|", table) for status in row.split(",")}
    assert told == {int(name.removeprefix("Error")) for name in described()["components"]["responses"]} | {405}
