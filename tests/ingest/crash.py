"""Imports in processes of their own that are killed, and what they leave behind.

Started as a module it is a server: it has imported everything, and forks for every import it is told about.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from assistant.index.late_interaction import Embedded
from assistant.index.versions import STORE, VECTORS, damage
from ingest.build import ingest
from ingest.events import Event, Step
from tests.helpers import HashingEmbeddings

ROOT = Path(__file__).resolve().parents[2]
_TIDY_UP = 60  # seconds in which a reading process must notice that it is alone

_BERTHS = "\n\n".join(
    f"Liegeplatz {n} misst {40 + 7 * n} Meter und nimmt {n % 4 + 1} {what} auf."
    for n, what in enumerate(["Fähren", "Frachter", "Schlepper", "Segler"] * 20, 1)
)
OLD = {
    "de/hafen.md": "---\ntitle: Hafen\nlanguage: de\n---\n# Kräne\n\nDer Hafen hat 17 Kräne. Der größte hebt 90 Tonnen.\n",
    "de/kai.md": f"# Liegeplätze\n\n{_BERTHS}\n",
    "de/lotsen.md": "# Lotsen\n\nIm Hafen arbeiten 23 Lotsen. Sie fahren bei jedem Wetter hinaus.\n",
    "de/weg.md": "# Fähre\n\nDie Fähre verkehrt stündlich. Eine Fahrt kostet 4 Euro.\n",
    "en/harbour.md": "# Cranes\n\nThe harbour runs 17 cranes. The largest lifts 90 tonnes.\n",
    "en/pilots.md": "# Pilots\n\nThe harbour employs 23 pilots. They sail in any weather.\n",
    "en/tariff.md": "# Tariff\n\nA berth costs 210 euros a day. Small boats pay half of it.\n",
    "en/weather.txt": "The storm of 1911 destroyed the old pier. It was rebuilt within two years.\n",
    "speicher.txt": "Der Speicher fasst 12.000 Sack Kaffee. Er steht seit 1888 am Kai.\n",
    "turm.txt": "Der Leuchtturm ist 41 Meter hoch. Er wurde 1907 erbaut.\n",
    "kopie/turm.txt": "Der Leuchtturm ist 41 Meter hoch. Er wurde 1907 erbaut.\n",
}
_GONE = ("de/weg.md",)
NEW = {name: text for name, text in OLD.items() if name not in _GONE} | {
    "de/lotsen.md": "# Lotsen\n\nIm Hafen arbeiten 25 Lotsen. Sie fahren bei jedem Wetter hinaus.\n",
    "de/schleuse.md": f"# Schleuse\n\n{_BERTHS.replace('Liegeplatz', 'Schleusenkammer')}\n",
    "en/museum.md": "# Museum\n\nThe museum shows 300 model ships. It opens at ten.\n",
    "en/tariff.md": "# Tariff\n\nA berth costs 240 euros a day. Small boats pay half of it.\n",
    "kopie/museum.md": "# Museum\n\nThe museum shows 300 model ships. It opens at ten.\n",
    "leer.md": "",
}
NEXT = {name: text for name, text in NEW.items() if name != "en/museum.md"} | {
    "turm.txt": "Der Leuchtturm ist 42 Meter hoch. Er wurde 1907 erbaut.\n"
}


@dataclass(frozen=True, slots=True)
class Kill:
    """When an import is killed: as it tells a step the nth time, before its nth operation on files, or after so many seconds."""

    at: Step | Literal["operation", "time", "never"] = "never"
    number: float = 1


@dataclass(frozen=True, slots=True)
class Run:
    """What an import did before it ended."""

    code: int
    steps: tuple[Step, ...]
    operations: int
    embedded: int  # texts
    unsafe: int  # texts of the document that was not staged yet

    @property
    def killed(self) -> bool:
        """Whether it was killed; otherwise it was done before."""
        return self.code == -signal.SIGKILL


class Imports:
    """Runs imports one after the other, each in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.ingest.crash"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, docs: Path, data: Path, kill: Kill = Kill()) -> Run:
        """Import, and wait until the import and the process that reads files for it have ended."""
        process = self.start(docs, data, kill)
        if kill.at == "time" and not select.select([self._stdout], [], [], kill.number)[0]:
            os.kill(process, signal.SIGKILL)
        return self.result()

    def start(self, docs: Path, data: Path, kill: Kill = Kill()) -> int:
        """Begin an import; the process."""
        self._count += 1
        home = self._folder / str(self._count)
        home.mkdir(parents=True)
        order = {"docs": str(docs), "data": str(data), "home": str(home), "at": kill.at, "number": kill.number}
        assert self._server.stdin
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        return int(self._stdout.readline())

    def is_running(self) -> bool:
        """Whether the import that was started goes on."""
        return not select.select([self._stdout], [], [], 0)[0]

    def result(self) -> Run:
        """Wait for the import that was started."""
        code = os.waitstatus_to_exitcode(int(self._stdout.readline()))
        home = self._folder / str(self._count)
        _wait_for_processes_with(f"TMPDIR={home}".encode())
        lines = [line.split() for line in (home / "log").read_text(encoding="utf-8").splitlines()]
        texts = [
            int(value) if what == "embeds" else -1 for what, value in lines if what == "embeds" or value == "staged"
        ]
        safe = len(texts) - texts[::-1].index(-1) if -1 in texts else 0
        return Run(
            code,
            tuple(cast(Step, value) for what, value in lines if what == "tells"),
            sum(what == "does" for what, _ in lines),
            sum(count for count in texts if count > 0),
            sum(texts[safe:]),
        )

    def close(self) -> None:
        """End the server."""
        assert self._server.stdin
        self._server.stdin.close()
        self._server.wait()
        self._stdout.close()

    @property
    def _stdout(self) -> Any:
        return self._server.stdout


