"""The reading process with a reader that does what a file's name says, each of it something that must not get through."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.errors import UnreadableFileError
from ingest.files import File
from ingest.parse import parse
from ingest.sandbox.confine import uncounted
from ingest.sandbox.worker import main


class Acts:
    """Makes a folder when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("unpickled",)


def _spin() -> None:
    while True:
        pass


def _hoard() -> None:
    hoard = []
    while True:
        hoard.append(bytearray(50_000_000))


def _raw_socket() -> None:
    """As a library in C would open it, which no hook of Python sees."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0) < 0:
        raise PermissionError(ctypes.get_errno(), "socket")


def _raw_open(path: bytes, flags: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.open(path, flags, 0o600) < 0:
        raise PermissionError(ctypes.get_errno(), "open")


def _recurse() -> None:
    _recurse()


DEEDS: dict[str, Callable[[], Any]] = {
    "spin": _spin,
    "spin-in-c": lambda: re.match(r"(a|aa)*$", "a" * 200 + "b"),
    "sleep": lambda: time.sleep(600),
    "hoard": _hoard,
    "one-big-allocation": lambda: bytearray(2_000_000_000),
    "segfault": lambda: ctypes.string_at(0),
    "abort": os.abort,
    "exit": lambda: os._exit(3),
    "leave": lambda: sys.exit(4),
    "key-error": lambda: {}["x"],
    "recurse": _recurse,
    "socket": lambda: socket.create_connection(("127.0.0.1", 9)),
    "name-look-up": lambda: socket.getaddrinfo("localhost", 80),
    "raw-socket": _raw_socket,
    "program": lambda: subprocess.run(["true"], check=True),
    "system": lambda: os.system("true"),  # noqa: S605 - the point of it
    "fork": os.fork,
    "write": lambda: Path("written").write_text("x"),
    "overwrite": lambda: Path("precious").write_text("x"),
    "raw-write": lambda: _raw_open(b"written", os.O_WRONLY | os.O_CREAT),
    "raw-truncate": lambda: _raw_open(b"precious", os.O_WRONLY | os.O_TRUNC),
    "remove": lambda: Path("precious").unlink(),
    "kill-parent": lambda: os.kill(os.getppid(), signal.SIGKILL),
    "new-group": os.setsid,
    "read-outside": lambda: Path("secret").read_text(),
    "raw-read-outside": lambda: _raw_open(b"secret", os.O_RDONLY),
    "print": lambda: os.write(1, b"x" * 1_000_000),
}


def _parse(file: File) -> Any:
    deed = Path(file.name).stem
    if deed == "huge":
        return "x" * 10_000_000
    if deed == "meet":
        file.path.read_bytes()
        return parse(replace(file, path=file.path.with_name("a.md")))
    if deed.startswith("scan"):
        for _ in range(int(deed.removeprefix("scan"))):
            with uncounted():
                time.sleep(0.3)
    if deed == "tesseract":
        subprocess.run(["tesseract", str(file.path)], check=True)
    if deed == "unpickled":
        return Acts()
    if deed in DEEDS:
        DEEDS[deed]()
        raise UnreadableFileError("it was done.", "")
    return parse(file)


if __name__ == "__main__":
    main(_parse)
