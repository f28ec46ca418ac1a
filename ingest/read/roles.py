"""What the lines of a PDF are: headings by their font, captions, footnotes; and where white space parts them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from statistics import median

from assistant.types import Span
from ingest.clean.debris import is_page_number
from ingest.clean.lines import TextLine, waits_for
from ingest.read.blocks import BlockKind
from ingest.read.layout import Column
from ingest.read.running import Edge, Running
from ingest.read.strips import CAPTION, Strip
from ingest.read.tables import Table

_LARGER = 1.12  # of the body's font size: a heading
_SMALLER = 0.9  # of the body's font size: a footnote
_LONGEST = 160  # characters of a heading
_MOST_LINES = 4
_MARK = re.compile(r"(?:[⁰¹²³⁴-⁹]{1,3}|\*{1,3}|†|\d{1,3}[)]?)\s?(?=\S)")
_CONTINUED: dict[BlockKind | None, BlockKind | None] = {"footnote": "paragraph", "caption": None}
_ENTRY = re.compile(r"\s(?:\d{1,4}|[ivxl]{1,6})$")  # of a table of contents
_LED_ENTRY = re.compile(r" … (?:\d{1,4}|[ivxl]{1,6})$")
_LEAST_ENTRIES = 3
_GLUED_MARK = re.compile(r"^(\d{1,3}|[⁰¹²³⁴-⁹]{1,3}|\*{1,3})(?=[A-ZÄÖÜa-zäöü„»\"“])")
_BULLET = re.compile(r"[•‣▪■◦►➢✓·]|[-–] ")
_SENTENCE_END = re.compile(r"[.!?…][\"'“”»«’)\]¹²³⁰⁴-⁹]*$")


@dataclass(slots=True)
class Group:
    """Lines of one role that belong together, or a single line of text."""

    lines: list[Strip]
    page: int
    gap: bool
    kind: BlockKind | None = None
    rows: list[str] = field(default_factory=list)  # of a table
    margin: bool = False

    @property
    def text(self) -> str:
        """All of it on one line."""
        return " ".join(line.text for line in self.lines)

    @property
    def style(self) -> tuple[float, bool]:
        """Size in half points, bold."""
        return round(self.lines[0].size * 2) / 2, self.lines[0].bold


@dataclass(frozen=True, slots=True)
class Body:
    """How most of a document is set."""

    size: float
    bold: bool


def body_of(pages: Sequence[Sequence[Column | Table]]) -> Body:
    """The size and weight most characters have."""
    weights: Counter[tuple[float, bool]] = Counter()
    for flows in pages:
        for flow in flows:
            if isinstance(flow, Column):
                for line in flow.lines:
                    weights[round(line.size * 2) / 2, line.bold] += len(line.text)
    (size, bold), _ = weights.most_common(1)[0] if weights else ((10.0, False), 0)
    return Body(size, bold)


def lines_of_pages(pages: Sequence[Sequence[Column | Table]], body: Body) -> Iterator[list[TextLine]]:
    """For each page its lines, with what they are."""
    read = [
        [group for flow in _runs(flows) for group in _groups(flow, number, body)]
        for number, flows in enumerate(pages, 1)
    ]
    running = Running((_edge(group) for groups in read for group in groups if group.margin), len(pages))
    grouped: list[list[Group]] = []
    for everything in read:
        groups = [group for group in everything if not _is_debris(group, running, body)]
        _mark_footnotes(groups, body)
        for before, after in pairwise([*groups, None]):
            if before and before.kind is None and _is_heading(before, after, body):
                before.kind = "heading"
        grouped.append(groups)
    ranks = _ranks([group for groups in grouped for group in groups if group.kind == "heading"])
    for groups in grouped:
        yield [line for group in groups for line in _text_lines(group, ranks)]


def _runs(flows: Sequence[Column | Table]) -> Iterator[list[Column | Table]]:
    """The edges of a page and what is between them."""
    for _, run in groupby(flows, lambda flow: isinstance(flow, Column) and flow.margin):
        yield list(run)


def _is_debris(group: Group, running: Running, body: Body) -> bool:
    """Whether a group is a page number or a running head met before; one met first becomes a caption.

    It may be the only place that names the publisher or the edition, but it is no heading of what follows. What is set
    as large as a heading is one, whatever stands on other pages.
    """
    if not group.margin:
        return False
    if is_page_number(group.text) or group.text.isdecimal():
        return True
    edge = _edge(group)
    if _is_large(group.lines[0], body) or not running.has(edge):
        return False
    group.kind = "caption"
    return running.has_met(edge)


def _edge(group: Group) -> Edge:
    return Edge(group.text, group.page, group.lines[0])


def _text_lines(group: Group, ranks: dict[tuple[float, bool], int]) -> Iterator[TextLine]:
    if group.rows:
        for number, row in enumerate(group.rows):
            yield TextLine(row, group.page, "row", gap=number == 0)
        return
    level = ranks[group.style] if group.kind == "heading" else 0
    for number, line in enumerate(group.lines):
        gap = number == 0 and (group.gap or group.kind not in (None, "footnote"))
        text = _GLUED_MARK.sub(r"\1 ", line.text) if group.kind == "footnote" and number == 0 else line.text
        # the cleaner takes every footnote and caption it is given for a new one
        kind = (
            _CONTINUED.get(group.kind, group.kind) if number or (group.kind == "footnote" and not gap) else group.kind
        )
        yield TextLine(text, group.page, kind, level, gap)


def _groups(flows: Sequence[Column | Table], page: int, body: Body) -> Iterator[Group]:
    open_group: Group | None = None
    before: Strip | None = None
    columns = [flow for flow in flows if isinstance(flow, Column)]
    listing = sum(bool(_LED_ENTRY.search(line.text)) for column in columns for line in column.lines) >= _LEAST_ENTRIES
    for flow in flows:
        if isinstance(flow, Table):
            if open_group:
                yield open_group
            open_group = before = None
            yield Group([], page, True, "row", [_row(cells) for cells in flow.rows])
            continue
        pitch = _pitch(flow.lines)
        edges = Span(round(min(s.x0 for s in flow.lines)), round(max(s.x1 for s in flow.lines)))
        for line in flow.lines:
            if flow.contents or _LED_ENTRY.search(line.text) or (listing and _ENTRY.search(line.text)):
                if open_group:
                    yield open_group
                open_group = before = None
                yield Group([line], page, True, "item")
                continue
            lone = flow.margin and not _is_large(line, body)
            gap = before is None or lone or _parted(before, line, pitch, edges)
            if open_group and not gap and _belongs(open_group, line, body):
                open_group.lines.append(line)
            else:
                if open_group:
                    yield open_group
                open_group = Group([line], page, gap, _caption(line, gap, body), margin=flow.margin)
            before = line
    if open_group:
        yield open_group


def _row(cells: Sequence[Sequence[str]]) -> str:
    return f"| {' | '.join(_cell(lines) for lines in cells)} |"


def _cell(lines: Sequence[str]) -> str:
    return " ".join(lines).replace("|", "/")


def _pitch(lines: Sequence[Strip]) -> float:
    """The usual distance of base lines in font sizes."""
    steps = [(b.base - a.base) / a.size for a, b in pairwise(lines) if 0.8 < (b.base - a.base) / a.size < 2]
    return median(steps) if steps else 1.2


def _parted(before: Strip, line: Strip, pitch: float, edges: Span) -> bool:
    """Whether a line begins something new: white space above, another size, an indent, a short line before it."""
    if line.base <= before.base or line.x0 > before.x1 or line.x1 < before.x0:  # the next column
        return _ends_sentence(before, line) or abs(line.size - before.size) > 0.08 * before.size
    size = max(before.size, line.size)
    if line.base - before.base > (pitch + 0.3) * size or abs(line.size - before.size) > 0.08 * size:
        return True
    width = edges.end - edges.start
    indent = line.x0 - before.x0
    if 0.7 * size < indent < 4 * size and abs(before.x0 - edges.start) < size and before.x1 > edges.start + 0.5 * width:
        return line.text[:1].isupper() and _ends_sentence(before, line)
    short = before.x1 < edges.start + 0.75 * width
    return short and _ends_sentence(before, line) and line.text[:1].isupper()


def _ends_sentence(before: Strip, line: Strip) -> bool:
    return bool(_SENTENCE_END.search(before.text)) and not waits_for(before.text, line.text)


def _caption(line: Strip, gap: bool, body: Body) -> BlockKind | None:
    match = CAPTION.match(line.text)
    if match and gap and (match["clear"] or line.size < 0.96 * body.size or line.bold):
        return "caption"
    return None


def _belongs(group: Group, line: Strip, body: Body) -> bool:
    """Whether a line goes on with a caption or with what may be a heading."""
    if group.kind == "caption":
        return abs(line.size - group.lines[-1].size) < 0.5
    alike = abs(line.size - group.lines[-1].size) < 0.3 and line.bold == group.lines[-1].bold
    return alike and _stands_out(line, body) and _stands_out(group.lines[-1], body)


def _stands_out(line: Strip, body: Body) -> bool:
    return _is_large(line, body) or (line.bold and not body.bold and line.size >= 0.93 * body.size)


def _is_large(line: Strip, body: Body) -> bool:
    return line.size >= _LARGER * body.size


def _is_heading(group: Group, after: Group | None, body: Body) -> bool:
    text = group.text
    if not _stands_out(group.lines[0], body) or len(group.lines) > _MOST_LINES or len(text) > _LONGEST:
        return False
    if sum(c.isalpha() for c in text) < 3 or _BULLET.match(text) or text[-1] in ",;" or after is None:
        return False
    large = _is_large(group.lines[0], body)
    if text[-1] == "." and (not large or text.count(" ") > 7):
        return False
    # bold words at the beginning of a paragraph are no heading
    return large or after.gap or after.kind is not None or not after.text[:1].islower()


def _mark_footnotes(groups: list[Group], body: Body) -> None:
    """Small print at the foot of a page or column, from the first line that begins with a mark."""
    while groups and (groups[-1].text.isdecimal() or is_page_number(groups[-1].text)):
        groups = groups[:-1]
    last = len(groups)
    while last and groups[last - 1].kind is None and groups[last - 1].lines[0].size <= _SMALLER * body.size:
        last -= 1
    started = False
    for group in groups[last:]:
        begins = bool(_MARK.match(group.lines[0].text))
        started = started or begins
        if started and sum(c.isalpha() for c in group.text) >= 3:
            group.kind = "footnote"
            group.gap = begins


def _ranks(headings: Sequence[Group]) -> dict[tuple[float, bool], int]:
    """The level of every style of heading, the largest first; sizes that hardly differ share one."""
    ranks: dict[tuple[float, bool], int] = {}
    level = 0
    before: tuple[float, bool] | None = None
    for size, bold in sorted({group.style for group in headings}, key=lambda style: (-style[0], not style[1])):
        if before is None or before[0] - size > 0.6 or before[1] != bold:
            level += 1
        before = size, bold
        ranks[size, bold] = min(level, 6)
    return ranks
