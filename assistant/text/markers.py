"""A chat model's reply to plain sentences and the passage numbers they name. Nothing it wrote as markup survives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.text.sentences import split_sentences

_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_WRAPPED = re.compile(r"(?m)(?<![.!?:…\]|*])[ \t]*\n(?=[^\W\d_])")  # a line that ends inside a sentence
_LINE_START = re.compile(r"\s*(?:(?:[-*+•>]|\d{1,2}[.)])\s+)*")
_NO_PROSE = re.compile(r"\s*(?:#{1,6}\s.*|\|.*|```.*|~~~.*|[-=*_\s]{3,})\n?", re.DOTALL)
_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?")
_LINK = re.compile(r"(\[[^\]]*\])(?:\([^)]*\))")
_MARKER = re.compile(r"\s*\[\s*(?:passage\s+)?(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]", re.IGNORECASE)
_MARKERS_AFTER_STOP = re.compile(rf"([.!?…])((?:{_MARKER.pattern})+)", re.IGNORECASE)
_GLUED = re.compile(r"(?<=\][.,;:!?])(?=[^\s\])])")  # "[1].Next": without the marker, "2024 [1].5" would read "2024.5"
_EMPHASIS = re.compile(r"\*\*|__|~~|`|(?<![\w*])[*_](?=\S)|(?<=\S)[*_](?![\w*])")
# HTML, addresses of the web and of mail, and domains: an answer links to its quotes and to nothing else
_UNSAFE = re.compile(
    r"</?[a-z!?]|\b[a-z][a-z0-9+.-]{0,20}://|\b(?:javascript|data|mailto|tel):\S|\bwww\.|\S@\S"
    r"|(?-i:\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[a-z]{2,}\b)",
    re.IGNORECASE,
)
_LEANS_BACK = re.compile(
    r"(?:Dies|Diese[rsnm]?|Dabei|Hierbei|Hierzu|Hierfür|Dazu|Davon|Damit|Daher|Dort|Er|Sie|Es|Ihre?|Letztere[rsnm]?|Beide"
    r"|Zudem|Außerdem|Weitere|This|These|Those|It|Its|They|Their|He|His|She|Her|Both|Of these|Thereby"
    r"|Here|There|Also|In addition)\b"
)


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """One sentence without its markers.

    `usable` is False for a sentence that held HTML or an address; `leans_back` tells one that needs its predecessor.
    """

    text: str
    markers: tuple[int, ...]
    usable: bool

    @property
    def leans_back(self) -> bool:
        """Whether the sentence says of something named before it."""
        return bool(_LEANS_BACK.match(self.text))


def without_thoughts(reply: str) -> str:
    """A reply without what a reasoning model thought aloud."""
    return _THOUGHTS.sub("", reply).strip()


def marked_sentences(reply: str) -> Iterator[MarkedSentence]:
    """Yield the sentences of a reply in order; list items count as sentences, tables and code as nothing.

    A marker belongs to the sentence before it, on whichever side of the full stop it stands.
    """
    lines = [line for line in reply.splitlines(keepends=True) if not _NO_PROSE.fullmatch(line)]
    for line in _WRAPPED.sub(" ", "".join(lines)).splitlines():
        prose = _IMAGE.sub("", _LINE_START.sub("", line, count=1).replace("\\", ""))
        prose = _MARKERS_AFTER_STOP.sub(r"\2\1", _GLUED.sub(" ", _LINK.sub(r"\1", prose)))
        for span in split_sentences(prose):
            sentence = prose[span.start : span.end]
            markers = [int(number) for match in _MARKER.finditer(sentence) for number in re.findall(r"\d+", match[1])]
            plain = _plain(re.sub(r"\s+(?=[.,;:!?])", "", _MARKER.sub(" ", sentence)))
            if plain:
                yield MarkedSentence(plain, tuple(dict.fromkeys(markers)), not _UNSAFE.search(sentence))


def _plain(sentence: str) -> str:
    visible = "".join(c for c in " ".join(sentence.split()) if c.isprintable())
    return _EMPHASIS.sub("", visible).replace("[", "").replace("]", "").strip()
