"""The reading process with readers that misbehave; files that do are in test_hostile."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.errors import AssistantError, UnreadableFileError
from ingest.files import File
from ingest.parse import Parsed, parse
from ingest.sandbox import Limits, read_all

BAD = "tests.ingest.bad_worker"
SHORT = Limits(processor=1, wall=15, output=2_000_000)
SHORTER = Limits(wall=1.5)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the kernel takes part")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder for documents; beside it stand files that do not concern a reader."""
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "docs"
    folder.mkdir()
    return folder


def written(folder: Path, *names: str) -> list[File]:
    for name in names:
        (folder / name).write_text(f"Das ist der Text von {name}. Er hat zwei Sätze.\n", encoding="utf-8")
    return [File(name, folder / name) for name in names]


def outcomes(files: Sequence[File], limits: Limits = SHORT, worker: str = BAD) -> dict[str, str]:
    """Each file's refusal, or nothing."""
    return {
        file.name: str(outcome) if isinstance(outcome, UnreadableFileError) else ""
        for file, outcome in read_all(files, limits, worker=worker)
    }


def test_it_reads_like_parse_itself(docs: Path) -> None:
    files = written(docs, "a.md", "b.txt", "c.md")
    assert list(read_all(files)) == [(file, parse(file)) for file in files]


def test_no_files_need_no_process() -> None:
    assert list(read_all([], worker="no_such_module")) == []


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("spin", "reading it took more than 1 s of computing."),
        ("spin-in-c", "reading it took more than 1 s of computing."),
        ("hoard", "reading it needs more than 1 GB of memory."),
        ("one-big-allocation", "reading it needs more than 1 GB of memory."),
        ("segfault", "the reader crashed on it (signal 11)."),
        ("abort", "the reader gave up on it (signal 6); it may need more than 1 GB of memory."),
        ("exit", "the reader crashed on it (exit code 3)."),
        ("leave", "the reader crashed on it (exit code 4)."),
        ("key-error", "the reader failed on it (KeyError)."),
        ("recurse", "it is nested too deeply."),
        ("huge", "it holds more than 2 MB of text."),
        ("unpickled", "the reader sent what cannot be used."),
        ("print", "it was done."),
    ],
)
def test_a_bad_file_costs_only_itself(docs: Path, deed: str, reason: str) -> None:
    found = outcomes(written(docs, "before.md", f"{deed}.md", "behind.md"))
    assert found[f"{deed}.md"].startswith(reason)
    assert (found["before.md"], found["behind.md"]) == ("", "")
    assert sorted(path.name for path in docs.parent.iterdir()) == ["docs", "precious", "secret"]


def test_waiting_counts_as_well(docs: Path) -> None:
    found = outcomes(written(docs, "sleep.md", "behind.md"), SHORTER)
    assert found == {
        "sleep.md": "reading it took more than 1.5 s. Split it, or convert it to plain text.",
        "behind.md": "",
    }


@pytest.mark.parametrize(
    "deed", ["socket", "name-look-up", "program", "system", "fork", "write", "overwrite", "remove", "kill-parent"]
)
def test_what_a_reader_may_not_do(docs: Path, deed: str) -> None:
    (refusal,) = outcomes(written(docs, f"{deed}.md")).values()
    assert refusal.startswith("the reader failed on it (PermissionError).")
    assert (docs.parent / "precious").read_text() == "precious"
    assert not (docs.parent / "written").exists()


@LINUX
@pytest.mark.parametrize(
    "deed", ["raw-socket", "raw-write", "raw-truncate", "raw-read-outside", "read-outside", "new-group"]
)
def test_what_the_kernel_refuses(docs: Path, deed: str) -> None:
    (refusal,) = outcomes(written(docs, f"{deed}.md")).values()
    assert refusal.startswith("the reader failed on it (PermissionError).")
    assert (docs.parent / "precious").read_text() == "precious"
    assert not (docs.parent / "written").exists()


def test_tesseract_has_time_of_its_own(docs: Path) -> None:
    found = outcomes(written(docs, "scan3.md", "scan9.md", "sleep.md"), Limits(wall=3, scanning=1.0))
    assert found["scan3.md"] == ""
    assert found["scan9.md"].startswith("it has too many scanned pages to be read in time.")
    assert found["sleep.md"].startswith("reading it took more than 3 s.")


