"""Lines of pages to the text of a document: every step of the cleaning in its order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.text.characters import readable
from ingest.clean.debris import without_debris
from ingest.clean.footnotes import attach_footnotes
from ingest.clean.hyphens import join_lines, mend_hyphens
from ingest.clean.lines import TextLine
from ingest.clean.order import in_reading_order
from ingest.clean.pieces import Piece, pieces_of
from ingest.clean.ranks import rank_headings
from ingest.clean.rejoin import rejoin
from ingest.clean.tables import mend_tables
from ingest.clean.vocabulary import Vocabulary
from ingest.read.blocks import Reading, Stated
from ingest.read.compose import Composer

_BLANKS = re.compile(r"[ \n\r]+")


def compose_lines(lines: Sequence[TextLine], stated: Stated | None = None) -> Reading:
    """The text of a document from the lines of its pages.

    Running heads and page numbers go, broken words, sentences, lists and rows are joined, footnotes stand behind the
    paragraph that has their mark, headings are found by their shape where the reader of the file does not know them.
    """
    shown = [line for line in (_readable(line) for line in lines) if line.text.strip()]
    vocabulary = Vocabulary(line.text for line in shown)
    pieces = pieces_of(without_debris(shown))
    pieces = rank_headings(attach_footnotes(mend_tables(rejoin(in_reading_order(pieces)))))
    composer = Composer()
    page: int | None = None
    previous: Piece | None = None
    for piece in pieces:
        if previous and previous.kind == "row" != piece.kind:
            composer.end_table()
        first = piece.lines[0][1]
        if first is not None and first != page:
            composer.page(first)
            page = first
        page = _add(composer, piece, vocabulary, page)
        previous = piece
    return composer.reading(stated)


def _readable(line: TextLine) -> TextLine:
    text = _BLANKS.sub(lambda match: " " * len(match.group()), readable(line.text))
    return line if text == line.text else TextLine(text, line.page, line.kind, line.level, line.gap)


def _add(composer: Composer, piece: Piece, vocabulary: Vocabulary, page: int | None) -> int | None:
    """Give a piece to the composer; returns the page its last line stands on."""
    if piece.kind == "row":
        composer.row([mend_hyphens(cell, vocabulary) for cell in piece.cells])
        return page
    words = ""
    turns: list[tuple[int, int]] = []  # characters of the piece behind which a page begins, its number
    for text, number in piece.lines:
        mended = " ".join(mend_hyphens(text, vocabulary).split())
        words = join_lines(words, mended, vocabulary) if words else mended
        if number is not None and number != page and mended:
            turns.append((len(words) - len(mended), number))
            page = number
    if words[:1] == words[-1:] == "*" and words.count("*") == 2:  # emphasis over several lines
        words, turns = words[1:-1], [(max(before - 1, 0), number) for before, number in turns]
    {
        "heading": lambda: composer.heading(words, piece.level),
        "item": lambda: composer.item(words),
        "caption": lambda: composer.caption(words),
        "footnote": lambda: composer.footnote(words),
    }.get(piece.kind, lambda: composer.paragraph(words))()
    for before, number in turns:
        composer.page(number, back=len(words) - before)
    return page
