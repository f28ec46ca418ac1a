"""Lines to pieces: paragraphs, list items, rows, captions, footnotes and headings, each with the lines it is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.clean.headings import ABBREVIATED, CAPTION, MARKED, heading_level, is_caption, is_title, is_web_debris
from ingest.clean.lines import TextLine, cells_of, has_wide_gaps, is_open, without_bullet, without_marks
from ingest.read.blocks import BULLET, LABEL_LEVEL, SENTENCE_END, BlockKind

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴-⁹]{1,3}")
_NOTE = re.compile(r"(?:([⁰¹²³⁴-⁹]{1,3})\s*|(\d{1,3})\)\s+|\[(\d{1,3})\]\s+)(?=\S)")
_SOURCE = re.compile(r"(?:Quellen?|Sources?|Anmerkung|Datenquelle|Bildnachweis):\s")
_SIGNATURE = re.compile(
    r"An? (?:handwritten signature|image|photo|logo|illustration|figure|diagram|chart) (?:in|of|showing)\b"
)
# what a program saw in a picture; its guess at a name is no statement of the document
_DESCRIBED = re.compile(r"\W*An? (?:handwritten )?signature in \w+ ink\b[^.]*\bappear(?:s|ing) to (?:read|be)\b.*\W$")
_ALL_BOLD = re.compile(r"^[^\w*]*\*\*[^*]+\*\*\s*$")
_LONGEST_SOURCE = 160
_REST_OF_PARAGRAPH = 6  # lines that are looked at to tell how long a paragraph is


@dataclass(slots=True)
class Piece:
    """Something with a place of its own in the text; `lines` are its words with the page each begins on."""

    kind: BlockKind
    lines: list[tuple[str, int | None]]
    level: int = 0
    note: str = ""  # the number of a footnote
    cells: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The words, line by line."""
        return " ".join(text for text, _ in self.lines)

    @property
    def length(self) -> int:
        """Characters, without the blanks between lines."""
        return sum(len(text) for text, _ in self.lines)

    @property
    def first(self) -> str:
        """The first line."""
        return self.lines[0][0]

    @property
    def last(self) -> str:
        """The last line."""
        return self.lines[-1][0]


def pieces_of(lines: Sequence[TextLine]) -> list[Piece]:
    """The pieces of lines without debris, in reading order."""
    marked = {note.translate(SUPERSCRIPTS) for line in lines for note in _SUPERSCRIPT.findall(line.text)}
    tables = _in_tables(lines)
    pieces: list[Piece] = []
    for i, line in enumerate(lines):
        open_piece = pieces[-1] if pieces and not line.gap else None
        if line.kind == "break" or is_web_debris(line.text) or _DESCRIBED.match(line.text):
            continue
        piece = _piece(lines, i, open_piece, marked, in_table=i in tables)
        if piece.kind == "paragraph" and open_piece and _goes_on(open_piece, line):
            open_piece.lines.append((piece.words, line.page))
        elif piece.kind == "heading" == line.kind and open_piece and _same_heading(open_piece, piece):
            open_piece.lines += piece.lines
        else:
            pieces.append(piece)
    return _with_whole_captions(pieces)


def _with_whole_captions(pieces: list[Piece]) -> list[Piece]:
    """A list of figures has the page, "Figure 3" and the title on lines of their own: without the page, as one."""
    whole: list[Piece] = []
    for piece in pieces:
        label = whole[-1] if whole else None
        if (
            label
            and label.kind == "caption"
            and piece.kind == "paragraph"
            and _is_bare_label(label)
            and is_open(piece.last)
        ):
            label.lines += piece.lines
            continue
        if label and piece.kind == "caption" and _is_bare_label(piece) and label.words.isdecimal():
            whole.pop()
        whole.append(piece)
    return whole


def _is_bare_label(piece: Piece) -> bool:
    match = CAPTION.match(piece.words)
    return bool(match and match.end() == len(piece.words) and not match["rest"].strip())


