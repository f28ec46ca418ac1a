"""Rows of cells to a table with its header first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.text.language import detect_language
from assistant.types import Language
from ingest.read.compose import Composer

_MAX_HEAD = 120  # characters; what is longer heads no rows, and repeated it would drown them
MAX_ROWS = 100_000  # of a file; each becomes a passage of its own
ROW: dict[Language, str] = {"de": "Zeile", "en": "row"}  # says where it stands
_SAMPLE = 20_000  # characters the language is detected from
_NAME = re.compile(r"\bname\b", re.IGNORECASE)
_NUMBER = re.compile(r"[\d\s.,:/%€$£+−–-]*")
_YEAR = re.compile(r"(?:19|20)\d\d")  # heads a column as a word does
_LOOK_AHEAD = 30  # rows that tell how wide a table is
_ENDS = (".", ":", ";", ",", "!", "?", "-", "–")


def table_language(text: str) -> Language:
    """The language of cells; tables in both have a column "Name", which elsewhere is English."""
    return detect_language(_NAME.sub("", text[:_SAMPLE]))


def compose_table(composer: Composer, rows: Iterable[tuple[int, Sequence[str]]], label: str = "") -> None:
    """Compose rows with their numbers; an empty row ends a table. `label` is put before the number of a row ("Zeile").

    Rows above the header (a title, a date) become paragraphs, so that the first row of a table is its header.
    """
    run: list[tuple[int, Sequence[str]]] = []
    for number, cells in rows:
        if any(cell and not cell.isspace() for cell in cells):
            run.append((number, cells))
        elif run:
            _compose_run(composer, run, label)
            run = []
    if run:
        _compose_run(composer, run, label)


def repeated(words: str) -> str:
    """What a cell that covers several rows says in those below its first: its words, so that each row has its head."""
    return words if len(words) <= _MAX_HEAD else ""


def joined(pieces: Iterable[str]) -> str:
    """Paragraphs of a cell on one line."""
    words: list[str] = []
    for piece in pieces:
        line = " ".join(piece.split())
        if line and words:
            words.append(" " if words[-1].endswith(_ENDS) else "; ")
        words += [line] if line else []
    return "".join(words)


def _compose_run(composer: Composer, run: list[tuple[int, Sequence[str]]], label: str) -> None:
    filled = [[place for place, cell in enumerate(cells) if cell and not cell.isspace()] for _, cells in run]
    width = max(map(len, filled[:_LOOK_AHEAD]))
    single = max(map(len, filled)) == 1
    first = min(places[0] for places in filled)
    header = _header(run, filled, width)
    for place, (number, cells) in enumerate(run):
        where = f"{label} {number}" if label else ""
        if place < header or single:
            composer.paragraph(" ".join(cell for cell in cells if cell), where)
        else:
            composer.row(cells[first : filled[place][-1] + 1], where)
    composer.end_table()


def _header(run: list[tuple[int, Sequence[str]]], filled: list[list[int]], width: int) -> int:
    """The first row that is mostly text and fills half of the columns; the first that fills them if none is of text."""
    wide = [place for place, places in enumerate(filled[:_LOOK_AHEAD]) if 2 * len(places) > width]
    for place in wide:
        cells = [run[place][1][column].strip() for column in filled[place]]
        if 2 * sum(not _NUMBER.fullmatch(cell) or bool(_YEAR.fullmatch(cell)) for cell in cells) > len(cells):
            return place
    return wide[0]
