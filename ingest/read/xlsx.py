"""Excel workbooks: a heading for each sheet, a row for each row, values as they are shown."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException

from assistant.errors import UnreadableFileError
from ingest.read.blocks import Reading
from ingest.read.cells import MAX_ROWS, ROW, compose_table, repeated, table_language
from ingest.read.compose import Composer
from ingest.read.figures import Value, shown
from ingest.read.package import harmless, readable_package
from ingest.read.properties import properties

MAX_PLACES = 5_000_000  # empty ones included, which cost time too
_MOST_ROWS = 1_048_576  # of a sheet; Excel's own limit
_SAMPLE = 20_000  # characters the language is detected from
# A formula whose result was never computed: programs that only write files leave it open.
_OPEN = re.compile(
    rb'<c(?=[\s>])(?![^>]*\bt="str")[^>]*>\s*<f(?=[\s>/])[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?\bref="([A-Z]{1,3})([1-9][0-9]{0,6}):[A-Z]{1,3}([1-9][0-9]{0,6})"')

Row = tuple[int, list[tuple[Value, str]]]  # number, and values with their formats
_NOTHING: tuple[Value, str] = (None, "")


def read_xlsx(data: bytes) -> Reading:
    """Read an Excel workbook. Hidden sheets are left out.

    Raises:
        UnreadableFileError: damaged, protected, a zip bomb, too many rows, or formulas without results.
    """
    package = harmless(data)
    with readable_package("Excel workbook", SyntaxError, InvalidFileException), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what openpyxl does not know and nobody here asks for
        _check_results(package)
        workbook = openpyxl.load_workbook(package, read_only=True, data_only=True, keep_links=False)
        limit = _Limit()
        sheets = [
            (sheet.title, list(_rows(sheet, limit))) for sheet in workbook.worksheets if sheet.sheet_state == "visible"
        ]
        core = workbook.properties
        stated = properties(core.title, core.creator, core.created, core.modified)
    language = table_language(_sample(sheets))
    composer = Composer()
    for title, rows in sheets:
        if rows:
            composer.heading(title, 1)
            cells = ((number, [shown(value, form, language) for value, form in row]) for number, row in rows)
            compose_table(composer, cells, ROW[language])
    return composer.reading(stated)


class _Limit:
    """Counts the rows and places of a workbook."""

    def __init__(self) -> None:
        self._rows = self._places = 0

    def count(self, number: int, places: int, *, filled: bool) -> None:
        """One more row."""
        self._rows += filled
        self._places += places
        if self._rows > MAX_ROWS:
            raise UnreadableFileError(f"it has more than {MAX_ROWS} rows.", "Split it.")
        if self._places > MAX_PLACES or number > _MOST_ROWS:
            raise UnreadableFileError("its sheets are too wide or too long.", "Delete the empty rows and columns.")


def _rows(sheet: Any, limit: _Limit) -> Iterator[Row]:
    """The rows of a sheet that hold something, and one empty row for each gap."""
    sheet.reset_dimensions()  # what a sheet says about its own size may be wrong
    merged = _merged(sheet)
    above: dict[int, tuple[int, tuple[Value, str]]] = {}  # columns that a merged cell covers: to which row, with what
    gap = False
    for number, cells in enumerate(sheet.rows, 1):
        row = [_value(cell) for cell in cells]
        filled = any(value not in (None, "") for value, _ in row)
        if filled and above:
            above = {place: (last, value) for place, (last, value) in above.items() if number <= last}
            row += [_NOTHING] * (max(above, default=0) + 1 - len(row))
            for place, (_, value) in above.items():
                row[place] = value
        above |= {
            place: (last, row[place])
            for place, last in merged.get(number, {}).items()
            if place < len(row) and (not isinstance(row[place][0], str) or repeated(str(row[place][0])))
        }
        limit.count(number, len(row), filled=filled)
        if filled or gap:
            yield number, row if filled else []
        gap = filled


def _merged(sheet: Any) -> dict[int, dict[int, int]]:
    """The cells of a sheet that cover more rows, by row and column (from 0), with the last row each covers.

    The library does not say in its mode for large files, so the sheet's part is asked.
    """
    found: dict[int, dict[int, int]] = {}
    with sheet._get_source() as part:
        for column, first, last in _MERGED.findall(part.read()):
            if int(first) < int(last):
                found.setdefault(int(first), {})[column_index_from_string(column.decode()) - 1] = int(last)
    return found


def _value(cell: Any) -> tuple[Value, str]:
    value = "" if cell.data_type == "e" else cell.value
    return value, cell.number_format if isinstance(value, int | float) else ""


def _check_results(package: BytesIO) -> None:
    with zipfile.ZipFile(package) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and _OPEN.search(archive.read(name)):
                raise UnreadableFileError(
                    "it has formulas without results.", "Open it in a spreadsheet program and save it again."
                )


def _sample(sheets: list[tuple[str, list[Row]]]) -> str:
    words: list[str] = []
    length = 0
    for title, rows in sheets:
        words.append(title)
        for _, row in rows:
            words += [value for value, _ in row if isinstance(value, str)]
            length += sum(len(value) for value, _ in row if isinstance(value, str))
            if length > _SAMPLE:
                return " ".join(words)
    return " ".join(words)
