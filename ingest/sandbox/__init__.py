"""Files are read in a process of their own, with limits, so that a bad one costs only itself.

What this is: limits that the kernel enforces (memory, processor time, wall time, files written), and on Linux no
network and no files besides the documents' folders (see `ingest.sandbox.confine`). What it is not: a jail against somebody who
has taken over the process through a flaw of a library. Such a process could still make up what a document says, which
the file could have said as well. It could not make this process run anything: what comes back is only rebuilt as
plain values and our own dataclasses.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UnreadableFileError
from ingest.files import File
from ingest.parse import Parsed
from ingest.sandbox.child import Child, TooLargeError

_REPORT = "Report it, and convert the file."
_SPLIT = "Split it, or convert it to plain text."
_GRACE = 5.0  # seconds after which a process that does not keep to its limits itself is ended from here

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take."""

    memory: int = 1_000_000_000  # bytes of address space, the interpreter and the libraries included
    processor: int = 25  # seconds
    wall: float = 30.0  # seconds, without those that Tesseract takes
    scanning: float = 600.0  # seconds that Tesseract may take, which has a limit for each page besides
    output: int = 64_000_000  # bytes of what was read, as it is handed over


def read_all(
    files: Sequence[File], limits: Limits = Limits(), *, worker: str = "ingest.sandbox.worker"
) -> Iterator[tuple[File, Parsed | UnreadableFileError]]:
    """Read files in their order; while the caller works on one, the next is being read.

    The process ends when the iterator is exhausted, closed or collected, and with this process, however that ends.

    Args:
        files: what to read.
        limits: what one file may take.
        worker: the module that runs in the process.

    Raises:
        AssistantError: the reading process does not start.
    """
    reader = _Reader(limits, _folders(files), worker)
    try:
        if files:
            reader.ask(files[0])
        for place, file in enumerate(files, 1):
            outcome = reader.answer(file)
            if place < len(files):
                reader.ask(files[place])
            yield file, outcome
    finally:
        reader.close()


class _Reader:
    """The process, and a new one whenever a file was too much for it."""

    def __init__(self, limits: Limits, folders: Sequence[Path], worker: str) -> None:
        self._limits, self._folders, self._worker = limits, folders, worker
        self._child: Child | None = None

    def ask(self, file: File) -> None:
        if file.refusal:
            return
        if self._child is None:
            self._child = Child(self._worker)
            self._child.send((self._limits, self._folders))
        self._child.send(file)

    def answer(self, file: File) -> Parsed | UnreadableFileError:
        if file.refusal:
            return UnreadableFileError(*file.refusal)
        child = self._child
        if child is None:
            raise RuntimeError(f"{file.name} was not asked for")
        if not child.started:
            child.wait_until_started()
        try:
            match child.receive(self._limits.wall + self._limits.scanning + _GRACE, self._limits.output):
                case "parsed", Parsed() as parsed, bool(spent):
                    if spent:
                        self.close()
                    return parsed
                case "refused", str(message), str(fix):
                    return UnreadableFileError(message, fix)
                case "failed", str(name), str(details):
                    log.debug("%s", details)
                    return UnreadableFileError(f"the reader failed on it ({name}).", _REPORT)
                case "memory":
                    self.close()
                    return self._too_much_memory()
        except TooLargeError:
            self.close()
            return UnreadableFileError(f"it holds more than {self._limits.output / 1e6:g} MB of text.", _SPLIT)
        except TimeoutError:
            self.close()
            return self._too_slow()
        except EOFError:
            self._child = None
            return self._why_ended(child.close())
        except Exception as error:
            log.debug("what the reader sent cannot be used", exc_info=error)  # bytes can make unpickling raise anything
        self.close()
        return UnreadableFileError("the reader sent what cannot be used.", _REPORT)

    def close(self) -> None:
        """End the process."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def _why_ended(self, code: int) -> UnreadableFileError:
        if code == -signal.SIGALRM:
            return self._too_slow()
        if code == -signal.SIGXCPU:
            return UnreadableFileError(f"reading it took more than {self._limits.processor} s of computing.", _SPLIT)
        if code == -signal.SIGABRT:  # libraries in C, C++ and Rust end themselves so
            memory = f"it may need more than {self._limits.memory / 1e9:g} GB of memory"
            return UnreadableFileError(f"the reader gave up on it (signal {-code}); {memory}.", _SPLIT)
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return UnreadableFileError(f"the reader crashed on it ({how}).", _REPORT)

    def _too_slow(self) -> UnreadableFileError:
        return UnreadableFileError(f"reading it took more than {self._limits.wall:g} s.", _SPLIT)

    def _too_much_memory(self) -> UnreadableFileError:
        return UnreadableFileError(f"reading it needs more than {self._limits.memory / 1e9:g} GB of memory.", _SPLIT)


def _folders(files: Sequence[File]) -> list[Path]:
    """The folders the files lie in, without those that lie in another one of them; a sidecar's link is not followed."""
    parents: set[Path] = set()
    for file in files:
        if not file.refusal:
            parents |= {Path(os.path.abspath(file.path)).parent, Path(os.path.realpath(file.path)).parent}  # noqa: PTH100
            if file.sidecar:
                parents.add(Path(os.path.abspath(file.sidecar)).parent)  # noqa: PTH100
    found: list[Path] = []
    for folder in sorted(parents):
        if not any(folder.is_relative_to(outer) for outer in found):
            found.append(folder)
    return found
