"""The reading order of a page: columns and tables, found from the places of the strips of text alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.read.strips import CAPTION, Strip
from ingest.read.tables import Table, kind_of, table_of

GUTTER = 0.5  # of the font size: the least white space between columns
Rules = Callable[[], Sequence[tuple[float, float, float]]]  # asked for where a table is found


@dataclass(slots=True)
class Column:
    """Lines below each other, one Strip a line."""

    lines: list[Strip]
    contents: bool = False  # lines of a table of contents
    margin: bool = False  # at the top or bottom edge of the page, where running heads and page numbers stand


def arranged(
    strips: list[Strip], rules: Callable[[], Sequence[tuple[float, float, float]]]
) -> Iterator[Column | Table]:
    """Columns and tables in reading order.

    Looks for the white gutter with the most lines beside each other and goes on with what is above it, within its
    columns, and below.
    """
    rows = _rows(strips)
    window = _window(rows) if len(rows) > 1 else None
    if window is None:
        if rows:
            yield Column(lines_of(strips))
        return
    first, last, _ = window
    inside = [strip for row in rows[first:last] for strip in row]
    gutters = _gutters(inside)
    columns = _columns(inside, gutters)
    yield from arranged([strip for row in rows[:first] for strip in row], rules)
    match kind_of(inside, columns, rows[first:last]):
        case "table":
            last = _end_of_table(rows, first, last)
            yield from _tables(rows[first:last], gutters, rules)
        case "contents":
            yield Column(lines_of(inside), contents=True)
        case "columns":
            for column in columns:
                yield from arranged(column, rules)
    yield from arranged([strip for row in rows[last:] for strip in row], rules)


def _end_of_table(rows: list[list[Strip]], first: int, last: int) -> int:
    """Without lines below the first column that stand off the last row."""
    while last - first > 2 and len(rows[last - 1]) == 1:
        if rows[last - 1][0].base - rows[last - 2][0].base < 1.5 * rows[last - 1][0].size:
            break
        last -= 1
    return last


def _tables(rows: list[list[Strip]], gutters: list[tuple[float, float]], rules: Rules) -> Iterator[Column | Table]:
    """A table, or several with headings between them."""
    usual = median(strip.size for row in rows for strip in row)
    part: list[Strip] = []
    for number, row in enumerate(rows):
        alone = row[0] if len(row) == 1 else None
        heads = alone and (alone.size > 1.1 * usual or (alone.bold and number == 0) or bool(CAPTION.match(alone.text)))
        if heads and part:
            yield table_of(_columns(part, gutters), rules())
            part = []
        if heads:
            yield Column(row)
        else:
            part += row
    if part:
        yield table_of(_columns(part, gutters), rules())


def _rows(strips: list[Strip]) -> list[list[Strip]]:
    """Strips on one base line, from left to right; the rows from top to bottom."""
    rows: list[list[Strip]] = []
    for strip in sorted(strips, key=lambda s: (s.base, s.x0)):
        if rows and strip.base - rows[-1][0].base < 0.2 * strip.size:
            rows[-1].append(strip)
        else:
            rows.append([strip])
    for row in rows:
        row.sort(key=lambda s: s.x0)
    return rows


def lines_of(strips: list[Strip]) -> list[Strip]:
    """One Strip for each base line, from top to bottom."""
    return [_line(row) for row in _rows(strips)]


def _line(row: list[Strip]) -> Strip:
    if len(row) == 1:
        return row[0]
    longest = max(row, key=lambda s: len(s.text))
    text = " ".join(s.text for s in row)
    return Strip(
        text, row[0].x0, max(s.x1 for s in row), longest.base, longest.size, all(s.bold for s in row), row[0].order
    )


def _window(rows: list[list[Strip]]) -> tuple[int, int, int] | None:
    """First row, row after the last, and weight of the rows with the best gutter; None without one."""
    best: tuple[int, int, int] | None = None
    breaks = _breaks(rows)
    for edge, width in _candidates(rows):
        first = 0
        for index in range(len(rows) + 1):
            if (
                index < len(rows)
                and index not in breaks
                and not any(s.x0 < edge and s.x1 > edge - width for s in rows[index])
            ):
                continue
            if index - first > 1:
                window = _weighed(rows, first, index, edge)
                if window and (best is None or _worth(window) > _worth(best)):
                    best = window
            first = index + 1
    return best


def _worth(window: tuple[int, int, int]) -> tuple[int, int]:
    first, last, weight = window
    return weight, last - first


def _breaks(rows: list[list[Strip]]) -> set[int]:
    """Rows with a heading over all columns, though it is short: nothing stands beside it."""
    usual = median(strip.size for row in rows for strip in row)
    found = set()
    for index in range(1, len(rows) - 1):
        strip = rows[index][0]
        if len(rows[index]) > 1 or strip.size < 1.12 * usual:
            continue
        near = min(strip.base - rows[index - 1][0].base, rows[index + 1][0].base - strip.base)
        goes_on = any(other.x0 >= strip.x1 for row in rows[index + 1 :] for other in row)
        if near > 1.05 * strip.size and goes_on:
            found.add(index)
    return found


def _candidates(rows: list[list[Strip]]) -> list[tuple[float, float]]:
    """Where a column may begin: places where strips begin or, less the gutter, end; with the gutter's width."""
    starts: Counter[int] = Counter()
    widths: dict[int, float] = {}
    for row in rows:
        for strip in row:
            for place in (strip.x0 - 0.5, strip.x1 + GUTTER * strip.size + 3.0):
                key = round(place / 2)
                starts[key] += 1
                widths[key] = max(widths.get(key, 0.0), GUTTER * strip.size)
    return [(2.0 * key - 2, widths[key]) for key, count in starts.most_common(40) if count > 1]


