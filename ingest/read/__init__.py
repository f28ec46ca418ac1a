"""Readers: one small module per format, one table that maps a file's ending to its reader."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from assistant.errors import UnreadableFileError
from ingest.read.blocks import Reading
from ingest.read.markdown import read_markdown
from ingest.read.plain import read_plain

MAX_BYTES = 20_000_000
READERS: dict[str, Callable[[str], Reading]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_plain,
}


def read_file(path: Path) -> Reading:
    """Read one file.

    Raises:
        UnreadableFileError: unknown format, no file, too large, empty, binary or not UTF-8.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFileError(
            f"the format {path.suffix or '(none)'} is not supported.", f"Use {', '.join(READERS)}."
        )
    return reader(_decoded(_content(path)))


def _content(path: Path) -> bytes:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableFileError("it is no ordinary file.", "Remove it.")
        if about.st_size > MAX_BYTES:
            size = f"{about.st_size / 1e6:.0f} MB, more than {MAX_BYTES / 1e6:.0f}"
            raise UnreadableFileError(f"it has {size}.", "Split it.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"it cannot be opened ({error.strerror}).", "Check the file's rights.") from None


def _decoded(data: bytes) -> str:
    encoding = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "UTF-8"
    try:
        text = data.decode("utf-16" if encoding == "UTF-16" else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"it is not {encoding} (byte {error.start}).", "Save it as UTF-8.") from None
    if "\0" in text:
        raise UnreadableFileError("it is binary, not text.", "Remove it, or give it its right ending.")
    if not text.strip():
        raise UnreadableFileError("it is empty.", "Remove or fill it.")
    return text
