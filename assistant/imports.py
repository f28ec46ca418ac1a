"""Documents brought through the browser: files into a folder, and `lotse-ingest` as a process that brings the index in line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from assistant.errors import InvalidInputError
from assistant.index.store import Store
from assistant.index.versions import STORE, served
from assistant.resources import resource_dir
from assistant.settings import PREFIX, Settings

WITHDRAWN = ".withdrawn"  # beginning with a dot, so that an import leaves it alone
MOST_BYTES = 50_000_000  # of one file
ENDINGS = (".pdf", ".docx", ".pptx", ".xlsx", ".html", ".htm", ".eml", ".csv", ".md", ".txt")
_NAME = re.compile(r"[^\w .,()+&@-]")

State = Literal["idle", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: a share from 0 to 1, the document it is at, and in the end what was refused and why."""

    state: State = "idle"
    share: float = 0.0
    name: str = ""
    refused: tuple[tuple[str, str], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)  # added, changed, removed, documents
    problem: str = ""


class Imports:
    """The folder of documents that the browser changes, and the import that runs at most once at a time."""

    def __init__(self, settings: Settings, program: Sequence[str] = (sys.executable, "-m", "ingest")) -> None:
        self._settings, self._program = settings, program
        self._lock = threading.Lock()
        self._progress = Progress()
        self._again = False  # files changed while an import ran

    @property
    def folder(self) -> Path:
        """Where the files lie.

        Raises:
            InvalidInputError: none was set.
        """
        if self._settings.documents is None:
            raise InvalidInputError("There is no folder for documents.", f"Set {PREFIX}DOCUMENTS and start again.")
        return self._settings.documents

    @property
    def progress(self) -> Progress:
        """How far the import is."""
        return self._progress

    def names(self) -> tuple[list[str], list[str]]:
        """The files in the folder and the withdrawn ones."""
        return _files(self.folder), _files(self.folder / WITHDRAWN)

    def add(self, name: str, content: bytes) -> str:
        """Put a file into the folder under a harmless name, which is returned; one of the same name is replaced.

        Raises:
            InvalidInputError: its kind is not read, it is empty or too large.
        """
        safe = safe_name(name)
        if Path(safe).suffix.lower() not in ENDINGS:
            raise InvalidInputError(f"{safe} is of a kind that is not read.", f"Bring one of {', '.join(ENDINGS)}.")
        if not content or len(content) > MOST_BYTES:
            raise InvalidInputError(f"{safe} has {len(content):,} bytes.", f"Bring between 1 and {MOST_BYTES:,} bytes.")
        self.folder.mkdir(parents=True, exist_ok=True)
        waiting = self.folder / f".{safe}.part"
        waiting.write_bytes(content)
        waiting.replace(self.folder / safe)
        return safe

    def withdraw(self, name: str) -> None:
        """Take a file out, so that its document answers no more; it can be restored."""
        self._move(self.folder, self.folder / WITHDRAWN, name)

    def restore(self, name: str) -> None:
        """Put a withdrawn file back."""
        self._move(self.folder / WITHDRAWN, self.folder, name)

    def _move(self, source: Path, target: Path, name: str) -> None:
        if name not in _files(source):
            raise InvalidInputError(f"There is no file {name[:64]!r}.", "Choose one of the list.")
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).replace(target / name)

    def start(self) -> None:
        """Bring the index in line with the folder and the shipped corpus, as far as that is in; after the import that runs.

        Raises:
            InvalidInputError: it would take documents out that lie elsewhere.
        """
        with self._lock:
            paths = self._paths()
            if self._progress.state == "running":
                self._again = True
                return
            self._progress = Progress("running")
        threading.Thread(target=self._run, args=(paths,), name="import", daemon=True).start()

    def _paths(self) -> list[Path]:
        shipped = resource_dir("corpus")
        with closing(Store(served(self._settings.data).folder / STORE)) as store:
            known = set(store.files())
        ours = {*_files(self.folder), *_files(self.folder / WITHDRAWN)}
        corpus = {path.relative_to(shipped).as_posix() for path in shipped.rglob("*") if path.is_file()}
        if elsewhere := sorted(known - ours - corpus):
            raise InvalidInputError(
                f"{len(elsewhere)} documents of the index lie elsewhere, {elsewhere[0]} among them, and would be taken out.",
                f"Set {PREFIX}DOCUMENTS to their folder, or bring documents with lotse-ingest.",
            )
        return [*([shipped] if known & corpus else []), *([self.folder] if _files(self.folder) else [])]

    def _run(self, paths: Sequence[Path]) -> None:
        ended = self._imported(paths)
        with self._lock:
            again, self._again = self._again, False
            self._progress = Progress("running") if again else ended
        if again:
            self._run(self._paths())

    def _imported(self, paths: Sequence[Path]) -> Progress:
        program = [*self._program, *map(str, paths), "--data", str(self._settings.data), "--json"]
        ended: Progress | None = None
        try:
            with subprocess.Popen(  # noqa: S603 - our own program
                program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ.copy()
            ) as process:
                for line in process.stdout or ():
                    step = followed(self._progress, json.loads(line))
                    if step.state == "done":
                        ended = step
                    else:
                        self._progress = step
                said = process.stderr.read() if process.stderr else ""
        except (OSError, ValueError) as error:
            return Progress("failed", problem=str(error))
        return ended or Progress("failed", problem=said.strip().splitlines()[-1] if said.strip() else "")


def followed(progress: Progress, line: Mapping[str, object]) -> Progress:
    """The progress after one line of `lotse-ingest --json`."""
    if line.get("step") == "report":
        refused, counts = line.get("refused"), {}
        for name in ("added", "changed", "removed"):
            found = line.get(name)
            counts[name] = len(found) if isinstance(found, list) else 0
        counts["documents"] = int(str(line.get("documents", 0)))
        reasons = tuple((str(one["name"]), str(one["reason"])) for one in refused) if isinstance(refused, list) else ()
        return Progress("done", 1.0, refused=reasons, counts=counts)
    total = int(str(line.get("total") or 0))
    share = int(str(line.get("done") or 0)) / total * 0.9 if total else progress.share
    return Progress("running", max(progress.share, share), str(line.get("name") or progress.name))


def safe_name(name: str) -> str:
    """A file name without folders, control characters or a dot in front.

    Raises:
        InvalidInputError: nothing is left of it.
    """
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    safe = _NAME.sub("_", last).lstrip(". ").strip()
    if not safe.strip("._ "):
        raise InvalidInputError(f"{name[:64]!r} is no file name.", "Rename the file.")
    stem, suffix = Path(safe).stem, Path(safe).suffix
    return f"{stem[: 120 - len(suffix)]}{suffix}"


def _files(folder: Path) -> list[str]:
    """The names of all files below a folder, without hidden ones, in order."""
    if not folder.is_dir():
        return []
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts))