def _weighed(rows: list[list[Strip]], first: int, last: int, edge: float) -> tuple[int, int, int] | None:
    left = [i for i in range(first, last) if rows[i][0].x0 < edge]
    right = [i for i in range(first, last) if rows[i][-1].x0 >= edge]
    if not left or not right:
        return None
    start, end = max(left[0], right[0]), min(left[-1], right[-1])
    weight = min(sum(start <= i <= end for i in left), sum(start <= i <= end for i in right))
    if weight < 2:
        return None
    begin = _tight(rows, start, right[0], -1) if right[0] < left[0] else start
    stop = _tight(rows, end, max(left[-1], right[-1]), 1)
    return begin, stop + 1, weight


def _tight(rows: list[list[Strip]], inner: int, outer: int, step: int) -> int:
    """The row farthest from `inner` towards `outer` that is reached without a gap wider than between paragraphs.

    What stands alone above a right column or below one belongs to it only if it follows closely. What stands alone
    above a left column is read at the same place anyway.
    """
    index = inner
    while index != outer:
        gap = abs(rows[index + step][0].base - rows[index][0].base)
        if gap > 2.2 * min(rows[index][0].size, rows[index + step][0].size):
            break
        index += step
    return index


def _gutters(strips: list[Strip]) -> list[tuple[float, float]]:
    """White intervals between strips over the whole height."""
    gutters = []
    reach = float("-inf")
    for strip in sorted(strips, key=lambda s: s.x0):
        if reach > float("-inf") and strip.x0 - reach >= GUTTER * strip.size:
            gutters.append((reach, strip.x0))
        reach = max(reach, strip.x1)
    return gutters


def _columns(strips: list[Strip], gutters: list[tuple[float, float]]) -> list[list[Strip]]:
    columns: list[list[Strip]] = [[] for _ in range(len(gutters) + 1)]
    for strip in strips:
        columns[sum(strip.x0 >= right for _, right in gutters)].append(strip)
    top = min((strip.base for strip in strips), default=0.0)
    for number in range(len(columns) - 1, 0, -1):
        # a single strip without a head over it: a line of the cell before it with wide gaps
        if len(columns) > 2 and len(columns[number]) == 1 and columns[number][0].base > top + 1:
            columns[number - 1] += columns.pop(number)
    return columns
