"""A running `ingest.sandbox.worker` and the messages to and from it."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import io
import logging
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import time
from typing import Any

from assistant.errors import AssistantError

HEADER = struct.Struct(">Q")  # in front of every message: its length
_START = 120.0  # seconds the process may take to start; importing the readers is slow on a cold disk
_CLOSED = b""
_KEPT = {"HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "PATH", "TESSDATA_PREFIX", "TMPDIR"}

log = logging.getLogger(__name__)


class TooLargeError(Exception):
    """A message is longer than it may be."""


class Child:
    """A running `ingest.sandbox.worker` and the pipes to it.

    It leads a process group, so that what it starts (Tesseract) ends with it. It holds the reading end of a pipe into
    which nothing is ever written: the kernel tells it when the writing end, held here, is gone.
    """

    def __init__(self, module: str) -> None:
        self.started = False
        self._module = module
        theirs, self._lifeline = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                # -P: the folder the user stands in is no place to import from, it may be the one with the documents
                [sys.executable, "-P", "-m", module, str(theirs)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs],
                start_new_session=True,
                env=_environment(),
            )
        finally:
            os.close(theirs)

    def send(self, message: object) -> None:
        """Send a message; a process that has ended is noticed when its answer is read."""
        body = pickle.dumps(message)
        assert self._process.stdin  # noqa: S101 - a pipe was asked for
        try:
            self._process.stdin.write(HEADER.pack(len(body)) + body)
            self._process.stdin.flush()
        except BrokenPipeError:
            log.debug("the reader ended before it was asked")

    def wait_until_started(self) -> None:
        """Wait for the readers to be imported, which does not count for the first file."""
        with contextlib.suppress(EOFError, TimeoutError):
            self.started = self.receive(_START, 100) == "started"
        if not self.started:
            self.close()
            raise AssistantError(
                "The process that reads the files does not start.",
                f"Run {sys.executable} -m {self._module} to see why.",
            )

    def receive(self, seconds: float, most: int) -> Any:
        """The next message.

        Raises:
            EOFError: the process has ended.
            TimeoutError: nothing came, or not all of it.
        """
        until = time.monotonic() + seconds
        (length,) = HEADER.unpack(self._read(HEADER.size, until))
        if length > most:
            raise TooLargeError
        return _Unpickler(io.BytesIO(self._read(length, until))).load()

    def _read(self, length: int, until: float) -> bytes:
        assert self._process.stdout  # noqa: S101 - a pipe was asked for
        pipe = self._process.stdout.fileno()
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN)
        parts = bytearray()
        while len(parts) < length:
            if not waiting.poll(max(0.0, until - time.monotonic()) * 1000):
                raise TimeoutError
            part = os.read(pipe, min(length - len(parts), 1 << 20))
            if part == _CLOSED:
                raise EOFError
            parts += part
        return bytes(parts)

    def close(self) -> int:
        """End it with all it has started; how it ended, as `Popen.returncode` says it."""
        if self._process.returncode is None:
            # the group's number is not given to others before its leader was waited for
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe  # noqa: S101 - pipes were asked for
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
            os.close(self._lifeline)
        return self._process.returncode


class _Unpickler(pickle.Unpickler):
    """Rebuilds plain values and our own dataclasses, nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        found = None
        if module == "assistant.types" or module.partition(".")[0] == "ingest":
            found = getattr(importlib.import_module(module), name)
        if not (isinstance(found, type) and dataclasses.is_dataclass(found) and found.__module__ == module):
            raise pickle.UnpicklingError(f"{module}.{name} is none of our dataclasses")
        return found


def _environment() -> dict[str, str]:
    """No keys and no tokens; the readers need none."""
    kept = {name: value for name, value in os.environ.items() if name in _KEPT or name.startswith("LC_")}
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)  # noqa: PTH109 - what Python itself does with ""
    return kept | {"PYTHONPATH": path, "OMP_THREAD_LIMIT": "1"}  # Tesseract's threads map memory and gain little
