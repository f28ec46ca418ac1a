"""Readers: one small module per format, one table that maps a file's ending to its reader."""

from __future__ import annotations

import importlib
import stat
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UnreadableFileError
from assistant.text.characters import readable
from ingest.read.blocks import Reading
from ingest.read.kinds import check_content, unsupported, windows_text

_MB = 1_000_000
MAX_BYTES = 20 * _MB  # of a text; a chapter of a book has less than 100,000


@dataclass(frozen=True, slots=True)
class Reader:
    """Where the function is that reads a format; its module, and the libraries behind it, are loaded when needed.

    `takes_text`: the function is of text and the file is decoded before, else it is of bytes. `has_pages`: form feeds in
    the text end pages, so the function makes it readable itself.
    """

    module: str
    function: str
    max_bytes: int = MAX_BYTES
    takes_text: bool = False
    has_pages: bool = False


_MARKDOWN = Reader("ingest.read.markdown", "read_markdown", takes_text=True)
_HTML = Reader("ingest.read.html", "read_html")
_CSV = Reader("ingest.read.csv", "read_csv")
READERS = {
    ".csv": _CSV,
    ".docx": Reader("ingest.read.docx", "read_docx", 200 * _MB),
    ".eml": Reader("ingest.read.eml", "read_eml", 50 * _MB),
    ".htm": _HTML,
    ".html": _HTML,
    ".markdown": _MARKDOWN,
    ".md": _MARKDOWN,
    ".pdf": Reader("ingest.read.pdf", "read_pdf", 200 * _MB),
    ".pptx": Reader("ingest.read.pptx", "read_pptx", 200 * _MB),
    ".tsv": _CSV,
    ".txt": Reader("ingest.read.plain", "read_plain", takes_text=True, has_pages=True),
    ".xlsx": Reader("ingest.read.xlsx", "read_xlsx", 200 * _MB),
}


def read_file(path: Path) -> Reading:
    """Read one file.

    Raises:
        UnreadableFileError: unknown format, no file, too large, empty, damaged, or not what its ending says.
    """
    ending = path.suffix.lower()
    reader = READERS.get(ending)
    if reader is None:
        raise unsupported(ending, frozenset(READERS))
    return read_bytes(_content(path, reader.max_bytes), ending)


def read_bytes(data: bytes, ending: str) -> Reading:
    """Read the content of a file; `ending` is one of READERS.

    Raises:
        UnreadableFileError: as above.
    """
    reader = READERS[ending]
    if not data.strip():
        raise UnreadableFileError("it is empty.", "Remove or fill it.")
    check_content(data, ending, frozenset(READERS))
    function = getattr(importlib.import_module(reader.module), reader.function)
    if reader.takes_text:
        text = _decoded(data)
        reading: Reading = function(text if reader.has_pages else readable(text))
    else:
        reading = function(data)
    if not reading.text.strip():
        raise UnreadableFileError("it is empty.", "Remove or fill it.")
    return reading


def _content(path: Path, limit: int) -> bytes:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableFileError("it is no ordinary file.", "Remove it.")
        if about.st_size > limit:
            size = f"{about.st_size / _MB:.0f} MB, more than {limit / _MB:.0f}"
            raise UnreadableFileError(f"it has {size}.", "Split it.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"it cannot be opened ({error.strerror}).", "Check the file's rights.") from None


def _decoded(data: bytes) -> str:
    encoding = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "UTF-8"
    try:
        text = data.decode("utf-16" if encoding == "UTF-16" else "utf-8-sig")
    except UnicodeDecodeError as error:
        legacy = windows_text(data) if encoding == "UTF-8" else None
        if legacy is not None:
            return legacy
        raise UnreadableFileError(f"it is not {encoding} (byte {error.start}).", "Save it as UTF-8.") from None
    if "\0" in text:
        raise UnreadableFileError("it is binary, not text.", "Remove it, or give it its right ending.")
    return text