def _piece(lines: Sequence[TextLine], i: int, open_piece: Piece | None, marked: set[str], *, in_table: bool) -> Piece:
    """One line as a piece of its own; whether it goes on with the piece before is not decided here."""
    line = lines[i]
    if line.kind == "row" or (line.kind is None and in_table):
        return Piece(
            "row", [(line.text.strip(), line.page)], cells=[without_marks(cell) for cell in cells_of(line.text)]
        )
    words = without_marks(line.text).strip()
    note = _NOTE.match(words)
    if line.kind == "footnote" or (line.kind is None and note and _is_footnote(note, marked, open_piece)):
        number = next((group for group in note.groups() if group), "") if note else ""
        return Piece("footnote", [(words, line.page)], note=number.translate(SUPERSCRIPTS))
    if line.kind in ("heading", "caption"):
        return Piece(line.kind, [(MARKED.sub(r"\2", words), line.page)], line.level)
    bare = without_bullet(line.text)
    if line.kind == "item" or (line.kind is None and bare is not None and not _is_dash(line, bare, open_piece)):
        return _item_or_heading(lines, i, without_marks(bare if bare is not None else line.text).strip())
    numbered = BULLET.match(words)
    if line.kind is None:
        level = _heading(lines, i, words)
        if level:
            return Piece("heading", [(MARKED.sub(r"\2", words), line.page)], level)
        if is_caption(words) or (len(words) < _LONGEST_SOURCE and (_SIGNATURE.match(words) or _SOURCE.match(words))):
            return Piece("caption", [(words, line.page)])
        if numbered and not (open_piece and open_piece.kind == "paragraph" and _runs_on(open_piece, numbered)):
            return Piece("item", [(words, line.page)])
    return Piece("paragraph", [(words, line.page)])


def _item_or_heading(lines: Sequence[TextLine], i: int, words: str) -> Piece:
    """A lone item over a paragraph is its heading."""
    line = lines[i]
    following = lines[i + 1] if i + 1 < len(lines) else None
    if line.kind is None and following and not following.gap and _ALL_BOLD.search(line.text):
        return Piece("heading", [(words, line.page)], LABEL_LEVEL)
    alone = line.kind is None and line.gap and following and following.gap and following.kind is None
    if alone and following and without_bullet(following.text) is None and not BULLET.match(following.text):
        bare_follower = without_marks(following.text).strip()
        unfinished = is_open(words) or bool(ABBREVIATED.search(words))
        if unfinished and words[:1].isupper() and bare_follower[:1].isupper() and len(words) < 160:
            return Piece("heading", [(words, line.page)], LABEL_LEVEL)
    return Piece("item", [(words, line.page)])


def _heading(lines: Sequence[TextLine], i: int, words: str) -> int:
    """The rank of a line as a heading by its shape; only a line with white space on both sides can be one."""
    marked = MARKED.match(words)
    if marked and marked.group(2):
        return len(marked.group(1))
    following = lines[i + 1] if i + 1 < len(lines) else None
    if not lines[i].gap or not following or not following.gap or not words:
        return 0
    if i == 0 and is_title(words):
        return 1
    length = len(following.text)
    for line in lines[i + 2 : i + 2 + _REST_OF_PARAGRAPH]:
        if line.gap:
            break
        length += len(line.text)
    return heading_level(words, without_marks(following.text).strip(), length)


def _is_footnote(note: re.Match[str], marked: set[str], open_piece: Piece | None) -> bool:
    if note.group(1):
        return not open_piece or open_piece.kind == "footnote" or not is_open(open_piece.last)
    number = note.group(2) or note.group(3)
    return number in marked and not (open_piece and open_piece.kind == "item")


def _is_dash(line: TextLine, bare: str, open_piece: Piece | None) -> bool:
    """Whether a dash in front of a line belongs to the sentence before, and is no bullet."""
    dash = line.text.lstrip()[:1] in "–-"
    return bool(
        dash and open_piece and open_piece.kind == "paragraph" and is_open(open_piece.last) and bare[:1].islower()
    )


def _runs_on(open_piece: Piece, bullet: re.Match[str]) -> bool:
    return bullet["number"] not in (None, "1") and not SENTENCE_END.search(open_piece.last)


def _goes_on(open_piece: Piece, line: TextLine) -> bool:
    """Whether a line of running text belongs to the piece above it."""
    if line.kind == "paragraph" and open_piece.kind not in ("paragraph", "item", "footnote"):
        return False
    return open_piece.kind in ("paragraph", "item", "footnote", "caption")


def _same_heading(open_piece: Piece, piece: Piece) -> bool:
    return open_piece.kind == "heading" and open_piece.level == piece.level


def _in_tables(lines: Sequence[TextLine]) -> set[int]:
    """Lines whose cells are set apart by tabs, bars, or, in several lines together, by wide gaps."""
    found = {i for i, line in enumerate(lines) if line.kind is None and ("\t" in line.text or _has_bars(line.text))}
    for looks_like_cells in (_has_bar, has_wide_gaps):
        run: list[int] = []
        for i, line in enumerate(lines):
            if line.kind is not None or not looks_like_cells(line.text):
                run = []
                continue
            run = [i] if line.gap else [*run[-1:], i]
            found |= set(run) if len(run) > 1 else set()
    return found


def _has_bar(text: str) -> bool:
    return " | " in text


def _has_bars(text: str) -> bool:
    words = text.strip()
    return words.startswith("|") and words.count("|") > 1
