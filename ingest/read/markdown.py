"""Markdown with optional front matter. The text stays as it is in the file, so that quotes can be found there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.errors import UnreadableFileError
from assistant.types import Span
from ingest.read.blocks import BULLET, SENTENCE_END, Block, Line, Reading, Stated, body_blocks, is_row, lines_of
from ingest.read.frontmatter import FrontMatter, read_about

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*\r?(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_UNCLOSED = re.compile(r"\A---[ \t]*\r?\n(?:title|publisher|date|language|source|translation_of|supersedes):")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_UNDERLINE = re.compile(r"(=|-){3,}\s*$")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_RULE_MARKS = frozenset("-:|=* \t")


def read_markdown(text: str) -> Reading:
    """Read Markdown.

    Raises:
        UnreadableFileError: the front matter is broken.
    """
    front = _FRONT_MATTER.match(text)
    if not front and _UNCLOSED.match(text):
        raise UnreadableFileError("its front matter has no end.", "Put a line `---` behind it.")
    stated = read_about(front.group(1), FrontMatter, "its front matter") if front else Stated()
    comments = list(_comments(text))
    blocks = _blocks(_without(comments, text), front.end() if front else 0)
    return Reading(text, tuple(_outside(comments, text, blocks)), stated=stated)


def _blocks(text: str, start: int) -> Iterator[Block]:
    group: list[Line] = []  # lines of the open paragraph, list or table
    fence = ""
    for line in lines_of(text, start):
        mark = _FENCE.match(line.text)
        heading = None
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        elif not line.blank and (fence or not _is_rule(line)):
            heading = None if fence else _heading(line)
            if not heading:
                group.append(line)
                continue
        elif _is_underlined(group, line):
            heading = Block("heading", group.pop().span(), 1 if "=" in line.text else 2)
        yield from body_blocks(group)
        group = []
        if heading and heading.span.end > heading.span.start:
            yield heading
    yield from body_blocks(group)


def _comments(text: str) -> Iterator[Span]:
    """HTML comments: nobody sees them, so nobody should be quoted them."""
    position = 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start)) >= 0:
        position = end + 3
        yield Span(start, position)


def _without(comments: Sequence[Span], text: str) -> str:
    """The text with blanks for its comments."""
    parts, position = [], 0
    for comment in comments:
        parts += [text[position : comment.start], re.sub(r"[^\r\n]", " ", text[comment.start : comment.end])]
        position = comment.end
    return "".join([*parts, text[position:]])


def _outside(comments: Sequence[Span], text: str, blocks: Iterator[Block]) -> Iterator[Block]:
    """Blocks cut where a comment stands in them: what is quoted is one stretch of the file, and it may hold none.

    What follows a comment in a heading is text.
    """
    first = 0
    for block in blocks:
        kind, position = block.kind, block.span.start
        while first < len(comments) and comments[first].end <= position:
            first += 1
        inside = first
        while position < block.span.end:
            cut = inside < len(comments) and comments[inside].start < block.span.end
            end = comments[inside].start if cut else block.span.end
            words = text[position:end]
            if words.strip():
                start = position + len(words) - len(words.lstrip())
                span = Span(start, start + len(words.strip()))
                yield replace(block, span=span) if kind == block.kind else Block(kind, span)
                kind = "paragraph" if kind == "heading" else kind
            position = comments[inside].end if cut else end
            inside += 1


def _heading(line: Line) -> Block | None:
    """A line of the form `## Words ##` or `## **Words**` as a heading."""
    marks = _HEADING.match(line.text)
    if not marks:
        return None
    words = line.text[marks.end() :].rstrip()
    unclosed = words.rstrip("#")
    if not unclosed or unclosed[-1] in " \t":
        words = unclosed.rstrip()
    start = line.start + marks.end()
    if len(words) > 4 and words.startswith("**") and words.endswith("**"):
        words, start = words[2:-2], start + 2
    return Block("heading", Span(start, start + len(words)), len(marks[1]))


def _is_underlined(group: list[Line], line: Line) -> bool:
    """Whether a line of `===` or `---` makes the one line above it a heading; a whole sentence stays one."""
    if len(group) != 1 or not _UNDERLINE.match(line.text):
        return False
    return not (BULLET.match(group[0].text) or is_row(group[0]) or SENTENCE_END.search(group[0].text))


def _is_rule(line: Line) -> bool:
    """A line that only draws: a rule, an underline, the border of a table's header."""
    return set(line.text) <= _RULE_MARKS and len(line.text.strip()) > 2 and any(mark in line.text for mark in "-=*|")