def test_a_process_that_does_not_start_is_no_fault_of_the_files(docs: Path) -> None:
    with pytest.raises(AssistantError, match="does not start") as caught:
        outcomes(written(docs, "a.md"), worker="no_such_module")
    assert "-m no_such_module" in caught.value.fix


def test_the_folder_of_the_user_is_no_place_to_import_from(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(docs)
    for name in ("pickle.py", "traceback.py", "lxml.py", "markdown_it.py"):
        (docs / name).write_text("raise SystemExit(9)\n")
    assert outcomes(written(docs, "a.md"), worker="ingest.sandbox.worker") == {"a.md": ""}


def test_keys_do_not_reach_the_readers(monkeypatch: pytest.MonkeyPatch, docs: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    reading = read_all(written(docs, "a.md", "b.md"))
    next(reading)
    (child,) = children(os.getpid())
    assert b"sk-1" not in Path(f"/proc/{child}/environ").read_bytes()
    reading.close()


def test_the_next_file_is_read_while_the_caller_works(docs: Path) -> None:
    files = [*written(docs, "a.md"), File("meet.md", docs / "meet.md"), *written(docs, "c.md")]
    os.mkfifo(docs / "meet.md")
    reading = read_all(files, worker=BAD)
    next(reading)
    (docs / "meet.md").write_text("x")  # waits until somebody reads it
    assert [type(outcome) for _, outcome in reading] == [Parsed, Parsed]


@LINUX
@pytest.mark.parametrize("how", ["exhausted", "closed", "forgotten", "error"])
def test_the_process_ends_with_the_reading(docs: Path, how: str) -> None:
    reading: Iterator[object] | None = read_all(written(docs, "a.md", "sleep.md", "c.md"), SHORTER, worker=BAD)
    assert reading
    next(reading)
    (child,) = children(os.getpid())
    if how == "exhausted":
        list(reading)
    elif how == "closed":
        reading.close()  # type: ignore[attr-defined]
    elif how == "error":
        with pytest.raises(KeyboardInterrupt):
            reading.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
    del reading
    assert children(os.getpid()) == []
    assert not Path(f"/proc/{child}").exists()


@LINUX
@pytest.mark.parametrize("deed", ["a", "sleep", "spin-in-c", "tesseract"])
def test_the_process_ends_with_its_parent(docs: Path, tmp_path: Path, deed: str) -> None:
    """Even with one that is killed, and what the reader has started goes with it."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "tesseract").write_text("#!/bin/sh\nread x < $1\nexec sleep 600\n")
    (tools / "tesseract").chmod(0o755)
    written(docs, "first.md", f"{deed}.md", "last.md")
    if deed == "tesseract":
        (docs / "tesseract.md").unlink()
        os.mkfifo(docs / "tesseract.md")
    program = (
        "import sys; from pathlib import Path; from ingest.files import File; from ingest.sandbox import read_all\n"
        f"files = [File(name, Path({str(docs)!r}) / name) for name in ('first.md', '{deed}.md', 'last.md')]\n"
        f"reading = read_all(files, worker={BAD!r}); next(reading); print('read', flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ
        | {"PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": f"{os.pathsep.join(sys.path)}:{tools}"},
    )
    assert parent.stdin
    assert parent.stdout
    with parent.stdin, parent.stdout:
        assert parent.stdout.readline() == b"read\n"
        if deed == "tesseract":
            (docs / "tesseract.md").write_text("x\n")  # waits until the program reads it
        (child,) = children(parent.pid)
        family = [child, *children(child)]
        assert len(family) == (2 if deed == "tesseract" else 1)
        handles = [os.pidfd_open(pid) for pid in family]
        parent.kill()
        parent.wait()
    for handle in handles:
        assert select.select([handle], [], [], 20)[0], "it has not ended"
        os.close(handle)


def test_a_file_with_a_refusal_is_not_opened(docs: Path) -> None:
    fifo = docs / "a.md"
    os.mkfifo(fifo)
    found = outcomes([File("a.md", fifo, refusal=("it leads out.", "Mend it."))], worker="ingest.sandbox.worker")
    assert found == {"a.md": "it leads out. Mend it."}


def children(pid: int) -> list[int]:
    """The processes that one has started and not yet waited for."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            number, _, rest = stat.read_text().partition(" (")
            if rest.rpartition(") ")[2].split()[1] == str(pid):
                found.append(int(number))
    return found
