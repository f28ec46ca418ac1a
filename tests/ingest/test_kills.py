"""An import is killed at every step, before operations on files and at any time: what serves is whole, nothing is lost.

`make test` runs a sample that is the same every time, `make soak` all of it.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import IndexUnavailableError
from assistant.index.store import Store
from assistant.index.versions import BUILDING, HOLDER, STORE, VECTORS, current_version, damage, served
from assistant.index.writer import StoreWriter
from assistant.open_index import OpenIndex
from assistant.settings import Settings
from assistant.types import Findings, Question
from ingest.build import ingest
from ingest.events import Step
from ingest.stage import STAGED
from tests.helpers import HashingEmbeddings
from tests.ingest.crash import FILE_DAMAGES, NEW, NEXT, OLD, Imports, Kill, Run, random_kill, remains, write_documents
from tests.ingest.parts import Place, content

SOAK = "SOAK" in os.environ
KILLS = 300 if SOAK else 3  # besides those at every step
SEED = 3
SECONDS = 1.5  # about what an import takes
LARGEST = 80  # texts in a document

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600 if SOAK else 600)]


@dataclass(frozen=True, slots=True)
class Start:
    """Where an import begins, and where it ends when nobody stops it."""

    docs: Path
    data: Path
    end: Path
    usual: Run

    @property
    def is_first(self) -> bool:
        """Whether nothing was indexed before."""
        return not self.data.is_dir()


def _damage_vectors(folder: Path) -> None:
    path = folder / VECTORS / "chroma.sqlite3"
    path.write_bytes(path.read_bytes()[:5_000])


def _damage_store(folder: Path) -> None:
    path = folder / STORE
    path.write_bytes(path.read_bytes().replace(b"Lotsen", b"Losten"))


# Names of starts: the start whose end they continue, the documents that go in then, and what happens to the version before.
WAYS: dict[str, tuple[str | None, dict[str, str], Callable[[Path], None] | None]] = {
    "first": (None, OLD, None),
    "changed": ("first", NEW, None),
    "again": ("changed", NEXT, None),
    "back": ("changed", OLD, None),
    "vectors": ("changed", NEW, _damage_vectors),
    "store": ("changed", NEW, _damage_store),
}


@pytest.fixture(scope="module")
def imports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imports]:
    with closing(Imports(tmp_path_factory.mktemp("homes"))) as imports:
        yield imports


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory, imports: Imports) -> dict[str, Start]:
    folder, found = tmp_path_factory.mktemp("starts"), dict[str, Start]()
    for name, (continued, documents, damaging) in WAYS.items():
        docs = write_documents(folder / name / "docs", documents)
        data, end = folder / name / "begin", folder / name / "end"
        if continued:
            shutil.copytree(found[continued].end, data)
            if damaging:
                damaging(served(data).folder)
            shutil.copytree(data, end)
        usual = imports(docs, end)
        assert usual.code == 0
        found[name] = Start(docs, data, end, usual)
    return found


def _version(data: Path) -> str | None:
    return served(data).folder.name if data.is_dir() else None


def _texts(data: Path) -> dict[str, str]:
    """What can be read of the version being served; if its vectors are whole, all of it can be found."""
    folder = served(data).folder
    if damage(folder) is None:
        place = Place(data.parent / "place", {})
        place.data = data
        texts = place.served()
        shutil.rmtree(place.docs)
        return texts
    with closing(Store(folder / STORE)) as store:
        whole = [store.document(document.id) for document in store.documents()]
    return {document.name: document.text for document in whole if document}


def _check_killed(start: Start, data: Path) -> None:
    """What serves is the version before or the one after, whole."""
    if start.is_first and not data.is_dir():
        return
    try:
        version = _version(data)
    except IndexUnavailableError as error:
        if start.is_first and "There is no index" in str(error):
            return
        raise
    ends = [end for end in (start.data, start.end) if end.is_dir() and _version(end) == version]
    assert ends
    assert _texts(data) == _texts(ends[-1])
    current = current_version(data)
    if current and (start.is_first or damage(start.data / current) is None):
        assert version == current
        assert damage(data / current) is None


def _check_done(start: Start, data: Path, killed: list[Run], last: Run) -> None:
    assert last.code == 0
    assert current_version(data) == current_version(start.end)
    assert remains(data) == remains(start.end)
    assert {path.name for path in data.iterdir()} == {path.name for path in start.end.iterdir()}
    assert not {BUILDING, HOLDER} & {path.name for path in data.iterdir()}
    assert _texts(data) == _texts(start.end)
    assert all(run.unsafe <= LARGEST for run in killed)
    assert sum(run.embedded for run in [*killed, last]) <= start.usual.embedded + sum(run.unsafe for run in killed)


def _kill_and_resume(imports: Imports, start: Start, folder: Path, kills: list[Kill]) -> int:
    """Kill an import and those that take it up, then let one end; how many were killed."""
    data = folder / "data"
    if not start.is_first:
        shutil.copytree(start.data, data)
    killed: list[Run] = []
    for kill in kills:
        run = imports(start.docs, data, kill)
        assert run.killed or run.code == 0
        if run.killed:
            killed.append(run)
            _check_killed(start, data)
    _check_done(start, data, killed, imports(start.docs, data))
    shutil.rmtree(folder)
    return len(killed)


@pytest.mark.parametrize("name", WAYS if SOAK else ["changed"])
def test_killed_at_every_step(imports: Imports, starts: dict[str, Start], tmp_path: Path, name: str) -> None:
    steps = [step for step in get_args(Step) if step in starts[name].usual.steps]
    assert name != "changed" or steps == list(get_args(Step))
    killed = _kill_and_resume(imports, starts[name], tmp_path / "data", [Kill(step) for step in steps])
    assert killed == len(steps) - (name == "store")  # there, what is published serves: nothing is left to switch


def test_killed_anywhere(imports: Imports, starts: dict[str, Start], tmp_path: Path) -> None:
    draw, killed = random.Random(SEED), 0  # noqa: S311 - the same every time
    for number in count():
        if killed >= KILLS:
            break
        name = list(WAYS)[number % len(WAYS)]
        kills = [random_kill(draw, starts[name].usual, SECONDS) for _ in range(draw.choice([1, 1, 2, 3]))]
        print(f"{number}: {name} {kills}", flush=True)  # shown when it fails
        killed += _kill_and_resume(imports, starts[name], tmp_path / f"{number}", kills)


def test_what_was_staged_is_not_trusted(imports: Imports, starts: dict[str, Start], tmp_path: Path) -> None:
    """An import was interrupted and its work damaged: the one that takes it up ends where it should."""
    draw, start = random.Random(SEED), starts["changed"]  # noqa: S311 - the same every time
    for number in range(40 if SOAK else 2):
        data = tmp_path / f"{number}"
        shutil.copytree(start.data, data)
        killed = imports(start.docs, data, Kill("assembling"))
        assert killed.killed
        # a checkpoint, so that the damage meets what was committed
        with closing(StoreWriter(data / BUILDING / STAGED)):
            pass
        damage_file = draw.choice(FILE_DAMAGES)
        damage_file(data / BUILDING / STAGED, draw)
        last = imports(start.docs, data)
        assert last.code == 0, damage_file
        assert current_version(data) == current_version(start.end)
        assert content(data) == content(start.end)
        assert _texts(data) == _texts(start.end)
        shutil.rmtree(data)


# ---- readers meanwhile ---------------------------------------------------------------------------------------

QUESTIONS = [
    Question("Wie hoch ist der Leuchtturm?", "Wie hoch ist der Leuchtturm?", "de"),
    Question("How many pilots does the harbour employ?", "How many pilots does the harbour employ?", "en"),
]


def _short(documents: dict[str, str]) -> dict[str, str]:
    """So few sentences that all are looked at: of many alike, Chroma finds others each time."""
    return {name: text for name, text in documents.items() if len(text) < 1000}


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, str, list[Findings]]]:
    """Folders of documents with the versions that they become, and what is found there."""
    folder, found = tmp_path_factory.mktemp("editions"), []
    for name, documents in (("old", OLD), ("new", NEW), ("next", NEXT)):
        docs, data = write_documents(folder / name, _short(documents)), folder / f"{name}-data"
        version = ingest([docs], data, HashingEmbeddings()).version
        index = OpenIndex(Settings(data=data), HashingEmbeddings())
        found.append((docs, version, [index(question) for question in QUESTIONS]))
    return found


def test_every_answer_is_of_one_version(
    imports: Imports, editions: list[tuple[Path, str, list[Findings]]], tmp_path: Path
) -> None:
    """Three readers ask without a pause while imports switch."""
    data = tmp_path / "data"
    expected = {version: found for _, version, found in editions}
    assert imports(editions[0][0], data).code == 0
    index = OpenIndex(Settings(data=data), HashingEmbeddings())
    seen: list[str] = []
    with ThreadPoolExecutor(3) as readers:
        for docs, version, _ in [*editions[1:], *editions] if SOAK else editions[1:]:
            imports.start(docs, data)
            while imports.is_running():
                for number, found in enumerate(readers.map(index, QUESTIONS)):
                    seen.append(found.index_version)
                    assert found == expected[found.index_version][number]
            assert imports.result().code == 0
            assert index(QUESTIONS[0]).index_version == version
    assert len(set(seen)) > 1


def test_an_answer_may_take_longer_than_two_switches(
    editions: list[tuple[Path, str, list[Findings]]], tmp_path: Path
) -> None:
    class Slow(HashingEmbeddings):
        """Two imports are done, and others have asked since, before the question is embedded."""

        def query_vector(self, text: str) -> NDArray[np.float32]:
            while others:
                version = ingest([others.pop()], data, HashingEmbeddings()).version
                assert index.current().version == version
            return super().query_vector(text)

    data, others = tmp_path / "data", [docs for docs, _, _ in reversed(editions[1:])]
    (first, _, found), (_, last, _) = editions[0], editions[-1]
    ingest([first], data, HashingEmbeddings())
    index = OpenIndex(Settings(data=data), Slow())
    assert index(QUESTIONS[0]) == found[0]
    assert index(QUESTIONS[0]).index_version == last
