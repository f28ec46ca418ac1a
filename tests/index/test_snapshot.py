"""Every process reads vectors of its own: the sealed ones stay as they are, and nothing is left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import IndexUnavailableError
from assistant.index.snapshot import open_vectors
from assistant.index.store import Store
from assistant.index.vectors import Vectors
from assistant.index.versions import STORE, VECTORS, damage, seal
from assistant.index.writer import StoreWriter
from tests.chroma_server import ChromaServer
from tests.index.parts import EMBEDDINGS, document, put, unit_ids

ROOT = Path(__file__).resolve().parents[2]
VERSION = "aaaaaaaaaaaa"
LINES = ["Der Verein hat 35 Mitglieder.", "Der Sitz ist Leipzig."]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def version(tmp_path: Path, temporary: Path) -> Path:
    """A sealed version of one document."""
    folder = tmp_path / VERSION
    folder.mkdir()
    with closing(StoreWriter(folder / STORE)) as store:
        put(store, document("verein", "\n".join(LINES)))
        store.commit()
        with closing(Vectors(folder / VECTORS, VERSION)) as vectors:
            vectors.build(store)
    seal(folder, 1)
    return folder


@pytest.fixture
def store(version: Path) -> Iterator[Store]:
    with closing(Store(version / STORE)) as opened:
        yield opened


def found(vectors: Vectors, text: str) -> int:
    return next(iter(vectors.search(EMBEDDINGS.query_vector(text), "de", 1)))


def copies(temporary: Path) -> list[str]:
    return [path.name for path in temporary.iterdir()]


def test_a_copy_is_searched_and_the_sealed_files_stay(version: Path, store: Store, temporary: Path) -> None:
    with closing(open_vectors(version, store, None)) as vectors:
        for unit_id, line in zip(unit_ids(store, "verein"), LINES, strict=True):
            assert found(vectors, line) == unit_id
        (copy,) = copies(temporary)
        assert copy.startswith(f"clusterlotse-{os.getpid()}-")
        assert (temporary / copy).stat().st_mode & 0o077 == 0  # nobody else's to read
    assert damage(version) is None


def test_a_version_without_write_permission_will_do(version: Path, store: Store, temporary: Path) -> None:
    for path in [version, *version.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    with closing(open_vectors(version, store, None)) as vectors:
        assert found(vectors, LINES[1]) == unit_ids(store, "verein")[1]
    for path in [version, *(path for path in version.rglob("*") if path.is_dir())]:
        path.chmod(0o755)


def test_several_may_be_open_and_each_takes_its_copy_with_it(version: Path, store: Store, temporary: Path) -> None:
    first, second = (open_vectors(version, store, None) for _ in range(2))
    assert len(copies(temporary)) == 2
    first.close()
    assert len(copies(temporary)) == 1
    assert found(second, LINES[0]) == unit_ids(store, "verein")[0]
    second.close()
    assert copies(temporary) == []


OPENED = """
import os, signal, sys
from pathlib import Path
from assistant.index.snapshot import open_vectors
from assistant.index.store import Store

folder = Path(sys.argv[1])
vectors = open_vectors(folder, Store(folder / "index.sqlite"), None)
print(*os.listdir(os.environ["TMPDIR"]), flush=True)
if sys.argv[2] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
elif sys.argv[2] == "fails":
    raise SystemExit(3)
"""


def opened_by_a_process(version: Path, temporary: Path, how: str) -> list[str]:
    """What lay in the folder for temporary files while another process had the vectors open."""
    done = subprocess.run(
        [sys.executable, "-c", OPENED, str(version), how],
        cwd=ROOT, env={**os.environ, "TMPDIR": str(temporary)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == {"ends": 0, "fails": 3, "killed": -9}[how], done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("how", ["ends", "fails"])
def test_a_process_takes_its_copy_with_it(version: Path, temporary: Path, how: str) -> None:
    assert len(opened_by_a_process(version, temporary, how)) == 1
    assert copies(temporary) == []


def test_what_a_killed_process_left_is_removed_by_the_next(version: Path, store: Store, temporary: Path) -> None:
    for name in ("clusterlotse-fetched-x", "clusterlotse-notes", "other"):
        (temporary / name).mkdir()
    (left,) = set(opened_by_a_process(version, temporary, "killed")) - {p.name for p in temporary.glob("[!c]*")} - {
        "clusterlotse-fetched-x", "clusterlotse-notes",
    }  # fmt: skip
    assert (temporary / left).is_dir()
    alive = temporary / f"clusterlotse-{os.getppid()}-x"
    alive.mkdir()
    open_vectors(version, store, None).close()
    assert sorted(copies(temporary)) == sorted(["clusterlotse-fetched-x", "clusterlotse-notes", "other", alive.name])


def _remove(vectors: Path) -> None:
    shutil.rmtree(vectors)


def _garbage(vectors: Path) -> None:
    (vectors / "chroma.sqlite3").write_bytes(b"x" * 5_000)


def _one_byte(vectors: Path) -> None:
    file = vectors / "chroma.sqlite3"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _without_one(vectors: Path) -> None:
    """The files are as they were sealed, but do not hold all vectors."""
    with closing(Vectors(vectors, VERSION)) as opened:
        collection = opened._collection("de")
        collection.delete(ids=collection.get(limit=1)["ids"])
    seal(vectors.parent, 1)


@pytest.mark.parametrize(
    ("damaging", "why"),
    [
        (_remove, "is missing"),
        (_garbage, "was altered"),
        (_one_byte, "chroma.sqlite3 was altered"),
        (_without_one, "some vectors are missing"),
    ],
)
def test_damaged_vectors_are_made_anew_with_a_warning(
    version: Path, temporary: Path, caplog: pytest.LogCaptureFixture, damaging: Callable[[Path], None], why: str
) -> None:
    damaging(version / VECTORS)
    before = damage(version)
    with closing(Store(version / STORE)) as store, closing(open_vectors(version, store, None)) as vectors:
        assert vectors.is_complete(store)
        for unit_id, line in zip(unit_ids(store, "verein"), LINES, strict=True):
            assert found(vectors, line) == unit_id
        assert len(copies(temporary)) == 1
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert why in record.message
    assert "lotse-ingest --check" in record.message
    assert damage(version) == before  # who reads does not repair


@pytest.mark.parametrize("place", ["nowhere", "/proc"])
def test_no_room_for_a_copy_is_one_clear_line(
    version: Path, store: Store, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", place)
    with pytest.raises(IndexUnavailableError, match=rf"cannot be copied to {place} \(.+\)\. Make room there.* TMPDIR"):
        open_vectors(version, store, None)


@pytest.mark.slow
def test_a_server_that_lost_vectors_is_told(
    version: Path, store: Store, temporary: Path, chroma_server: ChromaServer
) -> None:
    with pytest.raises(IndexUnavailableError, match=r"has lost some vectors\. Run lotse-ingest"):
        open_vectors(version, store, chroma_server.url)
    with closing(Vectors(version, VERSION, chroma_server.url)) as vectors:
        vectors.build(store)
    with closing(open_vectors(version, store, chroma_server.url)) as vectors:
        assert found(vectors, LINES[0]) == unit_ids(store, "verein")[0]
    assert copies(temporary) == []
