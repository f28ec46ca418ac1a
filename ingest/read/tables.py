"""Tables of a page: what tells them from columns of text, and their rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from ingest.read.strips import Strip

_FIGURE = re.compile(r"[^A-Za-zÄÖÜäöü]*\d[^A-Za-zÄÖÜäöü]*(?:[A-Za-z%€$]{1,4}\.?)?|[-–—]")


@dataclass(slots=True)
class Table:
    """Rows of cells; a cell holds its lines."""

    rows: list[list[list[str]]]
    top: float
    bottom: float


def kind_of(
    strips: Sequence[Strip], columns: Sequence[Sequence[Strip]], rows: Sequence[Sequence[Strip]]
) -> Literal["table", "contents", "columns"]:
    """Whether strips in columns are cells of a table, a table of contents, or columns of text.

    A table is written row by row in the file, columns of text one after the other. Where the file does not decide,
    lines that fill their column are text, and columns of figures a table.
    """
    beside = sum(len(row) > 1 for row in rows)
    if beside < 2:
        return "columns"
    if _is_contents(columns[-1]):
        return "contents"
    place = {id(strip): number for number, column in enumerate(columns) for strip in column}
    ordered = [place[id(strip)] for strip in sorted(strips, key=lambda s: s.order)]
    changes = sum(a != b for a, b in pairwise(ordered))
    if changes <= len(columns):  # column by column
        figures = beside >= 0.7 * len(rows) and all(_is_figures(column) for column in columns[1:])
        return "table" if figures else "columns"
    prose = sum(_is_prose(column) for column in columns) >= 2
    by_line = changes >= 0.9 * len(strips) - 2
    return "columns" if prose and by_line and len(rows) > 5 else "table"


def _is_contents(column: Sequence[Strip]) -> bool:
    """Whether a last column counts up as page numbers do."""
    texts = [s.text for s in sorted(column, key=lambda s: s.base)]
    if len(texts) < 3 or not all(text.isdecimal() and len(text) <= 4 for text in texts):
        return False
    numbers = [int(text) for text in texts]
    return numbers == sorted(numbers) and numbers[-1] > numbers[0]


def _is_prose(column: Sequence[Strip]) -> bool:
    width = max(s.x1 for s in column) - min(s.x0 for s in column)
    full = [s for s in column if s.x1 - s.x0 > 0.8 * width and s.text.count(" ") >= 2]
    return len(column) >= 4 and len(full) >= 0.6 * len(column)


def _is_figures(column: Sequence[Strip]) -> bool:
    return sum(bool(_FIGURE.fullmatch(s.text)) for s in column) >= 0.6 * len(column)


def table_of(columns: Sequence[Sequence[Strip]], rules: Sequence[tuple[float, float, float]]) -> Table:
    """The rows of a table; lines of a cell that stand below each other belong together."""
    strips = sorted((s for column in columns for s in column), key=lambda s: (s.base, s.x0))
    top, bottom = strips[0].base, strips[-1].base
    starts = _starts(columns, strips, [y for y, x0, x1 in rules if _crosses(strips, x0, x1)])
    rows: list[list[list[str]]] = [[[] for _ in columns] for _ in starts]
    for number, column in enumerate(columns):
        for strip in sorted(column, key=lambda s: (s.base, s.x0)):
            row = max(0, sum(start <= strip.base + 0.1 for start in starts) - 1)
            rows[row][number].append(strip.text)
    return Table([row for row in rows if any(row)], top, bottom)


def _crosses(strips: Sequence[Strip], x0: float, x1: float) -> bool:
    left, right = min(s.x0 for s in strips), max(s.x1 for s in strips)
    return min(x1, right) - max(x0, left) > 0.15 * (right - left)


def _starts(columns: Sequence[Sequence[Strip]], strips: Sequence[Strip], rules: Sequence[float]) -> list[float]:
    """Base lines rows begin with: below ruled lines if there are enough, else by white space, else by the first column."""
    lines: list[float] = []
    for strip in strips:
        if not lines or strip.base - lines[-1] > 0.2 * strip.size:
            lines.append(strip.base)
    inner = [y for y in sorted(rules) if lines[0] < y < lines[-1]]
    starts = [lines[0]]
    if len(inner) >= 2 and len({round(y / 3) for y in inner}) >= 2:
        starts += [line for before, line in pairwise(lines) if any(before - 1 < y < line - 1 for y in inner)]
        if len(starts) >= 3 and len(lines) <= 6 * len(starts):
            return starts
    return _starts_by_space(columns, lines, median(s.size for s in strips))


def _starts_by_space(columns: Sequence[Sequence[Strip]], lines: Sequence[float], size: float) -> list[float]:
    """White space tells rows apart if most of them have it in front; else a row begins where its first cell does."""
    gaps = [line - before for before, line in pairwise(lines)]
    first = {line for line in lines if any(abs(line - s.base) < 0.2 * size for s in columns[0])}
    others = {line for line in lines if any(abs(line - s.base) < 0.2 * size for c in columns[1:] for s in c)}
    wide = [gap > max(1.25 * min(gaps), 1.1 * size) for gap in gaps]
    whole = len(first & others)
    heads = sorted((s for s in columns[0]), key=lambda s: s.base)
    wrapped = any(b.text[:1].islower() or a.text.endswith("-") for a, b in pairwise(heads))
    by_space = any(wide) and not all(wide) and (wrapped or sum(wide) + 1 >= 0.6 * whole)
    starts = [lines[0]]
    for (before, line), is_wide in zip(pairwise(lines), wide, strict=True):
        lowered = before == lines[0] and before not in first  # the head of the first column stands lower
        if is_wide or (not by_space and line in first and line in others and not lowered):
            starts.append(line)
    return starts