def _wait_for_processes_with(variable: bytes) -> None:
    """Wait for processes that have this in their environment; they end by themselves."""
    for process in _processes_with(variable):
        try:
            handle = os.pidfd_open(process)
        except ProcessLookupError:
            continue
        try:
            ended = select.select([handle], [], [], _TIDY_UP)[0]
        finally:
            os.close(handle)
        assert ended, f"process {process} has outlived its import"


def _processes_with(variable: bytes) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            variables = path.read_bytes().split(b"\0")
        except OSError:
            continue  # ended, or not ours
        if variable in variables:
            yield int(path.parent.name)


# ---- what lies on disk ---------------------------------------------------------------------------------------


def remains(data: Path) -> dict[str, bytes]:
    """All files with their bytes, the vectors' left out, whose names and bytes differ from run to run; they must be whole."""
    found = {}
    for path in sorted(data.rglob("*")):
        parts = path.relative_to(data).parts
        if VECTORS in parts or path.is_dir():
            continue
        found["/".join(parts)] = path.read_bytes() if path.name != "SEAL.json" else _seal_without_vectors(path)
    for folder in {path.parent for path in data.glob(f"*/{STORE}")}:
        assert damage(folder) is None
    return found


def _seal_without_vectors(path: Path) -> bytes:
    seal = json.loads(path.read_bytes())
    seal["files"] = {name: value for name, value in seal["files"].items() if not name.startswith(VECTORS)}
    return json.dumps(seal, sort_keys=True).encode()


def write_documents(folder: Path, documents: dict[str, str]) -> Path:
    """A folder of documents."""
    for name, text in documents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def random_kill(draw: random.Random, usual: Run, seconds: float) -> Kill:
    """Some kill within the steps, operations or seconds of an import."""
    match draw.choice(["step", "operation", "operation", "time"]):
        case "step":
            place = draw.randrange(len(usual.steps))
            return Kill(usual.steps[place], usual.steps[: place + 1].count(usual.steps[place]))
        case "operation":
            return Kill("operation", draw.randrange(1, usual.operations + 1))
        case _:
            return Kill("time", draw.uniform(0, seconds))


# ---- damages --------------------------------------------------------------------------------------------------


def _flip(path: Path, draw: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(draw.choice([1, 1, 8, 200])):
        if data:
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    with path.open("r+b") as file:  # in place, as a disk does it
        file.write(data)


def _truncate(path: Path, draw: random.Random) -> None:
    with path.open("r+b") as file:
        file.truncate(draw.randrange(path.stat().st_size + 1))


def _zero(path: Path, draw: random.Random) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        start = draw.randrange(size + 1)
        file.seek(start)
        file.write(b"\0" * min(4096, size - start))


def _append(path: Path, draw: random.Random) -> None:
    with path.open("ab") as file:
        file.write(draw.randbytes(draw.randrange(1, 5000)))


def _replace(path: Path, draw: random.Random) -> None:
    garbage = path.with_name(path.name + ".new")
    garbage.write_bytes(draw.randbytes(draw.choice([0, 10, 5000])))
    garbage.replace(path)


def _delete(path: Path, draw: random.Random) -> None:
    path.unlink()


FILE_DAMAGES: list[Callable[[Path, random.Random], None]] = [_flip, _flip, _truncate, _zero, _append, _replace, _delete]


# ---- the process that is killed ------------------------------------------------------------------------------

_OPERATIONS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile", "sqlite3.connect"}


class _Watched(HashingEmbeddings):
    """Says what it is about to embed."""

    def __init__(self, log: int) -> None:
        super().__init__()
        self._log = log

    def documents(self, texts: list[str]) -> list[Embedded]:
        os.write(self._log, f"embeds {len(texts)}\n".encode())
        return super().documents(texts)


def _import(docs: str, data: str, home: str, at: str, number: float) -> None:
    os.environ["TMPDIR"] = tempfile.tempdir = home
    log = os.open(Path(home) / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    counts: Counter[str] = Counter()

    def happens(what: str, line: str) -> None:
        os.write(log, line.encode())
        counts[what] += 1
        if at == what and counts[what] == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def tell(event: Event) -> None:
        happens(event.step, f"tells {event.step}\n")

    def audit(name: str, arguments: tuple[object, ...]) -> None:
        if name in _OPERATIONS and (name not in {"open", "sqlite3.connect"} or data in str(arguments[0])):
            happens("operation", f"does {name}\n")

    sys.addaudithook(audit)
    ingest([Path(docs)], Path(data), _Watched(log), tell=tell)


def _serve() -> None:
    for line in sys.stdin:
        process = os.fork()
        if not process:
            try:
                _import(**json.loads(line))
            except BaseException:  # noqa: BLE001 - this process must not go on as a second server
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        print(process, flush=True)
        print(os.waitpid(process, 0)[1], flush=True)


if __name__ == "__main__":
    _serve()
