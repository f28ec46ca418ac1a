"""Plain text, as it comes out of PDFs and web pages: headings have no markup, so shape tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.types import Span
from ingest.read.blocks import BULLET, LABEL_LEVEL, Block, Line, Reading, body_blocks, groups_of, is_row

_MARKED = re.compile(r"(#{1,6})\s+(?:\*\*)?(.*?)(?:\*\*)?\s*$")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+[^\W\d_]")
_ENDS_LIKE_TEXT = re.compile(r"[.,;:!?…–-]$|\b(?:und|oder|and|or|der|die|das|the)$")
_CAPTION = re.compile(r"(?:Abb|Tab|Abbildung|Tabelle|Fig|Figure|Table)\b")
_HEADING_LENGTH = 110
_LABEL_WORDS = 7


def read_plain(text: str) -> Reading:
    """Read plain text. It has no place to say anything about itself, so title, publisher and date stay open."""
    return Reading(text, tuple(_blocks(text)))


def _blocks(text: str) -> Iterator[Block]:
    groups = list(groups_of(text))
    for group, following in zip(groups, [*groups[1:], []], strict=False):
        heading = _heading(group, following)
        if heading:
            yield heading
        else:
            yield from body_blocks(group)


def _heading(group: list[Line], following: list[Line]) -> Block | None:
    """A group of lines as a heading, if it looks like one."""
    if len(group) > 1:
        return None
    line = group[0]
    words = line.text.strip()
    if len(words) > _HEADING_LENGTH or is_row(line):
        return None
    marked = _MARKED.match(words)
    if marked:
        offset = line.span().start + marked.start(2)
        return Block("heading", Span(offset, offset + len(marked.group(2))), len(marked.group(1)))
    if _CAPTION.match(words) or not following:
        return None
    numbered = _NUMBERED.match(words)
    if numbered and not _ENDS_LIKE_TEXT.search(words):
        return Block("heading", line.span(), 1 + numbered.group(1).count("."))
    bullet = BULLET.match(line.text)
    if bullet:
        # a lone list item in front of a paragraph is that paragraph's heading
        alone = not BULLET.match(following[0].text) and not _ENDS_LIKE_TEXT.search(words)
        return Block("heading", line.span(bullet.end()), LABEL_LEVEL) if alone else None
    if _ENDS_LIKE_TEXT.search(words):
        return None
    letters = [c for c in words if c.isalpha()]
    if len(letters) > 2 and sum(c.isupper() for c in letters) > 0.7 * len(letters):
        return Block("heading", line.span(), 1)
    if words[0].isupper() and len(words.split()) <= _LABEL_WORDS:
        return Block("heading", line.span(), LABEL_LEVEL)
    return None
