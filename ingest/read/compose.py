"""Composes the text of a document from pieces in reading order, for formats whose files are not text themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.errors import UnreadableFileError
from assistant.text.characters import readable
from assistant.types import Span
from ingest.read.blocks import Block, BlockKind, PageStart, Reading, Stated

MAX_LENGTH = 50_000_000  # characters, of 20,000 pages; cells that head many rows can swell a small file


class Composer:
    """Collects headings, paragraphs, items, rows, captions and footnotes and knows where in the text each one stands.

    The text reads like simple Markdown: a blank line between paragraphs, `- ` before items, `|` between cells. White
    space inside a piece is collapsed; an empty piece is left out. A text without end is refused.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._pages: list[PageStart] = []

    def page(self, number: int, back: int = 0) -> None:
        """What comes from now on stands on this page or slide (counted from 1), and so do the last `back` characters."""
        self._pages.append(PageStart(self._length - back, number))

    def heading(self, words: str, level: int) -> None:
        """A heading; `level` 1 is the highest."""
        self._add("heading", words, level=level)

    def paragraph(self, words: str, label: str = "") -> None:
        """Running text; `label` says where it stands if neither page nor heading does ("Notes")."""
        self._add("paragraph", words, label=label)

    def item(self, words: str, depth: int = 0, label: str = "") -> None:
        """An entry of a list, without its bullet; a number that belongs to it stays. `depth` 0 is the outermost."""
        self._add("item", words, depth=depth, label=label)

    def caption(self, words: str) -> None:
        """The line under a figure or over a table."""
        self._add("caption", words)

    def footnote(self, words: str) -> None:
        """A footnote with its number, placed behind the paragraph that refers to it."""
        self._add("footnote", words)

    def row(self, cells: Sequence[str], label: str = "") -> None:
        """A row of a table; the first row of a run is its header. `label` says where it stands ("Members, row 14")."""
        clean = [_collapsed(cell).replace("|", "/") for cell in cells]
        if any(clean):
            self._add("row", f"| {' | '.join(clean)} |", label=label)

    def end_table(self) -> None:
        """The next row is the header of another table."""
        if self._blocks and self._blocks[-1].kind == "row":
            self._blocks.append(Block("break", Span(self._length, self._length)))

    def include(self, reading: Reading, below: int) -> None:
        """What another file says, its headings under one of the level `below`; its pages are none of this file."""
        self.end_table()
        prefix = "\n\n" if self._parts else ""
        start = self._length + len(prefix)
        self._parts += [prefix, reading.text]
        self._length = start + len(reading.text)
        for block in reading.blocks:
            span = Span(block.span.start + start, block.span.end + start)
            self._blocks.append(replace(block, span=span, level=block.level + below if block.level else 0))
        self.end_table()

    def reading(self, stated: Stated | None = None) -> Reading:
        """The text with its structure and what the file says about itself."""
        return Reading("".join(self._parts), tuple(self._blocks), tuple(self._pages), stated or Stated())

    def _add(self, kind: BlockKind, words: str, *, level: int = 0, depth: int = 0, label: str = "") -> None:
        words = _collapsed(words)
        if not words:
            return
        previous = self._blocks[-1].kind if self._blocks else None
        tight = kind == previous and kind in ("item", "row")
        prefix = ("\n" if tight else "\n\n") if self._parts else ""
        prefix += (
            "  " * min(depth, 9) + "- " if kind == "item" else "#" * min(level, 6) + " " if kind == "heading" else ""
        )
        start = self._length + len(prefix)
        self._parts += [prefix, words]
        self._length = start + len(words)
        if self._length > MAX_LENGTH:
            raise UnreadableFileError(f"its text has more than {MAX_LENGTH} characters.", "Split it.")
        self._blocks.append(Block(kind, Span(start, self._length), level, label))


def _collapsed(words: str) -> str:
    return " ".join(readable(words).split())
