"""Tables in text files: values between semicolons, commas or tabs."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from assistant.errors import UnreadableFileError
from ingest.read.blocks import Reading
from ingest.read.cells import MAX_ROWS, ROW, compose_table, table_language
from ingest.read.compose import Composer

_DELIMITERS = ";\t,|"
_SAMPLE = 20_000
# UTF-8 read as Windows-1252: two signs for an umlaut, three for a quotation mark
_MISREAD = re.compile("[ÃÂ][\u0080-¿€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€")


def read_csv(data: bytes) -> Reading:
    """Read a table in UTF-8, UTF-16 or Windows-1252, as spreadsheet programs write them.

    Raises:
        UnreadableFileError: binary, in another encoding, with an open quotation mark or too many rows.
    """
    text = _decoded(data)
    language = table_language(text)
    composer = Composer()
    compose_table(composer, _rows(text, _delimiter(text)), ROW[language])
    return composer.reading()


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            if number > MAX_ROWS:
                raise UnreadableFileError(f"it has more than {MAX_ROWS} rows.", "Split it.")
            yield number, row
    except csv.Error as error:
        reason = f"it is no table: row {number + 1} ({error})."
        raise UnreadableFileError(reason, "Correct the quotation marks, or save it again.") from None


def _delimiter(text: str) -> str:
    """The sign that cuts most of the first rows into the same number of cells, and into the most."""
    lines = text[:_SAMPLE].splitlines(keepends=True)
    lines = lines[:-1] or lines  # the last one may be cut

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            rows = [len(row) for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True) if row]
        except csv.Error:
            return 0, 0
        widths = Counter(width for width in rows if width > 1)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return count, width

    return max(_DELIMITERS, key=worth)


def _decoded(data: bytes) -> str:
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise UnreadableFileError("it is binary, not text.", "Remove it, or give it its right ending.")
        if encoding != "cp1252" or not _MISREAD.search(text):
            return text
    raise UnreadableFileError("it is in none of UTF-8, UTF-16 and Windows-1252.", "Save it as UTF-8.")
