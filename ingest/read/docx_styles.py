"""What a paragraph of a Word document is: its style's name and outline level, and the number that Word shows before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lxml.etree import _Element as Element

from ingest.read.counting import counted

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|überschrift)\s*([1-9])", re.IGNORECASE)
Kind = Literal["heading", "title", "caption", "contents", "text"]
_NAMED: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "contents",
        re.compile(r"toc\b|(?:inhalts)?verzeichnis|table of (?:figures|contents)|abbildungsverz", re.IGNORECASE),
    ),
    ("caption", re.compile(r"caption|beschriftung|(?:bild|tabellen)(?:unter|über)schrift", re.IGNORECASE)),
    ("title", re.compile(r"(?:title|titel)$", re.IGNORECASE)),
)
_TEXT_LEVEL = 9  # Word's outline level of running text


@dataclass(frozen=True, slots=True)
class Look:
    """What a paragraph is; `number` (list, depth) is set in lists and numbered headings."""

    kind: Kind = "text"
    level: int = 0
    number: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str | None
    properties: Element | None  # of its paragraphs


class Styles:
    """The styles of a document. Word stores the names of its own in English, whatever language it speaks."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        for style in root.iterchildren(f"{W}style") if root is not None else ():
            key = style.get(f"{W}styleId") or ""
            name = value(style, "name") or key
            self._styles[key] = _Style(name, value(style, "basedOn"), style.find(f"{W}pPr"))

    def look(self, paragraph: Element) -> Look:
        """What a paragraph is, from its own properties, then from its style and those that one is based on."""
        properties = paragraph.find(f"{W}pPr")
        chain = list(self._chain(value(properties, "pStyle")))
        for style in chain:
            for kind, pattern in _NAMED:
                if pattern.match(style.name):
                    return Look(kind, 1 if kind == "title" else 0)
        number = None
        for source in (properties, *(style.properties for style in chain)):
            number = _number(source, number)
        level = self._level(properties, chain)
        complete = (number[0], number[1] or 0) if number and number[0] not in (None, "0") else None
        return Look("heading" if level else "text", level, complete)

    def numbering_of(self, style: str) -> str | None:
        """The list that a numbering style stands for."""
        return next((found for s in self._chain(style) if (found := value(s.properties, "numPr/numId"))), None)

    def _level(self, properties: Element | None, chain: list[_Style]) -> int:
        for source, name in ((properties, ""), *((style.properties, style.name) for style in chain)):
            outline = whole(value(source, "outlineLvl"))
            if outline is not None:
                return outline + 1 if 0 <= outline < _TEXT_LEVEL else 0
            named = _HEADING.match(name)
            if named:
                return int(named[1])
        return 0

    def _chain(self, key: str | None) -> Iterator[_Style]:
        seen: set[str] = set()
        while key and key in self._styles and key not in seen:
            seen.add(key)
            yield self._styles[key]
            key = self._styles[key].based_on


class Numbering:
    """Counts lists the way Word does when it shows them."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._lists: dict[str, str] = {}  # a list and its definition, which lists can share
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}  # definition, depth: format, pattern, start
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        links: dict[str, str] = {}
        for definition in root.iterchildren(f"{W}abstractNum"):
            key = definition.get(f"{W}abstractNumId") or ""
            self._levels[key] = {whole(lvl.get(f"{W}ilvl")) or 0: _level(lvl) for lvl in definition.iter(f"{W}lvl")}
            links[key] = value(definition, "numStyleLink") or ""
        for entry in root.iterchildren(f"{W}num"):
            key = entry.get(f"{W}numId") or ""
            self._lists[key] = value(entry, "abstractNumId") or ""
            self._restarts[key] = {
                whole(override.get(f"{W}ilvl")) or 0: start
                for override in entry.iterchildren(f"{W}lvlOverride")
                if (start := whole(value(override, "startOverride"))) is not None
            }
        for key, definition_key in list(self._lists.items()):
            linked = styles.numbering_of(links.get(definition_key, ""))
            self._lists[key] = self._lists.get(linked or "", definition_key)

    def label(self, number: tuple[str, int]) -> str:
        """The number before the next paragraph of a list ("3.1", "a)"); empty where it has a bullet."""
        key, depth = number
        definition = self._lists.get(key, "")
        levels = self._levels.get(definition, {})
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(definition, {})
        restart = self._restarts.get(key, {}).pop(depth, None)
        if restart is not None:
            counts[depth] = restart - 1
        counts[depth] = counts.get(depth, levels[depth][2] - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        style, pattern, _ = levels[depth]
        if style in ("bullet", "none"):
            return ""

        def shown(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            form, _, start = levels.get(place, ("decimal", "", 1))
            return counted(counts.get(place, start), form)

        return re.sub(r"%([1-9])", shown, pattern)


def value(element: Element | None, path: str) -> str | None:
    """The attribute `val` of a descendant, named by its path."""
    found = element.find("/".join(f"{W}{name}" for name in path.split("/"))) if element is not None else None
    return found.get(f"{W}val") if found is not None else None


def whole(text: str | None) -> int | None:
    """A small whole number; None for anything else."""
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,6}", text) else None


def _number(properties: Element | None, known: tuple[str | None, int | None] | None) -> tuple[str | None, int | None]:
    """List and depth, as far as these properties complete what is known."""
    key, depth = known or (None, None)
    return key or value(properties, "numPr/numId"), depth if depth is not None else whole(
        value(properties, "numPr/ilvl")
    )


def _level(level: Element) -> tuple[str, str, int]:
    start = whole(value(level, "start"))
    return value(level, "numFmt") or "decimal", value(level, "lvlText") or "", 1 if start is None else start
