"""The ranks of headings that were found by their shape, seen together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clean.pieces import Piece
from ingest.read.blocks import LABEL_LEVEL

_COUNTED = re.compile(r"(\d{1,2})\.\s")
_CHAPTER = re.compile(r"\d{1,2}\s")
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?\s")


def rank_headings(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, the title ranked highest and "1. …" inside chapter 5.2 ranked below it."""
    level = count = 0
    for i, piece in enumerate(pieces):
        if piece.kind != "heading":
            continue
        if i == 0 and piece.level == LABEL_LEVEL:
            piece.level = 1
        counted = _COUNTED.match(piece.words)
        if _NUMBERED.match(piece.words):
            level, count = piece.level, 0
        elif _CHAPTER.match(piece.words):
            level, count = 1, 0
        elif counted and level:
            number = int(counted.group(1))
            if number == count + 1 if count else number == 1:
                piece.level, count = level + 1, number
            else:
                level, count = 1, 0
    return list(pieces)
