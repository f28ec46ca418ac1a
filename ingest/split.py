"""Blocks to chunks: structure decides where a passage ends; sentences, list items and table rows stay whole."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.text.language import section_language
from assistant.text.rows import cells
from assistant.text.sentences import split_sentences
from assistant.types import Chunk, Language, Span, Unit
from ingest.read.blocks import Block, PageStart, Reading

CHUNK_LENGTH = 900  # characters; a passage a reader takes in at a glance
_NUMBER = re.compile(r"\d{1,3}")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# A paragraph that is a question, or all bold: what an interviewer says.
_PROMPT = re.compile(r"\*\*[^*]{10,160}\*\*|[^.!?]{5,250}\?")
_EMPTY_CELL = re.compile(r"\|[ \t]*\|")


def split_document(document_id: str, content_hash: str, reading: Reading, language: Language) -> list[Chunk]:
    """Chunks in reading order. Every character of a block that is no heading lies in exactly one unit or between units.

    The units of a chunk begin on the same page and under the same headings. `language` is that of the document; a
    section in the other one is recognised.
    """
    chunks: list[Chunk] = []
    for section, body in _sections(reading.text, reading.blocks):
        spoken = section_language(reading.text[body[0].span.start : body[-1].span.end], language)
        units = _units(reading.text, body)
        for (page, label), placed in groupby(units, lambda item: (_page(reading.pages, item[1]), item[0])):
            path = (*section, label) if label else section
            for run in _passages([unit for _, unit in placed]):
                span = Span(run[0].span.start, run[-1].span.end)
                key = f"{document_id}:{content_hash}:{span.start}:{span.end}"
                chunk_id = hashlib.sha256(key.encode()).hexdigest()[:16]
                chunks.append(Chunk(chunk_id, document_id, spoken, path, page, span, tuple(run)))
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


def _page(pages: Sequence[PageStart], unit: Unit) -> int | None:
    """The page a unit begins on."""
    position = bisect_right(pages, unit.span.start, key=lambda page: page.start)
    return pages[position - 1].number if position else None


def _units(text: str, blocks: Sequence[Block]) -> Iterator[tuple[str, Unit]]:
    """Units of a section, each with its block's label.

    List items, rows and footnotes know the sentence or the row they belong to. A lead is quoted as it stands, so it is
    one row: the header where a row carries its own head, as it does where readers repeat a merged cell in every row it
    covers. A row whose first cell is empty does not say what it is about and no header can tell: the last full row does.
    """
    introduction: Span | None = None  # the sentence in front of a list
    prompt: Span | None = None  # what an interviewer, or a page of questions and answers, asks
    header: Span | None = None  # a table's first row
    full_row: Span | None = None  # what a row whose first cell is empty goes on with
    said: list[Span] = []  # what a footnote can belong to
    previous = ""
    for number, block in enumerate(blocks):
        if block.kind in ("paragraph", "caption"):
            asks = bool(_PROMPT.fullmatch(text, block.span.start, block.span.end))
            lead = None if asks else prompt
            for span in split_sentences(text, block.span.start, block.span.end):
                yield block.label, Unit(span, "caption" if block.kind == "caption" else "sentence", lead)
                introduction = span if block.kind == "paragraph" else introduction
                said.append(span)
            prompt = block.span if asks else prompt
        elif block.kind == "item":
            yield block.label, Unit(block.span, "item", introduction)
            said.append(block.span)
        elif block.kind == "footnote":
            yield block.label, Unit(block.span, "footnote", _marked(text, block.span, said))
        elif block.kind == "row" and previous != "row":
            yield block.label, Unit(block.span, "row")
            header = block.span if _heads(text, block.span, blocks[number + 1 :]) else None
            full_row = block.span
            introduction = None
        elif block.kind == "row":
            continues = text[block.span.start - 1] == "\t" or bool(_EMPTY_CELL.match(text, block.span.start))
            yield block.label, Unit(block.span, "row", full_row if continues else header)
            full_row = full_row if continues else block.span
        previous = block.kind


def _heads(text: str, first: Span, others: Sequence[Block]) -> bool:
    """Whether a table's first row is a header. One set with blanks may have none: then it is drawn under, or has no figures."""
    row = text[first.start : first.end]
    if "|" in row or "\t" in row or not others:
        return True
    drawn = "--" in text[first.end : others[0].span.start] or "==" in text[first.end : others[0].span.start]
    return drawn or (len(cells(row)) > 2 and not any(c.isdigit() for c in row))


def _marked(text: str, footnote: Span, said: Sequence[Span]) -> Span | None:
    """What a footnote belongs to: the last that has its number as a mark, else the last there is."""
    number = _NUMBER.match(text, footnote.start, footnote.end)
    if number:
        bare = rf"(?<=[^\W\d_]){number[0]}(?!\d)|(?<=[.,;:!?)”“\"]){number[0]}(?!\d)"
        mark = re.compile(rf"{number[0].translate(_RAISED)}|\[{number[0]}\]|{bare}")
        for span in reversed(said):
            if mark.search(text, span.start, span.end):
                return span
    return said[-1] if said else None


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
