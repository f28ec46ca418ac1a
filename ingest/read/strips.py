"""Strips of text on a page: what stands together on one line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.read.pieces import Piece

CELL_GAP = 0.9  # of the font size: a wider gap within a line parts columns or cells
CAPTION = re.compile(
    r"(?:Abb|Abbildung|Bild|Fig|Figure|Foto|Grafik|Karte|Schaubild|Tab|Tabelle|Table|Übersicht)\b\.?"
    r"\s?(?:\d{1,3}(?:[.-]\d{1,3})?[a-z]?|[IVX]{1,4})(?P<clear>\s?[:.|–—-])?(?:\s|$)"
)
_BULLET = re.compile(r"[-•‣▪■□●○◦►▶➢➤✓✔❖◆→·–*+]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]")
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,4}\.?|\d{1,2}")  # in front of a heading
_LEADERS = re.compile(r"\s*(?:[.·…_]\s?){4,}")  # in a table of contents
_PRIVATE_BULLETS = re.compile("^[\ue000-\uf8ff]$")  # symbol fonts
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Strip:
    """Text that stands together on one line."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool
    order: int  # place in the file


def strips_of(pieces: Sequence[Piece]) -> list[Strip]:
    """Join pieces that stand on one line without a wide gap."""
    lines: list[list[Piece]] = []
    for piece in pieces:
        if piece.turned:
            continue
        if not (lines and _on_line(lines[-1][-1], piece)):
            lines.append([])
        lines[-1].append(piece)
    strips: list[Strip] = []
    for line, cuts in zip(lines, _cuts_of(lines), strict=True):
        for start, end in pairwise([0, *cuts, len(line)]):
            strips.append(_strip(line[start:end], len(strips)))
    return _with_bullets(strips)


def turned_of(pieces: Sequence[Piece]) -> list[str]:
    """Texts written upwards or aslant, such as labels of axes."""
    texts: list[str] = []
    before: Piece | None = None
    for piece in pieces:
        if piece.turned:
            texts[-1:] = [f"{texts[-1]} {piece.text}"] if before and before.turned else [*texts[-1:], piece.text]
        before = piece
    return texts


def _on_line(last: Piece, piece: Piece) -> bool:
    size = max(last.size, piece.size)
    # a raised or lowered mark stands off the line, but within its height
    reach = (0.25 if abs(piece.size - last.size) < 0.1 * size else 0.6) * size
    return abs(piece.base - last.base) < reach and piece.x0 - last.x1 > -0.5 * size


def _cuts_of(lines: list[list[Piece]]) -> list[list[int]]:
    """For each line the places with a gap as wide as between columns or cells, unless it only fills the line."""
    found = [
        [n for n, (a, b) in enumerate(pairwise(line), 1) if b.x0 - a.x1 >= CELL_GAP * max(a.size, b.size)]
        for line in lines
    ]
    even = [bool(cuts) and _is_even(line) for line, cuts in zip(lines, found, strict=True)]
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        before: int | None = None
        for number in order:
            line = lines[number]
            words = sum(not piece.glued for piece in line)
            # justified: the same gaps all along it, and many of them, or as long as the line of text beside it
            if even[number] and (words > 4 or (before is not None and _are_flush(line, lines[before]))):
                found[number] = []
            before = number if not found[number] and words > 1 else None
    return found


def _is_even(line: list[Piece]) -> bool:
    """Whether all gaps of a line of words are the same."""
    gaps = [b.x0 - a.x1 for a, b in pairwise(line) if not b.glued]
    words = sum(any(c.isalpha() for c in piece.text) for piece in line)
    return (
        bool(gaps)
        and max(gaps) < 5 * line[0].size
        and max(gaps) - min(gaps) < max(0.12 * max(gaps), 1.0)
        and words >= 0.6 * len(line)
    )


def _are_flush(a: list[Piece], b: list[Piece]) -> bool:
    return abs(a[0].x0 - b[0].x0) < 1 and abs(a[-1].x1 - b[-1].x1) < 1


def _strip(group: list[Piece], order: int) -> Strip:
    weights: Counter[tuple[float, float, bool]] = Counter()
    for piece in group:
        weights[piece.size, piece.base, piece.bold] += len(piece.text)
    (size, base, bold), _ = weights.most_common(1)[0]
    words: list[str] = []
    end = group[0].x0
    for piece in group:
        text, glued = piece.text, piece.glued
        if piece.size < 0.85 * size and piece.base < base - 0.12 * size and text.strip(",").isdecimal():
            text, glued = text.translate(_SUPERSCRIPT), glued or piece.x0 - end < 0.4 * size
        if _PRIVATE_BULLETS.match(text):
            text = "" if words else "•"
        words.append(text if glued or not words else f" {text}")
        end = piece.x1
    text = _LEADERS.sub(" … ", "".join(words)).strip()
    return Strip(text, min(p.x0 for p in group), max(p.x1 for p in group), base, size, bold, order)


def _with_bullets(strips: list[Strip]) -> list[Strip]:
    """A bullet or number stands with the words it introduces, a page number with its entry in a table of contents."""
    result: list[Strip] = []
    for strip in strips:
        last = result[-1] if result else None
        if (
            last
            and abs(last.base - strip.base) < 0.4 * strip.size
            and (
                (_introduces(last) and 0 <= strip.x0 - last.x1 < 4 * strip.size)
                or (last.text.endswith("…") and strip.x0 > last.x1 and strip.text.isalnum())
            )
        ):
            result[-1] = Strip(
                f"{last.text} {strip.text}", last.x0, strip.x1, strip.base, strip.size, strip.bold, last.order
            )
        elif strip.text:
            result.append(strip)
    return result


def _introduces(strip: Strip) -> bool:
    if _BULLET.fullmatch(strip.text):
        return True
    return bool(_SECTION.fullmatch(strip.text)) and (strip.bold or "." in strip.text)
