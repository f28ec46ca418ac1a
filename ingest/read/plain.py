"""Plain text, as its author wrote it or as it comes out of PDFs: no markup tells headings, their shape does."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.text.characters import readable
from assistant.types import Span
from ingest.clean.compose import compose_lines
from ingest.clean.headings import MARKED, heading_level, is_caption, is_title, is_web_debris
from ingest.clean.lines import lines_of_text
from ingest.clean.signs import is_damaged
from ingest.read.blocks import BULLET, LABEL_LEVEL, SENTENCE_END, Block, Line, Reading, body_blocks, groups_of, is_row


def read_plain(text: str) -> Reading:
    """Read plain text; a form feed ends a page. It has no place to say anything about itself.

    What a PDF did to a text is undone; a text without such damage stays as it is.
    """
    lines = lines_of_text([readable(page) for page in text.split("\f")])
    if is_damaged(lines):
        return compose_lines(lines)
    text = readable(text)
    return Reading(text, tuple(_blocks(text)))


def _blocks(text: str) -> Iterator[Block]:
    groups = [group for group in groups_of(text) if not (len(group) == 1 and is_web_debris(group[0].text))]
    for i, group in enumerate(groups):
        following = groups[i + 1] if i + 1 < len(groups) else []
        heading = _heading(group, following)
        if i == 0 and following and (heading.level == LABEL_LEVEL if heading else _is_title(group)):
            yield Block("heading", heading.span if heading else group[0].span(), 1)
        elif heading:
            yield heading
        elif is_caption(group[0].text.strip()) and not any(is_row(line) for line in group):
            yield Block("caption", Span(group[0].span().start, group[-1].span().end))
        else:
            yield from body_blocks(group)


def _is_title(group: list[Line]) -> bool:
    return len(group) == 1 and not is_row(group[0]) and is_title(group[0].text)


def _heading(group: list[Line], following: list[Line]) -> Block | None:
    """A group of lines as a heading, if it looks like one."""
    line = group[0]
    words = line.text.strip()
    if len(group) > 1 or is_row(line):
        return None
    marked = MARKED.match(words)
    if marked:
        offset = line.span().start + marked.start(2)
        return Block("heading", Span(offset, offset + len(marked.group(2))), len(marked.group(1)))
    if not following:
        return None
    bullet = BULLET.match(line.text)
    if bullet and not words[0].isdigit():
        # a lone list item in front of a paragraph is that paragraph's heading
        alone = not BULLET.match(following[0].text) and not SENTENCE_END.search(words)
        return Block("heading", line.span(bullet.end()), LABEL_LEVEL) if alone else None
    level = heading_level(words, following[0].text.strip(), sum(len(other.text) for other in following))
    return Block("heading", line.span(), level) if level else None
