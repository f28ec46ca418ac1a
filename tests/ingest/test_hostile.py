"""Hostile files: each ends in time with a reason, nothing outside is read, nothing is sent, and the good files go in."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import UnreadableFileError
from ingest.files import File, find_files
from ingest.parse import Parsed
from ingest.sandbox import Limits, read_all
from tests.ingest.hostile import SECRET, SLOW, Outside, hostile
from tests.ingest.made_files import SAMPLES
from tests.listener import Listener

SOAK = "SOAK" in os.environ  # all of the files; without it those that are quick
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600 if SOAK else 600)]

BINARY = {".pdf", ".docx", ".pptx", ".xlsx"}
REFUSED = {
    r"(fifo|socket)\.md": "it is no ordinary file",
    r"device\.txt|link-(out|out-relative|chain)\.txt|link-folder": "it is a link that leads out of its folder",
    r"link-(loop|nowhere)\.md": "it cannot be opened",
    r"(new\nline|escape\x1b\[31m|byte\udcff)\.md|(bell\a|c1\x85)\.txt": "its name holds characters that cannot be shown",
    r"sparse\..*|too-large\.txt": "it has .* MB, more than",
    r"(empty|white|invisible)\.txt": "it is empty|it holds no text",
    r"nul\.txt|nothing-but-nul\.md|nul\.csv": "it is binary",
    r"surrogates\.txt": "it is not UTF-8",
    r"(bomb|bomb-lying|overlapping|laughs|truncated|no-document)\.docx|(bomb|laughs)\.(pptx|xlsx)": "it",
    r"entity-(file|web)\.(docx|pptx|xlsx)": "it",
    r"(truncated|only-head|locked)\.pdf": "it",
}


@dataclass(frozen=True)
class Read:
    """What came of a folder."""

    folder: Path
    outcomes: dict[str, dict[str, Any]]
    memory: int
    calls: list[str]
    before: set[str]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    place = tmp_path_factory.mktemp("hostile")
    folder = place / "docs"
    folder.mkdir()
    secret = place / "outside" / "secret.txt"
    secret.parent.mkdir()
    secret.write_text(f"Das {SECRET} steht hier. Es ist ein Satz.\n")
    with Listener() as listener:
        outside = Outside(secret, f"http://127.0.0.1:{listener.port}/called")
        for file in hostile():
            if SOAK or file.name not in SLOW:
                file.make(folder / file.name, outside)
        for ending, sample in SAMPLES.items():
            (folder / f"good{ending}").write_bytes(sample())
        (folder / "told.txt").write_text(f"Das {SECRET} steht hier mit Absicht. Es ist ein Satz.\n")
        before = _tree(place)
        run = subprocess.run(
            [sys.executable, "-m", "tests.ingest.hostile", str(folder)],
            stdout=subprocess.PIPE,
            check=True,
            cwd=folder,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        yield Read(folder, {line["name"]: line for line in lines[:-1]}, lines[-1]["memory"], listener.calls, before)


def test_each_file_ends_in_time(read: Read) -> None:
    """The limit is 30 s; the rest is for handing over what was read, and for starting anew, on a busy machine."""
    assert {name for name, line in read.outcomes.items() if line["seconds"] > 40} == set()


def test_reading_needs_no_more_memory_than_it_may(read: Read) -> None:
    assert read.memory <= Limits().memory


def test_nothing_outside_is_read(read: Read) -> None:
    assert [name for name, line in read.outcomes.items() if line["secret"]] == ["told.txt"]


def test_nothing_is_sent(read: Read) -> None:
    assert read.calls == []


def test_a_call_would_be_noticed() -> None:
    with Listener() as listener, socket.create_connection(("127.0.0.1", listener.port)) as client:
        client.sendall(b"GET /")
    assert listener.calls == ["GET /"]


def test_nothing_is_written(read: Read) -> None:
    assert _tree(read.folder.parent) == read.before


def test_good_files_go_in(read: Read) -> None:
    assert {ending: read.outcomes[f"good{ending}"]["refusal"] for ending in SAMPLES} == dict.fromkeys(SAMPLES)


def test_every_file_is_accounted_for(read: Read) -> None:
    folders = {"link-up"}
    names = {path.name for path in read.folder.iterdir() if not path.name.startswith(".")}
    assert read.outcomes.keys() == names - folders


@pytest.mark.parametrize(("names", "reason"), REFUSED.items())
def test_a_refusal_says_why(read: Read, names: str, reason: str) -> None:
    found = {name: line["refusal"] for name, line in read.outcomes.items() if re.fullmatch(names, name)}
    assert found
    for name, refusal in found.items():
        assert refusal, name
        assert re.match(reason, refusal), name


def test_a_wrong_ending_is_refused(read: Read) -> None:
    for name, line in read.outcomes.items():
        pair = re.fullmatch(r"(\w+) as(\.\w+)", name)
        if pair and (f".{pair[1]}" in BINARY or pair[2] in BINARY):
            assert line["refusal"], name


def test_no_reader_fails_or_crashes(read: Read) -> None:
    """A limit may be reached; an error that nobody has thought of is a fault of the reader."""
    faults = {
        n: line["refusal"]
        for n, line in read.outcomes.items()
        if re.match("the reader (failed|crashed|sent)", line["refusal"] or "")
    }
    assert faults == {}


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "changing.md"
    path.write_text("Satz. " * 1_000)
    over = threading.Event()

    def change() -> None:
        count = 0
        while not over.is_set():
            count += 1
            with path.open("r+b") as file:
                file.truncate(count * 7_919 % 100_000)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        outcomes = [outcome for _, outcome in read_all([File("changing.md", path)] * 50)]
    finally:
        over.set()
        thread.join()
    assert {type(outcome) for outcome in outcomes} <= {Parsed, UnreadableFileError}


def test_one_process_reads_good_files_between_bad_ones(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.md").write_text("Der Hafen hat 17 Kräne." if number % 2 else "\0")
    found = [type(outcome) for _, outcome in read_all(list(find_files([tmp_path], tmp_path / "data")))]
    assert found == [UnreadableFileError, Parsed] * 2


def _tree(place: Path) -> set[str]:
    return {str(Path(root, name)) for root, folders, names in os.walk(place) for name in [*folders, *names]}
