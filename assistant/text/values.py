"""Values in sentences that can be set side by side: how many of what, from when to when, which phase of a study."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from assistant.text.numbers import NUMBER_WORDS, Figure, figures
from assistant.text.words import STOP_WORDS, stem, tokens
from assistant.types import Language

Sort = Literal["count", "period", "phase"]

_ROUND = re.compile(
    r"(?:rund|circa|ca\.?|etwa|ungefähr|über|mehr als|fast|knapp|bis zu|mindestens|about|around|roughly|approximately|over"
    r"|more than|nearly|almost|up to|at least|some|~|>|<)\s*$",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:davon|darunter|hiervon|jeweils|je|of which|of these|of them|including|each|pro|per)\b", re.IGNORECASE
)
_PLANNED = re.compile(
    r"\b(?:soll(?:en)?|will|wollen|ziel\w*|plan\w*|geplant\w*|künftig\w*|wants?|aims?|targets?|goals?|planned|intends?|expects?"
    r"|by 20\d\d|bis 20\d\d)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BETWEEN = re.compile(r"\s*(?:bis(?: zum| Ende)?|to|until|through|[-–—])\s*", re.IGNORECASE)
_PHASE = re.compile(
    r"\b[Pp]hase\s+(?P<phase>[IVX]+(?:\s?(?:/|-|und|and)\s?[IVX]+)*)\b|\b(?P<german>[IVX]+(?:/[IVX]+)?)-Studie\b"
)
_PARTICIPLE = re.compile(r"(?:\w*ge\w+(?:en|te)[nrsm]?|insgesamt|total|\w+ed|incoming)$")
_WORD = re.compile(r"[^\W\d_](?:[\w-]*[^\W_])?")
_MODIFIERS = 3  # words between a number and what is counted
_FAR = 80  # characters


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a sentence: as compared, as written, and what it is a value of."""

    sort: Sort
    value: str
    written: str
    thing: str  # stem of what is counted; for a period its first month
    narrowing: frozenset[str] = frozenset()  # stems of the words between a number and what it counts: "9 new partners"
    rounded: bool = False
    planned: bool = False
    years: frozenset[str] = frozenset()


def values(sentence: str, language: Language) -> Iterator[Value]:
    """Yield what a sentence states; parts of a whole are left out."""
    planned = bool(_PLANNED.search(sentence))
    years = frozenset(_YEAR.findall(sentence))
    yield from _periods(sentence, language)
    for phase in _PHASE.finditer(sentence):
        written = phase["phase"] or phase["german"]
        yield Value("phase", re.sub(r"\s?(?:/|-|und|and)\s?", "/", written), phase.group(), "phase", planned=planned)
    if _PART.search(sentence):
        return
    for start, end, value in _numbers(sentence, language):
        thing, narrowing = _counted(sentence[end:], language)
        if thing:
            rounded = bool(_ROUND.search(sentence[:start]))
            yield Value("count", value, sentence[start:end].strip(), thing, narrowing, rounded, planned, years)


def differ(one: Value, other: Value) -> bool:
    """Whether two values of the same thing exclude each other; not so where one may be the other rounded."""
    if one.sort != other.sort or one.thing != other.thing or one.value == other.value or one.planned != other.planned:
        return False
    if one.sort != "count":
        return True
    return not (
        one.rounded or other.rounded or _rounds_to(one.value, other.value) or _rounds_to(other.value, one.value)
    )


def _rounds_to(exact: str, rounded: str) -> bool:
    """Whether a number with its last digits made zero gives the other: 49900 gives 50000, and 36 gives 40."""
    digits = rounded.split(".")[0]
    step = 10 ** (len(digits) - len(digits.rstrip("0")))
    decimals = len(rounded.partition(".")[2])
    unit = Fraction(step) if not decimals else Fraction(1, 10**decimals)
    return (
        abs(Fraction(exact) - Fraction(rounded)) <= unit / 2
        if step > 1 or decimals
        else round(Fraction(exact)) == int(digits)
    )


def _numbers(sentence: str, language: Language) -> Iterator[tuple[int, int, str]]:
    found = list(figures(sentence, language))
    for figure in found:
        written = sentence[figure.start : figure.end]
        if "-" not in figure.value and not _YEAR.fullmatch(written):
            yield figure.start, figure.end, figure.value
    for word in _WORD.finditer(sentence):
        number = NUMBER_WORDS.get(word.group().casefold(), 0)
        if number > 1 and not any(f.start <= word.start() < f.end for f in found):
            yield word.start(), word.end(), str(number)


def _counted(after: str, language: Language) -> tuple[str, frozenset[str]]:
    """The stem of what a number counts, German a noun and English the last of the words after it, and what narrows it."""
    words: list[str] = []
    ended = 0
    for word in _WORD.finditer(after[:_FAR]):
        gap = after[ended : word.start()]
        if not gap.isspace() or word.group().casefold() in STOP_WORDS[language] or len(words) > _MODIFIERS:
            break
        words.append(word.group())
        ended = word.end()
        if language == "de" and word.group()[0].isupper():
            break
    while words and _PARTICIPLE.match(words[-1]):
        words.pop()
    if not words or (language == "de" and not words[-1][0].isupper()):
        return "", frozenset()
    narrowing = [word for word in words[:-1] if not _PARTICIPLE.match(word)]
    return stem(tokens(words[-1])[-1], language), frozenset(
        stem(part, language) for word in narrowing for part in tokens(word)
    )


def _periods(sentence: str, language: Language) -> Iterator[Value]:
    """From a month to a month; a sentence with just two months states a period too ("began in … and ended in …")."""
    months = [f for f in figures(sentence, language) if re.fullmatch(r"\d{4}-\d\d(?:-\d\d)?", f.value)]
    pairs = [(a, b) for a, b in pairwise(months) if _BETWEEN.fullmatch(sentence[a.end : b.start])]
    if not pairs and len(months) == 2 and months[0].value < months[1].value:
        pairs = [(months[0], months[1])]
    for first, last in pairs:
        yield Value("period", last.value[:7], _written(sentence, first, last), first.value[:7])


def _written(sentence: str, first: Figure, last: Figure) -> str:
    """The period where it stands in one piece, else its end."""
    whole = sentence[first.start : last.end]
    return whole if _BETWEEN.fullmatch(sentence[first.end : last.start]) else sentence[last.start : last.end]
