"""What a reader delivers: the text as it will be quoted, its structure, and what it says about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.text.sentences import FOLLOWS_ORDINAL
from assistant.types import Language, Span

BlockKind = Literal["heading", "paragraph", "item", "row", "caption", "footnote", "break"]

# "1. Forschung" is an item, "12. September" at the beginning of a line is a date
BULLET = re.compile(
    rf"[ \t]*(?:[-*+•·‣›»>–]|\(?(?P<number>\d{{1,2}})[.)](?![ \t]+(?:{FOLLOWS_ORDINAL}))|\(?[a-z]\))[ \t]+(?=\S)"
)
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|[\r\n]|\Z)")
SENTENCE_END = re.compile(r"[.:;!?…][\"'“”»«’)\]]*\s*$")
_GAP = re.compile(r"\S {3,}\S")  # what parts the cells of a table that is set with blanks
_INDENTED = re.compile(r" {8,}\S")  # a cell's second line
_DRAWN = re.compile(r"\s*[-=_]{4,}[-=_\s]*")
LABEL_LEVEL = 9  # a heading that has no rank of its own stands under all that have


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of structure; spans exclude markup at the ends.

    `level` is a heading's rank (1 highest), 0 for all else. `label` says where a row stands if no page does ("Members,
    row 14"). A `break` is empty and ends a table.
    """

    kind: BlockKind
    span: Span
    level: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class PageStart:
    """The character a page or slide begins with, and its number, counted from 1."""

    start: int
    number: int


@dataclass(frozen=True, slots=True)
class Stated:
    """What a document says about itself, in a place made for it. What it does not say is None."""

    title: str | None = None
    publisher: str | None = None
    date: str | None = None  # ISO 8601, as of which the document speaks
    language: Language | None = None
    source: str | None = None
    translation_of: str | None = None
    supersedes: str | None = None  # name of the document this one is a newer edition of
    metadata_date: str | None = None  # ISO 8601, when a program says the file was made; weaker than what the text says


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read."""

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[PageStart, ...] = ()  # in reading order; empty where the format has none
    stated: Stated = Stated()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, without its line end."""

    start: int
    text: str

    @property
    def blank(self) -> bool:
        """Nothing but white space."""
        return not self.text.strip()

    def span(self, skip: int = 0) -> Span:
        """The line's characters without `skip` at the front and without white space at the ends."""
        body = self.text[skip:]
        start = self.start + skip + len(body) - len(body.lstrip())
        return Span(start, start + len(body.strip()))


def lines_of(text: str, start: int = 0) -> Iterator[Line]:
    """The lines of `text` from the character `start` on."""
    for match in _LINE.finditer(text, start):
        yield Line(match.start(), match.group(1))


def groups_of(text: str, start: int = 0) -> Iterator[list[Line]]:
    """Runs of lines without a blank line between them."""
    group: list[Line] = []
    for line in lines_of(text, start):
        if not line.blank:
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def body_blocks(group: list[Line]) -> Iterator[Block]:
    """Paragraphs, list items and table rows of lines that hold no heading."""
    open_block: Block | None = None
    previous = ""
    aligned = sum(bool(_GAP.search(line.text)) for line in group) > 1  # a table set with blanks
    for line in group:
        if aligned and _DRAWN.fullmatch(line.text):
            continue
        bullet = BULLET.match(line.text)
        in_table = open_block is not None and open_block.kind == "row"
        parted = aligned and bool(_GAP.search(line.text)) and not bullet
        if open_block and in_table and aligned and not parted and _INDENTED.match(line.text):
            new = open_block = Block("row", Span(open_block.span.start, line.span().end))
        elif parted or is_row(line) or (in_table and line.text.startswith("\t")):
            new = Block("row", line.span())
        elif bullet and not (open_block and open_block.kind == "paragraph" and _runs_on(previous, bullet)):
            new = Block("item", line.span(bullet.end()))
        elif open_block and not in_table:  # a line goes on with what stands above it
            new = open_block = Block(open_block.kind, Span(open_block.span.start, line.span().end))
        else:
            new = Block("paragraph", line.span())
        if open_block and new is not open_block:
            yield open_block
        open_block, previous = new, line.text
    if open_block:
        yield open_block


def is_row(line: Line) -> bool:
    """Whether a line is a row of a table: cells between pipes or tabs."""
    words = line.text.strip()
    return "\t" in words or words.startswith("|") or " | " in words


def _runs_on(previous: str, bullet: re.Match[str]) -> bool:
    """Whether a number at the beginning of a line belongs to the sentence of the line before ("… in Phase\n2. Sie …")."""
    return bullet["number"] not in (None, "1") and not SENTENCE_END.search(previous)
