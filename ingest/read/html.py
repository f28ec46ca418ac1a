"""Web pages: what is shown as content, without the page's frame (navigation, banners, cookie notes) and what is hidden."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.errors import UnreadableFileError
from ingest.read.blocks import BULLET, Reading, Stated
from ingest.read.cells import compose_table, repeated
from ingest.read.compose import Composer
from ingest.read.counting import counted, raised
from ingest.read.html_about import about_page
from ingest.read.html_nodes import INLINE, cell_words, is_reference, is_seen, opens_content

MAX_DEPTH = 5_000  # pages have less than 100; the parser's time grows with the square
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_MAY_STAY_OPEN = frozenset(
    "p li dt dd tr td th thead tbody tfoot option optgroup colgroup rp rt area base br col embed hr img input link meta param "
    "source track wbr html head body".split()
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]{1,40})", re.IGNORECASE)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PIECES = {"li": "item", "caption": "caption", "figcaption": "caption", "dt": "term", "dd": "definition"}
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_MOST_COLUMNS, _MOST_ROWS = 50, 1_000  # that one cell covers


def read_html(data: bytes) -> Reading:
    """Read a web page.

    Raises:
        UnreadableFileError: binary, in an unknown encoding, or nested without end.
    """
    composer = Composer()
    return composer.reading(compose_html(_decoded(data), composer))


def compose_html(text: str, composer: Composer) -> Stated:
    """Compose the content of a page and return what it says about itself.

    Raises:
        UnreadableFileError: nested without end.
    """
    _check_depth(text)
    page = LexborHTMLParser(text)
    if page.root is not None:
        _Walk(composer).walk(page.root)
    return about_page(page)


class _Walk:
    """The way through a page, in reading order, without recursion."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._words: list[str] = []  # of the piece being read; a line break in them is one that shows
        self._kinds: list[list[str]] = [["text", ""]]  # what the elements around make of text, and an item's number
        self._lists: list[list[int | str]] = []  # around: next number (0: bullets) and form
        self._content = self._high = self._kept = 0
        self._term = ""

    def walk(self, root: LexborNode) -> None:
        """Visit every node: elements when they begin and when they end."""
        stack = [(root, False)]
        while stack:
            node, ends = stack.pop()
            if ends:
                self._end(node.tag or "", node)
                continue
            if node.next is not None:
                stack.append((node.next, False))
            if self._goes_into(node):
                stack.append((node, True))
                self._begin(node.tag or "", node)
                if node.first_child is not None:
                    stack.append((node.first_child, False))
        self._flush()

    def _goes_into(self, node: LexborNode) -> bool:
        """Take a node's own text; whether to go into it."""
        tag = node.tag or "-"
        if tag == "-text":
            text = (node.text_content or "") if self._kept else re.sub(r"\s+", " ", node.text_content or "")
            self._words.append(raised(text) if self._high else text)
        if tag.startswith("-"):
            return tag == "-document"
        if is_reference(node) or not is_seen(node, self._content > 0):
            self._words.append("" if tag in INLINE or tag == "sup" else " ")
            return False
        if tag == "table" and not _is_layout(node):
            self._flush()
            _compose_table(self._composer, node)
            return False
        return True

    def _begin(self, tag: str, node: LexborNode) -> None:
        self._content += opens_content(node)
        self._high += tag == "sup"
        self._kept += tag == "pre"
        if tag in ("br", "hr"):
            self._words.append("\n" if tag == "br" else "\n\n")
        elif tag in _HEADINGS:
            self._flush()
            for kind in self._kinds:  # an entry with a heading is a part of a page, not of a list
                kind[0] = "text" if kind[0] == "item" else kind[0]
            self._kinds.append(["heading", tag[1]])
        elif tag in _PIECES:
            self._flush()
            self._kinds.append([_PIECES[tag], self._number(node) if tag == "li" else ""])
        elif tag in ("ul", "ol"):
            self._flush()
            start = node.attributes.get("start") or "1"
            first = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
            self._lists.append([first, node.attributes.get("type") or "1"] if tag == "ol" else [0, ""])
        elif tag not in INLINE:
            self._border()

    def _end(self, tag: str, node: LexborNode) -> None:
        self._content -= opens_content(node)
        self._high -= tag == "sup"
        self._kept -= tag == "pre"
        if tag in _HEADINGS or tag in _PIECES:
            self._flush()
            self._kinds.pop()
        elif tag in ("ul", "ol"):
            self._flush()
            self._lists.pop()
        elif tag not in INLINE:
            self._border()

    def _number(self, entry: LexborNode) -> str:
        """The number in front of the next entry of the innermost list; empty where it has a bullet."""
        if not self._lists or self._lists[-1][1] == "":
            return ""
        number, form = self._lists[-1]
        value = entry.attributes.get("value") or ""
        number = int(value) if re.fullmatch(r"-?\d{1,6}", value) else int(number)
        self._lists[-1][0] = number + 1
        return f"{counted(number, _FORMS.get(str(form), 'decimal'))}."

    def _border(self) -> None:
        """A block begins or ends: a new paragraph, or a space inside a heading, an entry, a caption."""
        if self._kinds[-1][0] == "text":
            self._flush()
        else:
            self._words.append(" ")

    def _flush(self) -> None:
        """Compose what was read as what it is."""
        text = "".join(self._words)
        self._words = []
        if not text or text.isspace():
            return
        kind, detail = self._kinds[-1]
        if self._term and kind != "definition":
            self._composer.paragraph(self._term)
            self._term = ""
        if kind == "heading":
            self._composer.heading(text, int(detail))
        elif kind == "caption":
            self._composer.caption(text)
        elif kind == "item":
            self._composer.item(f"{detail} {text}", max(len(self._lists) - 1, 0))
            self._kinds[-1][1] = ""
        elif kind == "term":
            self._term = " ".join(text.split())
        elif kind == "definition":
            self._composer.item(f"{self._term}{'' if not self._term or self._term.endswith(':') else ':'} {text}")
            self._term = ""
        else:
            compose_lines_of(self._composer, text)


