"""Tables as rows of cells: the rest of a row that a page broke is put back into its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ingest.clean.lines import begins_small
from ingest.clean.pieces import Piece


def mend_tables(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with broken rows joined and the columns of the rows behind the break in line with the header's."""
    mended: list[Piece] = []
    table: list[Piece] = []
    for piece in [*pieces, None]:
        if piece is not None and piece.kind == "row":
            table.append(piece)
            continue
        mended += _mended(table)
        table = []
        if piece is not None:
            mended.append(piece)
    return mended


def _mended(rows: list[Piece]) -> list[Piece]:
    if len(rows) < 3:
        return rows
    width = Counter(len(row.cells) for row in rows).most_common(1)[0][0]
    width = max(width, len(rows[0].cells))
    done: list[Piece] = rows[:1]
    missing = 0  # cells that the rows behind a break lack at their front
    for row in rows[1:]:
        breaks = bool(row.cells[0]) and begins_small(row.cells[0]) and len(row.cells) < width == len(done[-1].cells)
        if breaks:
            missing = width - len(row.cells)
        elif len(row.cells) + missing != width:
            missing = 0
        if missing:
            row.cells = [""] * missing + row.cells
        if breaks:
            _fill(done[-1], row)
        else:
            done.append(row)
    return done


def _fill(row: Piece, rest: Piece) -> None:
    """Put what comes after a page's end behind the words of the cells it belongs to."""
    row.cells = [f"{cell} {more}".strip() for cell, more in zip(row.cells, rest.cells, strict=True)]
