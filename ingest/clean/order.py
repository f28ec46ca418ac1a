"""Columns that were read in the wrong order around figures, where only one order lets every sentence go on."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.clean.lines import begins_small, is_open
from ingest.clean.pieces import Piece

_LEAST = 40  # characters of a line that ends so openly by chance


def in_reading_order(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with blocks of a section exchanged where that is the only way to read it.

    Three blocks A, B, C: A ends openly at a figure, B and C begin in the middle of a sentence, C ends openly. C cannot go
    on with itself, so A goes on with C and C with B.
    """
    ordered: list[Piece] = []
    section: list[Piece] = []
    for piece in pieces:
        if piece.kind == "heading":
            ordered += [*_exchanged(section), piece]
            section = []
        else:
            section.append(piece)
    return ordered + _exchanged(section)


def _exchanged(section: list[Piece]) -> list[Piece]:
    running = [i for i, piece in enumerate(section) if piece.kind == "paragraph"]
    starts = [n for n in range(1, len(running)) if begins_small(section[running[n]].first)]
    orphans = [n for n in starts if not is_open(section[running[n - 1]].last)]
    if len(orphans) != 1 or not _ends_openly(section[running[-1]]):
        return section
    third = running[orphans[0]]
    for n in starts:
        first, second = running[n - 1], running[n]
        crosses = any(piece.kind == "caption" for piece in section[first + 1 : second])
        if n < orphans[0] and crosses and _ends_openly(section[first]):
            return section[:second] + section[third:] + section[second:third]
    return section


def _ends_openly(piece: Piece) -> bool:
    return is_open(piece.last) and piece.length >= _LEAST
