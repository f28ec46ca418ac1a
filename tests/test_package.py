"""What a user installs: the wheel, on its own, outside the checkout and without a network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
UNSHARE = ["unshare", "--map-root-user", "--net"]

# Any way out of the machine raises, also where the system lets no one take the network away.
NO_NETWORK = """
import socket

def refuse(*args, **_):
    raise RuntimeError(f"the network is blocked: {args}")

socket.getaddrinfo = socket.create_connection = socket.socket.connect = socket.socket.connect_ex = refuse
"""

DOCUMENTS = {
    "harbour.md": """---
title: Harbour report
publisher: Example Port
date: 2025-03-01
language: en
---

# Cranes

The harbour of Kleinhaven runs 17 cranes. The newest crane lifts 90 tonnes.
""",
    "hafen.md": """---
title: Hafenbericht
publisher: Beispielhafen
date: 2025-04-01
language: de
---

# Leuchtturm

Der Leuchtturm von Kleinhaven ist 41 Meter hoch. Er wurde 1907 erbaut.
""",
}


def test_every_dependency_is_pinned_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    outside = [
        requirement
        for requirement in map(Requirement, asked)
        if not requirement.specifier.contains(pinned.get(canonicalize_name(requirement.name), "0"))
    ]
    assert not outside, "renew constraints.txt as its first lines say"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)], cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the installed wheel and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    _run([*pip, "--disable-pip-version-check", "--target", str(folder), str(wheel)], cwd=folder)
    return folder


class Elsewhere:
    """Runs the installed wheel in a folder far from the checkout, where no network is."""

    def __init__(self, installed: Path, folder: Path) -> None:
        self.installed, self.folder = installed, folder
        blocked = folder / "blocked"
        blocked.mkdir()
        (blocked / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LOTSE_", "PYTHON"))}
        self._environment = {**kept, "PYTHONPATH": os.pathsep.join(map(str, (blocked, installed)))}
        self._prefix = UNSHARE if _can_unshare() else []

    def python(self, *arguments: str | Path) -> str:
        """What the call prints; its failure is the test's."""
        return _run([*self._prefix, sys.executable, *arguments], cwd=self.folder, env=self._environment)


@pytest.fixture(scope="module")
def elsewhere(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    return Elsewhere(installed, tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture(scope="module")
def index_version(elsewhere: Elsewhere) -> str:
    """The version of an index of DOCUMENTS in the folder `data`."""
    documents = elsewhere.folder / "documents"
    documents.mkdir()
    for name, text in DOCUMENTS.items():
        (documents / name).write_text(text, encoding="utf-8")
    report = json.loads(elsewhere.python("-m", "ingest", documents, "--data", "data", "--json").splitlines()[-1])
    assert (report["added"], report["refused"]) == (sorted(DOCUMENTS), [])
    return str(report["version"])


@pytest.mark.slow
def test_the_wheel_carries_what_the_checkout_has(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {f"assistant/_resources/{name}" for name in _files("prompts") | _files("corpus")}
    assert names == expected | _files("assistant") | _files("ingest") | _files("evals")
    for needed in ("assistant/catalogue/de.toml", "assistant/py.typed", "ingest/py.typed", "evals/py.typed"):
        assert needed in names
    assert {Path(name).suffix for name in names if name.startswith("evals/cases/")} == {".jsonl"}
    assert any(name.startswith("assistant/_resources/corpus/de/") for name in names)
    assert any(name.startswith("assistant/_resources/prompts/") for name in names)


@pytest.mark.slow
def test_resources_are_found_in_the_wheel(elsewhere: Elsewhere) -> None:
    for name in ("prompts", "corpus"):
        found = elsewhere.python("-c", f"from assistant.resources import resource_dir; print(resource_dir({name!r}))")
        assert found.strip() == str(elsewhere.installed / "assistant" / "_resources" / name)


@pytest.mark.slow
def test_the_commands_are_installed(installed: Path) -> None:
    assert {path.name for path in (installed / "bin").iterdir()} == {"lotse", "lotse-ingest", "lotse-eval"}


@pytest.mark.slow
def test_the_block_on_the_network_holds(elsewhere: Elsewhere) -> None:
    program = "import socket; socket.create_connection(('localhost', 9))"
    with pytest.raises(AssertionError, match="the network is blocked"):
        elsewhere.python("-c", program)


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "quote", "title"),
    [
        (
            "How many cranes does the harbour of Kleinhaven run?",
            "The harbour of Kleinhaven runs 17 cranes.",
            "Harbour report",
        ),
        (
            "Wie hoch ist der Leuchtturm von Kleinhaven?",
            "Der Leuchtturm von Kleinhaven ist 41 Meter hoch.",
            "Hafenbericht",
        ),
    ],
)
def test_own_documents_are_quoted(
    elsewhere: Elsewhere, index_version: str, question: str, quote: str, title: str
) -> None:
    lotse = elsewhere.installed / "bin" / "lotse"  # the command itself, as its user calls it
    answer = json.loads(elsewhere.python(lotse, "ask", question, "--data", "data", "--json"))
    assert (answer["status"], answer["index_version"]) == ("answered", index_version)
    assert (quote, title) in [(citation["quote"], citation["title"]) for citation in answer["citations"]]


def _run(command: list[str | Path], *, cwd: Path, env: dict[str, str] | None = None) -> str:
    run = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def _can_unshare() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0


def _files(folder: str) -> set[str]:
    """The files of the checkout that a wheel should hold: no caches, nothing hidden."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc" and not path.name.startswith(".")
    }
