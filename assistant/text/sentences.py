"""Where sentences end: German and English, spans only, no character lost.

Written here because the general splitters tried (syntok 1.4) cut "e. V.", "12. September" and "1. Vorsitzender" in two,
and a citation must not end in the middle of a date or a name.
"""

import re
from collections.abc import Iterator

from assistant.types import Span

# A full stop after these never ends a sentence (compared in lower case, without the stop).
_NEVER = frozenset(
    """abb abs abt allg anh apl art aufl bd bspw bzgl bzw ca co dipl dr ebd ehem einschl engl etc-und evtl exkl ff fig
    fr ggf gegr hon hr hrsg inkl ing insb insbes jr kap lt max med mind min mio mrd mr mrs ms nat no nr op phil pp prof
    rd resp rer s-bahn sect sog st std stellv str tab sept okt oct aug feb jan dez dec nov apr tel univ vgl vol vs z zzgl eg ie approx incl esp dept""".split()
)
# Abbreviations of several letters with stops between them; matched as a whole in front of the stop.
_SPACED = re.compile(
    r"(?:\b(?:[ezuisdovm]\.\s?(?:[vbahdegäm]|kfr)|i\.\s?d\.\s?r|u\.\s?v\.\s?m|e\.\s?g|i\.\s?e|p\.\s?a|a\.\s?d|u\.\s?s))$",
    re.IGNORECASE,
)
_MONTHS = (
    r"(?:Jan|Feb|Mär|Mar|Mrz|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec)[a-zäöü]*\b"
)
_STOP = re.compile(r"[.!?…]+[\"'“”»«’)\]]*(?=\s)")
_ORDINAL_FOLLOWERS = re.compile(
    rf"\s+(?:{_MONTHS}|[a-zäöüß]|Vorsitz|Quartal|Jahrhundert|Phase|Halbjahr|Stellv|Platz|Auflage|Preis|Ausgabe)"
)


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
    following = text[stop.end() : end].lstrip()
    if not following:
        return True
    if following[0].islower():
        return False
    if stop.group()[0] != ".":
        return True
    before = text[begin : stop.start()]
    word = re.split(r"[\s(„“\"/]", before)[-1]
    if word.isdigit() and len(word) <= 2:  # "12. September", "1. Vorsitzender", but "… waren es 36. Davon …"
        return not _ORDINAL_FOLLOWERS.match(text, stop.end()) and len(before.split()) > 1
    if word.lower().rstrip(".") in _NEVER:
        return False
    if _SPACED.search(before[-12:]):
        # "e. V." closes a sentence only before a word that begins one in most texts
        return bool(re.match(r"(?:Im|In|Der|Die|Das|Es|Am|Zu|Er|Sie|The|It|In|At|Its|Their|Mit|Von|Für)\b", following))
    return not (len(word) == 1 and word.isalpha())  # initials: "U. Köhl"


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if end > start:
        yield Span(start, end)
