"""What a reader delivers: the text as it will be quoted, its structure, and what it says about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.types import Language, Span

BlockKind = Literal["heading", "paragraph", "item", "row"]

BULLET = re.compile(r"[ \t]*(?:[-*+•·‣›»>–]|\(?\d{1,2}[.)]|\(?[a-z]\))[ \t]+")
LABEL_LEVEL = 9  # a heading that has no rank of its own stands under all that have


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of structure; `level` is a heading's rank (1 highest), 0 for all else. Spans exclude markup at the ends."""

    kind: BlockKind
    span: Span
    level: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read. What a document does not say about itself is None."""

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    language: Language | None = None
    source: str | None = None
    translation_of: str | None = None


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
    for match in re.finditer(r"[^\r\n]+|(?<=\n)(?=\r?\n)", text[start:]):
        yield Line(start + match.start(), match.group())


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
    for line in group:
        bullet = BULLET.match(line.text)
        if "\t" in line.text.strip() or line.text.lstrip().startswith("|"):
            new = Block("row", line.span())
        elif bullet:
            new = Block("item", line.span(bullet.end()))
        elif open_block and open_block.kind != "row":  # a line goes on with what stands above it
            open_block = Block(open_block.kind, Span(open_block.span.start, line.span().end))
            continue
        else:
            new = Block("paragraph", line.span())
        if open_block:
            yield open_block
        open_block = new
    if open_block:
        yield open_block
