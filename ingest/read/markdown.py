"""Markdown with optional front matter. The text stays as it is in the file, so that quotes can be found there."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import UnreadableFileError
from assistant.types import Language, Span
from ingest.read.blocks import Block, Line, Reading, body_blocks, groups_of

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_RULE = re.compile(r"\s*(?:\|?[\s:|-]*-{3,}[\s:|-]*\|?|={3,}|\*{3,})\s*$")


class FrontMatter(BaseModel):
    """What a document may say about itself; other keys are the author's business."""

    model_config = ConfigDict(extra="ignore")

    title: str | None = None
    publisher: str | None = None
    date: datetime.date | None = None
    language: Language | None = None
    source: str | None = None
    translation_of: str | None = None


def read_markdown(text: str) -> Reading:
    """Read Markdown.

    Raises:
        UnreadableFileError: the front matter is broken.
    """
    front = _FRONT_MATTER.match(text)
    about = _about(front.group(1)) if front else FrontMatter()
    blocks = tuple(_blocks(text, front.end() if front else 0))
    first = next((block for block in blocks if block.kind == "heading" and block.level == 1), None)
    title = about.title or (text[first.span.start : first.span.end] if first else None)
    date = about.date.isoformat() if about.date else None
    return Reading(text, blocks, title, about.publisher, date, about.language, about.source, about.translation_of)


def _about(front: str) -> FrontMatter:
    try:
        return FrontMatter.model_validate(yaml.safe_load(front) or {})
    except yaml.YAMLError:
        raise UnreadableFileError("its front matter is not YAML.", "Correct the lines between the two `---`.") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "as a whole"
        raise UnreadableFileError(f"its front matter is unusable, {field}: {first['msg']}.", "Correct it.") from None


def _blocks(text: str, start: int) -> Iterator[Block]:
    for group in groups_of(text, start):
        plain: list[Line] = []
        for line in group:
            heading = _HEADING.match(line.text)
            if heading:
                yield from body_blocks(plain)
                plain = []
                offset = line.start + heading.start(2)
                yield Block("heading", Span(offset, offset + len(heading.group(2))), len(heading.group(1)))
            elif not _RULE.match(line.text):
                plain.append(line)
        yield from body_blocks(plain)
