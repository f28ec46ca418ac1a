"""The first and the last lines of a document, where it says what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.read.blocks import Block, BlockKind, Reading

_HEAD, _TAIL = 4_000, 3_000  # characters
_LONGEST = 1_000  # characters of a line that are looked at
_MARKUP = " \t*_#\\"


@dataclass(frozen=True, slots=True)
class EndLine:
    """A line as a reader sees it, without markup, and how many characters after the beginning it stands."""

    text: str
    kind: BlockKind
    level: int = 0
    offset: int = 0


def ends(reading: Reading) -> tuple[list[EndLine], list[EndLine]]:
    """The lines at the beginning and those at the end; a short document has only a beginning."""
    blocks = [block for block in reading.blocks if block.kind != "break"]
    if not blocks:
        return [], []
    first, last = blocks[0].span.start, blocks[-1].span.end
    head = [block for block in blocks if block.span.start < first + _HEAD]
    tail = [block for block in blocks[len(head) :] if block.span.end > last - _TAIL]
    return list(_lines(reading.text, head, first)), list(_lines(reading.text, tail, first))


def _lines(text: str, blocks: Sequence[Block], first: int) -> Iterator[EndLine]:
    for block in blocks:
        for line in text[block.span.start : block.span.end].splitlines():
            words = " ".join(line[:_LONGEST].replace("**", "").split()).strip(_MARKUP)
            if words:
                yield EndLine(words, block.kind, block.level, block.span.start - first)
