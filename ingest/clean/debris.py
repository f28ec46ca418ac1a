"""What a page has besides its text: running heads, page numbers, rules and ornaments."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from itertools import groupby

from ingest.clean.lines import TextLine

_NUMBER = r"\d{1,4}(?: ?(?:von|of|/|\|) ?\d{1,4})?"
_PAGE_NUMBER = re.compile(
    rf"(?:[-–—|•] ?{_NUMBER} ?[-–—|•]|[|] ?{_NUMBER}|(?:Seite|Page|S\.|p\.) ?{_NUMBER}|\d{{1,4}} ?(?:von|of) ?\d{{1,4}}"
    rf"|(?:Seite|Page) ?[ivxlcIVXLC]{{1,7}}) ?[-–—|.]?"
)
_DIGITS = re.compile(r"\d+")
_LONGEST = 140  # characters of a running head
_KNOWN = ("heading", "caption", "footnote")  # what looks like these is that, whatever other pages have in common
_ZONE = 3  # lines at the top and at the bottom of a page
_STEP = 2  # page numbers that follow each other differ by no more, even with a page of pictures between


def without_debris(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines without running heads, page numbers and ornaments; what follows such a line keeps its gap."""
    dropped = {i for i, line in enumerate(lines) if is_ornament(line.text) or is_page_number(line.text)}
    dropped |= _repeated(lines, dropped) | _counting(lines)
    kept: list[TextLine] = []
    gap = False
    for i, line in enumerate(lines):
        if i in dropped:
            gap = gap or line.gap
        else:
            kept.append(TextLine(line.text, line.page, line.kind, line.level, True) if gap and not line.gap else line)
            gap = False
    return kept


def is_page_number(text: str) -> bool:
    """Whether a line says which page this is: "Seite 3 von 20", "- 3 -"."""
    return len(text) < 40 and bool(_PAGE_NUMBER.fullmatch(" ".join(text.split())))


def is_ornament(text: str) -> bool:
    """Whether a line has neither letter nor digit, so nothing to say; the border of a table's header is one."""
    return not any(c.isalnum() for c in text) and "…" not in text and "..." not in text


def _repeated(lines: Sequence[TextLine], dropped: set[int]) -> set[int]:
    """Lines at the top or the bottom of pages that come again: the same words, or words with the page's number."""
    places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)  # zone and shape → line, page
    pages = 0
    for page, numbered in groupby(enumerate(lines), lambda pair: pair[1].page):
        indices = [i for i, _ in numbered if i not in dropped]
        if page is None:
            return set()
        pages += 1
        for zone, edge in (("top", indices[:_ZONE]), ("bottom", indices[-_ZONE:])):
            for i in edge:
                if len(lines[i].text) <= _LONGEST and lines[i].kind not in _KNOWN:
                    places[zone, shape_of(lines[i].text)].append((i, page))
    found: set[int] = set()
    for seen in places.values():
        found |= _heads(lines, seen, min(3, max(2, pages)))
    return found


def _heads(lines: Sequence[TextLine], seen: list[tuple[int, int]], least: int) -> set[int]:
    """Those of the places of one shape that are running heads; the first page keeps its own, it may be the title."""
    words = {i: " ".join(lines[i].text.split()) for i, _ in seen}
    counting = counting_pages({(words[i], page) for i, page in seen}, least)
    found = {i for i, page in seen if (words[i], page) in counting}
    same = Counter(words[i] for i, _ in seen if i not in found)
    if differs_in_figures(list(same.elements())):
        return found
    first_page = lines[0].page
    for text, count in same.items():
        if count >= least and any(c.isalpha() for c in text):
            again = [(i, page) for i, page in seen if words[i] == text]
            keep_first = lines[again[0][0]].kind == "row" or again[0][1] == first_page
            found |= {i for i, _ in again[1 if keep_first else 0 :]}
    return found


def shape_of(text: str) -> str:
    """The words of a line with every figure the same."""
    return _DIGITS.sub("#", " ".join(text.split()).casefold())


def counting_pages(seen: Set[tuple[str, int]], least: int) -> set[tuple[str, int]]:
    """Those of the texts of one shape, each with its page, whose number runs with the pages on so many of them."""
    offsets = Counter(offset for text, page in seen for offset in _offsets(text, page))
    offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
    return {(text, page) for text, page in seen if offset in _offsets(text, page)} if count >= least else set()


def differs_in_figures(texts: Sequence[str]) -> bool:
    """Whether texts of one shape state different figures ("Kosten: 12 Mio. Euro"), most of them not again."""
    different = len(set(texts))
    return different > 1 and len(texts) < 3 * different


def _offsets(text: str, page: int) -> set[int]:
    return {int(number) - page for number in _DIGITS.findall(text) if len(number) <= 4}


def _counting(lines: Sequence[TextLine]) -> set[int]:
    """Bare numbers on lines of their own that count up as pages do, where pages are not known."""
    bare = [
        (i, int(line.text))
        for i, line in enumerate(lines)
        if line.page is None and line.gap and line.text.strip().isdecimal() and len(line.text.strip()) <= 4
        and (i + 1 == len(lines) or lines[i + 1].gap)
    ]  # fmt: skip
    found: set[int] = set()
    for run in _rising(bare):
        if len(run) >= 3:
            found |= {i for i, _ in run}
    return found


def _rising(numbers: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    runs: list[list[tuple[int, int]]] = []
    for i, number in numbers:
        if runs and 0 < number - runs[-1][-1][1] <= _STEP:
            runs[-1].append((i, number))
        else:
            runs.append([(i, number)])
    return runs
