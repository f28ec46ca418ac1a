"""Sentences and list items that a page, a figure, a footnote or a heading in the margin broke are made whole again.

What stood between the two halves comes behind them; a running head that interrupts a sentence or a table goes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.clean.lines import begins_anew, begins_small, is_open, is_wide_open, waits_for
from ingest.clean.pieces import Piece

_LEAST = 40  # characters of a line that ends so openly by chance
_SHORTEST = 16  # characters of the rest of a sentence that has no mark at its end
_RUNNING = 60  # characters of running text; what is shorter may be a label
_QUOTES = '*„“"»« '
_PAGE = 12  # pieces; what is farther away stands on another page
_FARTHEST = 6  # pieces between the two halves of a sentence
# An adjective before the noun it belongs to; most verbs at the end of a sentence look otherwise.
_ADJECTIVE = re.compile(
    r"(?:lich|isch|ig|iv|al|ell|bar|sam|haft|los|voll|erst|zweit|dritt|letzt|nächst|neu|groß|klein|hoh|wenig|ander|beid|all"
    r"|gesamt|ganz|eigen|stark|weiter|sogenannt|verschieden|unterschiedlich|deutsch|gemeinsam)(?:e|en|er|es|em)$"
)


def rejoin(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with broken ones joined."""
    queue = _without_interrupting_heads(pieces)
    running = " ".join(piece.words for piece in queue if piece.kind == "paragraph").casefold()
    done: list[Piece] = []
    position = 0
    while position < len(queue):
        piece = queue[position]
        position += 1
        done.append(piece)
        if piece.kind not in ("paragraph", "item", "footnote"):
            continue
        between: list[Piece] = []
        while (found := _continuation(queue, position, piece, running)) is not None:
            between += queue[position:found]
            piece.lines += queue[found].lines
            position = found + 1
        done += between
    return done


def _continuation(queue: Sequence[Piece], position: int, piece: Piece, running: str) -> int | None:
    """Where the other half of a piece stands, if it is open."""
    closed = not is_open(piece.last) and not is_wide_open(piece.last)
    crossed = 0  # 1: captions and footnotes, 2: more than those
    for i in range(position, min(position + _FARTHEST, len(queue))):
        other = queue[i]
        if other.kind in ("caption", "footnote"):
            crossed = max(crossed, 1)
        elif closed and not waits_for(piece.last, other.first):
            return None
        elif other.kind == "paragraph" and _is_pull_quote(piece, other, queue[i + 1 : i + 2], running):
            after = next((behind for behind in queue[i + 1 : i + 2] if behind.kind == "paragraph"), None)
            if after is None or not _belongs(piece, after, max(crossed, 1)):
                return None  # better broken than joined with the wrong half
            other.kind = "caption"
            crossed = max(crossed, 1)
        elif other.kind == "paragraph" and _belongs(piece, other, crossed):
            return None if crossed and _is_out_of_order(queue, i) else i
        elif other.kind == "heading" and (piece.last.endswith("-") or is_wide_open(piece.last)) and _is_short(other):
            crossed = 2
        else:
            return None
    return None


def _belongs(piece: Piece, other: Piece, crossed: int) -> bool:
    """Whether a paragraph goes on with an open piece."""
    if crossed == 2:
        return begins_small(other.first)
    length = piece.length
    if begins_small(other.first):
        whole = not is_open(other.last) or other.length >= _SHORTEST  # no label, no link
        return whole and (length >= _LEAST <= 2 * len(piece.last) or is_wide_open(piece.last))
    if waits_for(piece.last, other.first):
        return True
    if begins_anew(other.first):
        return False
    if piece.kind == "footnote" or not other.first[:1].isalnum() or length < _LEAST:
        return False
    if is_wide_open(piece.last):
        return True
    word = piece.last.split()[-1]
    if crossed or piece.kind == "item" or length < _RUNNING or other.length < _RUNNING or not other.first[0].isupper():
        return False
    return bool(_ADJECTIVE.search(word))


def _is_out_of_order(queue: Sequence[Piece], found: int) -> bool:
    """Whether another piece of the section also begins in the middle of a sentence that nothing before it opens.

    Then columns were read in the wrong order, and the nearest half need not be the right one.
    """
    for i in range(found + 1, min(found + _PAGE, len(queue))):
        if queue[i].kind == "heading":
            return False
        if queue[i].kind == "paragraph" and begins_small(queue[i].first):
            before = next(
                (queue[k] for k in range(i - 1, found - 1, -1) if queue[k].kind in ("paragraph", "item")), None
            )
            if before is not None and not is_open(before.last):
                return True
    return False


def _is_short(heading: Piece) -> bool:
    return heading.length < _RUNNING


def _is_pull_quote(piece: Piece, other: Piece, after: Sequence[Piece], running: str) -> bool:
    """Whether a paragraph behind an open piece says again, set large, what the running text says.

    The rest of a sentence that a document has more than once is none: it stands behind the same word everywhere.
    """
    words = other.words.strip(_QUOTES).casefold()
    if not is_wide_open(piece.last) or begins_small(other.first) or len(words) <= _LEAST:
        return False
    last = piece.last.split()[-1].casefold()
    found = re.finditer(re.escape(words), running)
    heads = [running[max(0, match.start() - _RUNNING) : match.start()].rstrip(_QUOTES) for match in found]
    elsewhere = [head for head in heads if not head.endswith(last)]
    whole = any(not head or head[-1] in ".!?:…" for head in elsewhere)
    goes_on = bool(elsewhere) and any(begins_small(behind.first) for behind in after)
    return len(heads) > 1 and (whole or goes_on)


def _without_interrupting_heads(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces without lines that come again elsewhere and stand in the middle of a table."""
    shapes = Counter(_shape(piece) for piece in pieces)
    return [
        piece
        for i, piece in enumerate(pieces)
        if not (
            piece.kind in ("heading", "paragraph")
            and 0 < i < len(pieces) - 1
            and shapes[_shape(piece)] > 1
            and pieces[i - 1].kind == pieces[i + 1].kind == "row"
        )
    ]


def _shape(piece: Piece) -> str:
    return " ".join(piece.words.casefold().split())
