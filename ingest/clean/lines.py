"""Lines as they stand on a page, and what can be told from a single one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.text.numbers import MONTHS
from ingest.read.blocks import BlockKind, lines_of


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line as it stands on a page, in reading order.

    `kind` is None where the reader of the file does not know it: then the shape of the text decides. The cells of a row
    are parted by tabs or ` | `. `level` is the rank of a known heading. `gap`: white space (a new paragraph) in front.
    """

    text: str
    page: int | None = None
    kind: BlockKind | None = None
    level: int = 0
    gap: bool = False


_BULLET_MARKS = "-*+•·‣›»>–▪▸►●○◦‐"
_BULLETS = re.compile(rf"\s*+(?:[{re.escape(_BULLET_MARKS)}]\s++)++(?=\S)")
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*\*?)(?=[^\s*])([^*\n]{1,300})(?<=[^\s\\])\1(?![\w*])")
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\((?:#|[^()\s]{0,300})\)")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,500})>")
_ESCAPE = re.compile(r"\\([$*_#<>\[\]()|~`\\-])")
_END_MARK = re.compile(r"\s*+[■□▪◆●]\s*+$")
_WIDE_GAP = re.compile(r"\t| {3,}")
_ORDINAL = re.compile(r"(?<![\w.,])\d{1,2}\.$")
_COUNTED = frozenset({"quartal", "halbjahr", "jahrhundert", *MONTHS})
_CLOSERS = "\"'“”»«’)]}*_■ ¹²³⁰⁴⁵⁶⁷⁸⁹"
_OPEN_WORDS = frozenset(
    """aber als am an auf aus außerdem bei beim bis bzw ca d dass dem den denn der deren des dessen die das dies diese diesem
    diesen dieser dieses dr durch ebenso ein eine einem einen einer eines entweder etwa für gegen h i ihr ihre ihrem ihren
    ihrer im in inkl innerhalb ins insbesondere ist jede jedem jeden jeder kein keine keinem keinen keiner mehrere mit nach
    neben nicht noch nur ob oder ohne prof rund s sehr sein seine seinem seinen seiner seit sich sind sowie sowohl st trotz
    u über um und unser unsere unserem unseren unserer unter v vgl vom von vor wegen weil welche welchem welchen welcher
    welches wenn wie wird wobei wurde wurden zu zum zur zwischen z
    a and are as at between by for from her his into is its of on or our than that the their these this those to was were
    which with whose""".split()
)
_FIRST_WORDS = frozenset({*_OPEN_WORDS, "er", "es", "sie", "wir", "hier", "dort", "it", "we", "they"}) - frozenset(
    "bzw ca d dr h i inkl prof s st u v vgl z a".split()  # abbreviations, and a letter that is a name
)


def lines_of_text(pages: Iterator[str] | list[str]) -> list[TextLine]:
    """The lines of a text, one string for each page; blank lines become gaps. One page alone has no number."""
    found: list[TextLine] = []
    texts = list(pages)
    for number, text in enumerate(texts, 1):
        gap = True
        for line in lines_of(text):
            if not line.blank:
                found.append(TextLine(line.text.rstrip(), number if len(texts) > 1 else None, gap=gap))
            gap = line.blank
    return found


def without_marks(text: str) -> str:
    """The words of a line without the signs of Markdown in them and without the ornament behind an article."""
    if not any(sign in text for sign in "*[<\\■□▪◆●"):
        return text
    text = _ADDRESS.sub(r"\1", _LINK.sub(r"\1", _EMPHASIS.sub(r"\2", text)))
    return _END_MARK.sub("", _ESCAPE.sub(r"\1", text))


def without_bullet(text: str) -> str | None:
    """A line without the bullets in front of it; None if it has none."""
    bullets = _BULLETS.match(text)
    return text[bullets.end() :] if bullets else None


def cells_of(text: str) -> list[str]:
    """The cells of a row of a table; leading empty cells count."""
    if "\t" in text:
        return [cell.strip() for cell in text.split("\t")]
    words = text.strip()
    if "|" in words:
        return [cell.strip() for cell in words.removeprefix("|").removesuffix("|").split("|")]
    return [cell.strip() for cell in _WIDE_GAP.split(words)]


def has_wide_gaps(text: str) -> bool:
    """Whether a line looks like cells set apart by blanks alone."""
    return bool(_WIDE_GAP.search(text.strip()))


def letters_of(text: str) -> list[str]:
    """The letters of a text."""
    return [c for c in text if c.isalpha()]


def is_open(text: str) -> bool:
    """Whether a text ends without the mark that ends a sentence."""
    bare = text.rstrip(_CLOSERS)
    return bool(bare) and bare[-1] not in ".!?:;…"


def is_wide_open(text: str) -> bool:
    """Whether a text ends with what cannot end a sentence: a comma, a hyphen, an article, a preposition."""
    bare = text.rstrip()
    if not bare or bare[-1] in ",-–/(&":
        return bool(bare)
    word = re.split(r"[\s(/„“\"]", bare[-30:])[-1].rstrip(".*")
    return word in _OPEN_WORDS and (bare[-1] != "." or word in ("bzw", "ca", "vgl", "inkl", "prof", "dr"))


def waits_for(text: str, following: str) -> bool:
    """Whether a text ends with an ordinal, and no sentence ends with it: "bis 31.", "Dezember 2025"."""
    if not _ORDINAL.search(text.rstrip()):
        return False
    word = re.match(r"[^\W\d_]*", following)
    return begins_small(following) or bool(word and word.group().casefold() in _COUNTED)


def begins_anew(text: str) -> bool:
    """Whether a text begins with a capital that only the first word of a sentence has: "Die", "Mit"."""
    word = re.match(r"[^\W\d_]*", text.lstrip('*_„“"»«( '))
    return bool(word and word.group()[:1].isupper() and word.group().casefold() in _FIRST_WORDS)


def begins_small(text: str) -> bool:
    """Whether a text begins in the middle of a sentence."""
    words = text.lstrip('*_„“"»( ')
    return words[:1].islower() and not re.match(r"[a-z][.)]", words) and not words.startswith(("http", "www."))
