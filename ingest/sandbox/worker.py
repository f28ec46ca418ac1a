"""The process that reads files, one after another, for `ingest.sandbox`. Started as `python -m ingest.sandbox.worker`."""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from assistant.errors import UnreadableFileError
from ingest.files import File
from ingest.parse import Parsed, parse
from ingest.sandbox import Limits
from ingest.sandbox.child import HEADER
from ingest.sandbox.confine import allow_processor_time, allow_wall_time, confine, end_with_pipe


def main(parse: Callable[[File], Parsed] = parse) -> None:
    """Read what is asked for on standard input until that is closed."""
    if len(sys.argv) > 1:
        end_with_pipe(int(sys.argv[1]))
    requests = sys.stdin.buffer
    replies = os.dup(1)  # open until the very end, so that who waits for an answer can tell how this process has ended
    os.dup2(2, 1)  # what a library prints must not come between the messages
    first = _next(requests)
    if first is None:
        return
    limits, folders = first
    confine(limits.memory, folders)
    _send(replies, pickle.dumps("started"))
    while (file := _next(requests)) is not None:
        allow_processor_time(limits.processor)
        allow_wall_time(limits.wall, limits.scanning)
        reply = _reply(parse, file, limits)
        allow_wall_time(0, 0)
        _send(replies, reply)


def _reply(parse: Callable[[File], Parsed], file: File, limits: Limits) -> bytes:
    """What came of a file, as it is sent; `ingest.sandbox` knows the forms."""
    try:
        return pickle.dumps(("parsed", parse(file), _mapped() > limits.memory / 2), pickle.HIGHEST_PROTOCOL)
    except UnreadableFileError as error:
        return pickle.dumps(("refused", error.message, error.fix))
    except MemoryError:
        return pickle.dumps("memory")
    except RecursionError:
        return pickle.dumps(("refused", "it is nested too deeply.", "Convert the file."))
    except Exception as error:  # noqa: BLE001 - a library's fault costs this file, the others go in
        return pickle.dumps(("failed", type(error).__name__, traceback.format_exc()))


def _mapped() -> int:
    """Bytes of address space in use; libraries keep some, and the next file should find as much as the first."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") if statm.exists() else 0


def _next(requests: BinaryIO) -> Any:
    """The next message from the process that started this one and is trusted; None if there is none."""
    header = requests.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    return pickle.loads(requests.read(HEADER.unpack(header)[0]))  # noqa: S301 - see above


def _send(replies: int, body: bytes) -> None:
    rest = memoryview(HEADER.pack(len(body)) + body)
    while rest:
        rest = rest[os.write(replies, rest) :]


if __name__ == "__main__":
    main()