def compose_lines_of(composer: Composer, text: str) -> None:
    """Compose running text: an empty line separates paragraphs, lines with bullets are a list."""
    for part in re.split(r"\n[^\S\n]*\n", text):
        lines = [(line, BULLET.match(line)) for line in part.split("\n")]
        if sum(bullet is not None for _, bullet in lines) < 2:
            composer.paragraph(part)
            continue
        for line, bullet in lines:
            if bullet:
                composer.item(line if bullet["number"] else line[bullet.end() :])
            else:
                composer.paragraph(line)


def _is_layout(table: LexborNode) -> bool:
    """Whether a table only places things: it holds headings, no row has two cells, or it holds tables and little else.

    A table with heads, or with a row of two filled cells besides those that hold tables, says something itself: the
    tables in it are words of their cells.
    """
    if table.attributes.get("role") in ("presentation", "none") or table.css_first("h1, h2, h3, h4") is not None:
        return True
    rows = [[cell for cell in row.iter() if cell.tag in ("td", "th")] for row in _rows(table)]
    if all(len(row) < 2 for row in rows):
        return True
    # not `==`, which writes both out and compares their HTML
    if all(node.mem_id == table.mem_id for node in table.css("table")):
        return False
    return not any(
        any(cell.tag == "th" for cell in row)
        or sum(cell.css_first("table") is None and is_seen(cell, True) and bool(cell_words(cell)) for cell in row) > 1
        for row in rows
    )


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    """The rows of a table without those of the tables in it."""
    for child in table.iter():
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child.iter() if row.tag == "tr")


def _compose_table(composer: Composer, table: LexborNode) -> None:
    """Rows of a table; a cell that covers more rows heads each of them, one that covers more columns is filled once."""
    caption = next((child for child in table.iter() if child.tag == "caption"), None)
    if caption is not None:
        composer.caption(cell_words(caption))
    rows: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # columns that a cell above covers: for how many rows more, and its words
    for row in _rows(table):
        if not is_seen(row, True):
            continue
        cells: list[str] = []
        own = False  # whether a cell of the row itself says something
        for cell in row.iter():
            if cell.tag not in ("td", "th") or not is_seen(cell, True):
                continue
            _cover(cells, below)
            words = cell_words(cell)
            own = own or bool(words)
            height = _span(cell, "rowspan", _MOST_ROWS)
            for place in range(width := _span(cell, "colspan", _MOST_COLUMNS)):
                if height > 1:
                    below[len(cells) + place] = height - 1, "" if place else repeated(words)
            cells += [words, *[""] * (width - 1)]
        _cover(cells, below)
        if own:
            rows.append(cells)
    compose_table(composer, enumerate(rows, 1))


def _cover(cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    """Fill the next cells of a row as far as cells above cover them."""
    while (place := len(cells)) in below:
        more, words = below.pop(place)
        if more > 1:
            below[place] = more - 1, words
        cells.append(words)


def _span(cell: LexborNode, name: str, most: int) -> int:
    value = cell.attributes.get(name) or ""
    return min(max(int(value), 1), most) if re.fullmatch(r"\d{1,9}", value) else 1


def _check_depth(text: str) -> None:
    depth = 0
    for tag in _TAG.finditer(text):
        if tag[2].lower() not in _MAY_STAY_OPEN:
            depth = max(depth - 1, 0) if tag[1] else depth + 1
            if depth > MAX_DEPTH:
                raise UnreadableFileError(f"it nests more than {MAX_DEPTH} elements.", "Save it anew or as plain text.")


def _decoded(data: bytes) -> str:
    """By its byte order mark, by what it says, as UTF-8, else as what browsers then take: Windows-1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        names = ["utf-16"]
    else:
        said = _CHARSET.search(data[:4096])
        names = ["utf-8-sig"] if data.startswith(codecs.BOM_UTF8) else []
        names += [*([browser_name(said[1].decode())] if said else []), "utf-8", "cp1252"]
    for name in names:
        try:
            text = data.decode(name)
        except (LookupError, ValueError):
            continue
        if "\0" in text:
            raise UnreadableFileError("it is binary, not text.", "Remove it, or give it its right ending.")
        return text
    raise UnreadableFileError("its characters are in no known encoding.", "Save it as UTF-8.")


def browser_name(encoding: str) -> str:
    """The encoding that is meant: Windows writes its own and calls it Latin-1."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return encoding
    return {"iso8859-1": "cp1252", "ascii": "utf-8", "utf-16": "utf-8", "utf-16-le": "utf-8"}.get(name, name)
