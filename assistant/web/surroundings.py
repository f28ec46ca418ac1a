"""The passage around a quote as blocks to be shown, with the quote's characters marked and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.types import Span

Part = tuple[str, bool]  # text, and whether it belongs to the quote
Kind = Literal["heading", "item", "text", "table"]

_HEADING = re.compile(r"\s*#{1,6}\s+")
_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,3}[.)])\s+")
_RULE = re.compile(r"\s*\|?[\s:|-]*-{2,}[\s:|-]*\|?\s*")
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or list item of `parts`, or a table of `rows` of cells."""

    kind: Kind
    parts: tuple[Part, ...] = ()
    rows: tuple[tuple[tuple[Part, ...], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is shown of a document, and whether something stands before and after it."""

    blocks: tuple[Block, ...]
    before: bool
    after: bool


def surroundings(text: str, quote: Span | None, around: int | None) -> Surroundings:
    """The whole lines that hold a quote and `around` characters before and after it; all of the text where that is None."""
    front = _FRONT.match(text)
    first = front.end() if front and not (quote and quote.start < front.end()) else 0
    centre = quote or Span(first, first)
    start, end = first, len(text)
    if around is not None:
        start = max(first, text.rfind("\n", 0, max(0, centre.start - around)) + 1)
        cut = text.find("\n", min(len(text), centre.end + around))
        end = cut if cut >= 0 else len(text)
    return Surroundings(
        tuple(_blocks(text, start, end, quote)), bool(text[first:start].strip()), bool(text[end:].strip())
    )


def _blocks(text: str, start: int, end: int, quote: Span | None) -> Iterator[Block]:
    rows: list[tuple[tuple[Part, ...], ...]] = []
    offset = start
    for line in text[start:end].splitlines(keepends=True):
        here, offset = offset, offset + len(line)
        is_row = line.lstrip().startswith("|") or "\t" in line.strip()
        if rows and not is_row:
            yield Block("table", rows=tuple(rows))
            rows = []
        if is_row and not _RULE.fullmatch(line):
            rows.append(tuple(_cells(line, here, quote)))
        elif not is_row and line.strip():
            yield _line(line, here, quote)
    if rows:
        yield Block("table", rows=tuple(rows))


def _line(line: str, offset: int, quote: Span | None) -> Block:
    heading, item = _HEADING.match(line), _ITEM.match(line)
    kind: Kind = "heading" if heading else "item" if item else "text"
    skip = heading.end() if heading else 0
    return Block(kind, tuple(_parts(line[skip:].rstrip("\r\n"), offset + skip, quote)))


def _cells(line: str, offset: int, quote: Span | None) -> Iterator[tuple[Part, ...]]:
    separator = "|" if line.lstrip().startswith("|") else "\t"
    bare = line.rstrip()
    inner = bare.strip().strip("|") if separator == "|" else bare.strip("\n")
    at = offset + line.index(inner) if inner else offset
    for cell in inner.split(separator):
        lead = len(cell) - len(cell.lstrip())
        yield tuple(_parts(cell.strip(), at + lead, quote))
        at += len(cell) + 1


def _parts(words: str, offset: int, quote: Span | None) -> Iterator[Part]:
    """The words with those of the quote marked."""
    if quote is None:
        yield words, False
        return
    start, end = (min(max(edge - offset, 0), len(words)) for edge in (quote.start, quote.end))
    for part, inside in ((words[:start], False), (words[start:end], True), (words[end:], False)):
        if part:
            yield part, inside
