"""Blocks to chunks: structure decides where a passage ends; sentences, list items and table rows stay whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

from assistant.text.sentences import split_sentences
from assistant.types import Chunk, Span, Unit
from ingest.read.blocks import Block

CHUNK_LENGTH = 900  # characters; a passage a reader takes in at a glance
_EMPTY_CELL = re.compile(r"\|[ \t]*\|")


def split_document(document_id: str, content_hash: str, text: str, blocks: Sequence[Block]) -> list[Chunk]:
    """Chunks in reading order. Every character of a block that is no heading lies in exactly one unit or between units."""
    chunks: list[Chunk] = []
    for section, body in _sections(text, blocks):
        for units in _passages(list(_units(text, body))):
            span = Span(units[0].span.start, units[-1].span.end)
            key = f"{document_id}:{content_hash}:{span.start}:{span.end}"
            chunk_id = hashlib.sha256(key.encode()).hexdigest()[:16]
            chunks.append(Chunk(chunk_id, document_id, section, None, span, tuple(units)))
    return chunks


def _sections(text: str, blocks: Sequence[Block]) -> Iterator[tuple[tuple[str, ...], list[Block]]]:
    """Runs of blocks under the same headings."""
    path: list[tuple[int, str]] = []
    body: list[Block] = []
    for block in blocks:
        if block.kind != "heading":
            body.append(block)
            continue
        if body:
            yield tuple(heading for _, heading in path), body
            body = []
        path = [(level, heading) for level, heading in path if level < block.level]
        path.append((block.level, " ".join(text[block.span.start : block.span.end].split())))
    if body:
        yield tuple(heading for _, heading in path), body


def _units(text: str, blocks: Sequence[Block]) -> Iterator[Unit]:
    """Units of a section; list items and rows know the sentence or the row that introduces them."""
    introduction: Span | None = None  # the sentence in front of a list
    header: Span | None = None  # a table's first row
    full_row: Span | None = None  # a row whose first cell is empty goes on with the last full one
    previous = ""
    for block in blocks:
        if block.kind == "paragraph":
            for span in split_sentences(text, block.span.start, block.span.end):
                yield Unit(span, "sentence")
                introduction = span
        elif block.kind == "item":
            yield Unit(block.span, "item", introduction)
        elif previous != "row":
            yield Unit(block.span, "row")
            header = full_row = block.span
            introduction = None
        else:
            continues = text[block.span.start - 1] == "\t" or bool(_EMPTY_CELL.match(text, block.span.start))
            yield Unit(block.span, "row", full_row if continues else header)
            full_row = full_row if continues else block.span
        previous = block.kind


def _passages(units: list[Unit]) -> Iterator[list[Unit]]:
    """Cut a section's units into runs of at most CHUNK_LENGTH characters; a list stays with its introduction."""
    run: list[Unit] = []
    for unit in units:
        goes_on = unit.kind != "sentence" and run and unit.span.end - run[0].span.start <= 2 * CHUNK_LENGTH
        if run and not goes_on and unit.span.end - run[0].span.start > CHUNK_LENGTH:
            yield run
            run = []
        run.append(unit)
    if run:
        yield run
