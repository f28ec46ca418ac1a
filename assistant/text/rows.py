"""The statements of a table's rows, by the headings of its columns."""

from __future__ import annotations

import re

from assistant.text.patterns import Column, columns, value_pattern
from assistant.text.statements import Statement, read_sentence, value_of
from assistant.types import Language


def row_statements(header: str, row: str, language: Language) -> list[Statement]:
    """The statements of a table's row under its header: its first cell is the subject, the others are values."""
    heads, values = cells(header), cells(row)
    if len(heads) != len(values) or len(values) < 2 or not values[0][0]:
        return []
    sentence = read_sentence(row, language)
    found = []
    for (head, _), (cell, start) in zip(heads[1:], values[1:], strict=True):
        column = _column(head)
        match = value_pattern(column.measure).search(sentence.masked, start, start + len(cell)) if column else None
        if column and match and (column.measure == "number" or match.start() == start):
            value = value_of(column.measure, sentence, *match.span("value"))
            if value:
                measured = column.kind in ("target", "status")  # of what the first cell names
                subject, attribute = (
                    (None, values[0][0]) if measured else (values[0][0].split(" (")[0], column.attribute)
                )
                found.append(
                    Statement(column.kind, attribute, subject, value, row[slice(*match.span("value"))].strip(),
                              column.measure, None, *match.span("value"))
                )  # fmt: skip
    return found


def cells(row: str) -> list[tuple[str, int]]:
    """The cells of a row, between pipes, tabs or three blanks, with where they begin; empty ones too, where pipes part them."""
    if "|" in row:
        parts = [(match[0], match.start()) for match in re.finditer(r"[^|]+", row.rstrip().removesuffix("|"))]
    else:
        gap = "\t" if "\t" in row else r"\s{3,}"
        ends = [match.span() for match in re.finditer(gap, row)]
        starts = [0, *(end for _, end in ends)]
        parts = [(row[a:b], a) for a, b in zip(starts, [*(start for start, _ in ends), len(row)], strict=True)]
    return [(part.strip(), at + len(part) - len(part.lstrip())) for part, at in parts]


def _column(head: str) -> Column | None:
    return next((column for column in columns() if column.heading.search(head)), None)
