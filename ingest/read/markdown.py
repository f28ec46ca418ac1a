"""Markdown with optional front matter. The text stays as it is in the file, so that quotes can be found there."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
    return Reading(text, tuple(_blocks(text, front.end() if front else 0)), stated=stated)


def _blocks(text: str, start: int) -> Iterator[Block]:
    group: list[Line] = []  # lines of the open paragraph, list or table
    fence = ""
    for line in lines_of(_without_comments(text), start):
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


def _without_comments(text: str) -> str:
    """The text with blanks for its HTML comments: nobody sees them, so nobody should be quoted them."""
    parts, position = [], 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts += [text[position:start], re.sub(r"[^\r\n]", " ", text[start : end + 3])]
        position = end + 3
    return "".join([*parts, text[position:]])


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
