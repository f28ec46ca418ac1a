"""Whether a plain text shows what is left of a PDF. A text that does not is kept as its author wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.clean.debris import is_page_number, without_debris
from ingest.clean.hyphens import join_lines, mend_hyphens
from ingest.clean.lines import TextLine
from ingest.clean.pieces import pieces_of
from ingest.clean.rejoin import rejoin
from ingest.clean.vocabulary import Vocabulary


def is_damaged(lines: Sequence[TextLine]) -> bool:
    """Whether a line is debris of a page, a word is broken by a hyphen or a sentence by something in between."""
    if any(line.page is not None or is_page_number(line.text) for line in lines):
        return True
    vocabulary = Vocabulary(line.text for line in lines)
    if any(mend_hyphens(line.text, vocabulary) != line.text for line in lines):
        return True
    for line, following in pairwise(lines):
        if line.text.endswith("-") and " " not in join_lines(line.text[-40:], following.text[:40], vocabulary)[-40:]:
            return True
    pieces = pieces_of(without_debris(lines))
    before = [len(piece.lines) for piece in pieces]
    return [len(piece.lines) for piece in rejoin(pieces)] != before
