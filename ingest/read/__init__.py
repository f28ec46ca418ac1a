"""Readers: one small module per format, one table that maps a file's ending to its reader."""

from __future__ import annotations

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
        UnreadableFileError: unknown format, too large, empty, binary or not UTF-8.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFileError(f"the format {path.suffix or '(none)'} is not supported.", f"Use {', '.join(READERS)}.")
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise UnreadableFileError(f"it cannot be opened ({error.strerror}).", "Check the file's rights.") from None
    if size > MAX_BYTES:
        raise UnreadableFileError(f"it has {size / 1e6:.0f} MB, more than {MAX_BYTES / 1e6:.0f}.", "Split it.")
    return reader(_decoded(data))


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"it is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from None
    if "\0" in text:
        raise UnreadableFileError("it is binary, not text.", "Remove it, or give it its right ending.")
    if not text.strip():
        raise UnreadableFileError("it is empty.", "Remove or fill it.")
    return text
