"""Running heads of a PDF: what the edges of several pages say alike, or with the page's number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.clean.debris import counting_pages, differs_in_figures, shape_of
from ingest.read.strips import Strip

_LEAST = 3  # pages


@dataclass(frozen=True, slots=True)
class Edge:
    """Words at the edge of a page, and where they begin."""

    words: str
    page: int
    line: Strip

    @property
    def place(self) -> tuple[int, int]:
        """Height on the page and size, about."""
        return round(self.line.base / 2), round(self.line.size)


class Running:
    """What stands at the edges of several pages: the same words, the page's number, or anything at the same place."""

    def __init__(self, edges: Iterable[Edge], pages: int) -> None:
        shapes: dict[str, set[tuple[str, int]]] = defaultdict(set)
        places: dict[tuple[int, int], set[int]] = defaultdict(set)
        for edge in edges:
            shapes[shape_of(edge.words)].add((edge.words.casefold(), edge.page))
            places[edge.place].add(edge.page)
        self._places = {place for place, found in places.items() if len(found) >= max(_LEAST, 0.3 * pages)}
        self._texts: set[str] = set()
        self._counted: set[tuple[str, int]] = set()
        for seen in shapes.values():
            self._counted |= counting_pages(seen, _LEAST)
            rest = seen - self._counted
            if not differs_in_figures([text for text, _ in rest]):
                self._texts |= {text for text, count in Counter(text for text, _ in rest).items() if count > 1}
        self._met: set[str] = set()

    def has(self, edge: Edge) -> bool:
        """Whether words are a running head, or stand where most pages have one."""
        return self._key(edge) is not None or edge.place in self._places

    def has_met(self, edge: Edge) -> bool:
        """Whether a running head was asked for before; the first may be all that names the edition."""
        key = self._key(edge)
        met = key in self._met
        if key is not None:
            self._met.add(key)
        return met

    def _key(self, edge: Edge) -> str | None:
        text = edge.words.casefold()
        if (text, edge.page) in self._counted:
            return shape_of(text)
        return text if text in self._texts else None
