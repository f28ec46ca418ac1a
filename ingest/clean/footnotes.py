"""Footnotes come behind the paragraph, the item or the caption that has their mark."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clean.pieces import SUPERSCRIPTS, Piece

_RAISED = re.compile("[⁰¹²³⁴-⁹]{1,3}")
_ON_THE_LINE = re.compile(r"[^\W\d_]{3,}[.,;:)\"“”]{0,2}(\d{1,3})(?!\w)")  # "bewilligt.1", not "CO2" or "Cas9"


def attach_footnotes(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with each numbered footnote behind the one that refers to it; others stay where they are."""
    behind: dict[int, list[Piece]] = {}
    moved: set[int] = set()
    raised: dict[str, int] = {}  # number of a mark → where it stands, the last place read
    plain: dict[str, int] = {}
    for i, piece in enumerate(pieces):
        if piece.kind == "footnote":
            place = raised.get(piece.note, plain.get(piece.note)) if piece.note else None
            if place is not None:
                behind.setdefault(place, []).append(piece)
                moved.add(i)
            continue
        if piece.kind == "row":
            continue
        for mark in _RAISED.findall(piece.words):
            raised[mark.translate(SUPERSCRIPTS)] = i
        for mark in _ON_THE_LINE.findall(piece.words):
            plain[mark] = i
    ordered: list[Piece] = []
    for i, piece in enumerate(pieces):
        if i not in moved:
            ordered += [piece, *behind.get(i, [])]
    return ordered
