"""Where sentences end: German and English, spans only, no character lost.

Written here because the general splitters tried (syntok 1.4) cut "e. V.", "12. September" and "1. Vorsitzender" in two,
and a citation must not end in the middle of a date or a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.types import Span

_LOOK_BACK = 60  # characters; no abbreviation is longer
# A full stop after these never ends a sentence (compared in lower case, without the stop).
_NEVER = frozenset(
    """abb abs abt allg anh apl aufl bd bspw bzgl bzw ca dent dipl dr ebd eg ehem einschl esp evtl exkl fig fr ggf gegr
    habil hon hr hrsg ie inkl insb insbes iur kap lt med mind mr mrs ms nat nr oec op phil pp prof rd rer resp sect sog st
    stellv str tab vgl vol vs zzgl""".split()
)
# After these a sentence goes on unless the next word is one that mostly begins sentences.
_SELDOM = frozenset(
    """approx apr aug co corp dec dept dez engl etc feb incl inc ing jan jr jul jun ltd max min mio mrd nov oct okt sep
    sept sr std tel univ usw""".split()
)
_BEFORE_NUMBER = frozenset({"art", "no"})  # ordinary words, unless a figure follows
_INTRODUCING = re.compile(r"\b(?:z\.\s?B|d\.\s?h|i\.\s?d\.\s?R|e\.\s?g|i\.\s?e)$", re.IGNORECASE)
_SPACED = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]{1,2}\.\s?)*[^\W\d_]$")  # "U" of "U. Köhl", "e. V", "u. v. m", "Ph.D"
_STARTER = re.compile(
    r"(?:Am|Auch|Bei|Da(?:bei|her|mit|nach|von|zu)|Der|Die|Das|Dies|Diese[rs]?|Dort|Er|Es|Für|Im|In|Mit|Nach|Seit|Sie|Zu"
    r"|At|He|It|Its|She|Since|The|Their|There|These|They|This|We)\b"
)
# Words that make a number with a full stop in front of them an ordinal, as a pattern.
FOLLOWS_ORDINAL = (
    "(?:Jan|Feb|Mär|Mar|Mrz|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec)[a-zäöü]*\\b"
    "|Vorsitz|Quartal|Jahrhundert|Phase|Halbjahr|Stellv|Platz|Auflage|Preis|Ausgabe"
)
_ORDINAL_FOLLOWER = re.compile(FOLLOWS_ORDINAL)
_ORDINAL_LEADER = re.compile(
    r"\b(?:de[rmns]|die|das|am|im|vom|zum|zur|beim|bis|ab|(?:eine|ihre|seine|jede|diese|jene)[rmns]?|und|als)\s+\(?\d+$",
    re.IGNORECASE,
)
# The look-behind and the possessive runs keep this linear on long rows of dots.
# The mark of a footnote belongs to the sentence before it.
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'“”»«’)\]]*+[⁰¹²³⁴-⁹]*+(?=\s)")
_NEXT = re.compile(r"\s*")


def split_sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Yield the spans of the sentences of `text[start:end]`, without the white space around them."""
    end = len(text) if end is None else end
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if _ends_sentence(text, begin, stop, end):
            yield from _trimmed(text, begin, stop.end())
            begin = stop.end()
    yield from _trimmed(text, begin, end)


def _ends_sentence(text: str, begin: int, stop: re.Match[str], end: int) -> bool:
    following = _NEXT.match(text, stop.end(), end)
    position = following.end() if following else end
    if position == end:
        return True
    if text[position].islower():
        return False
    if stop.group()[0] != "." or stop.group().startswith(".."):
        return True
    before = text[max(begin, stop.start() - _LOOK_BACK) : stop.start()]
    word = re.split(r"[\s(„“\"/-]", before)[-1].lower()
    if word.isdigit() and len(word) <= 2:  # "12. September", "in der 1. Phase", but "… waren es 36. Davon …"
        led = _ORDINAL_LEADER.search(before) and not _STARTER.match(text, position)
        return not led and not _ORDINAL_FOLLOWER.match(text, position) and len(before.split()) > 1
    if word in _NEVER or _INTRODUCING.search(before) or (word in _BEFORE_NUMBER and text[position].isdigit()):
        return False
    return bool(_STARTER.match(text, position)) if word in _SELDOM or _SPACED.search(before) else True


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if end > start:
        yield Span(start, end)
