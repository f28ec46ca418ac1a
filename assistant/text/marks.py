"""Names and figures of a text, each with its place among the words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.text.abbreviations import LongForms
from assistant.text.facts import names_in
from assistant.text.numbers import figures, spelled_out
from assistant.text.topics import is_common
from assistant.text.words import STOP_WORDS, fold, stem
from assistant.types import Language

_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PERSON = re.compile(
    r"^(?:\S+\. ?)*[A-ZÄÖÜ][a-zäöüßéí]+ (?:von |van |de )?[A-ZÄÖÜ][a-zäöüßéí]+(?:-[A-ZÄÖÜ][a-zäöüßéí]+)?$"
)
Sort = Literal["name", "date", "number"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A name or a figure, by the first and last word of its place."""

    sort: Sort
    key: frozenset[str]  # folded words of a name, or a figure's one form
    first: int
    last: int
    written: str
    person: bool = False  # it looks like a person's name


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a text, as written and as compared, and its marks."""

    written: tuple[str, ...]
    words: tuple[str, ...]  # stems; empty for stop words
    marks: tuple[Mark, ...]

    def before(self, mark: Mark) -> str:
        """The word in front of a mark."""
        return self.written[mark.first - 1] if mark.first else ""


@lru_cache(maxsize=4_096)
def read_marks(text: str, language: Language, long_forms: LongForms) -> Reading:
    """The words of a text and its marks; a name within a longer one is no mark of its own."""
    matches = list(_WORD.finditer(text))
    starts = {match.start(): place for place, match in enumerate(matches)}
    words = [_stemmed(match.group(), language) for match in matches]
    marks: list[Mark] = []
    for start, end, sort, key in _found(text, language, long_forms):
        inside = [place for at, place in starts.items() if start <= at < end]
        if inside:
            person = sort == "name" and bool(_PERSON.search(text[start:end]))
            marks.append(Mark(sort, key, min(inside), max(inside), text[start:end], person))
    marks = [mark for mark in dict.fromkeys(marks) if not any(_inside(mark, other) for other in marks)]
    return Reading(tuple(match.group().casefold() for match in matches), tuple(words), tuple(marks))


def _inside(mark: Mark, other: Mark) -> bool:
    """Whether a mark is a part of a longer one."""
    return (
        other.first <= mark.first and mark.last <= other.last and (mark.first, mark.last) != (other.first, other.last)
    )


def _stemmed(word: str, language: Language) -> str:
    plain = word.casefold()
    return "" if plain in STOP_WORDS[language] else stem(plain, language)


def _found(text: str, language: Language, long_forms: LongForms) -> Iterator[tuple[int, int, Sort, frozenset[str]]]:
    taken = []
    for figure in figures(text, language):
        taken.append((figure.start, figure.end))
        dated = "-" in figure.value or _YEAR.fullmatch(text[figure.start : figure.end])
        yield figure.start, figure.end, "date" if dated else "number", frozenset({figure.value})
    for figure in spelled_out(text):
        if int(figure.value) > 1 and not any(start <= figure.start < end for start, end in taken):
            yield figure.start, figure.end, "number", frozenset({figure.value})
    for start, end in names_in(text, language, long_forms):
        if not all(is_common(word) for word in _WORD.findall(text[start:end])):
            yield start, end, "name", _name_key(text[start:end], long_forms)


def _name_key(name: str, long_forms: LongForms) -> frozenset[str]:
    for short, long in long_forms:
        if long and name == short:
            return frozenset(_WORD.findall(fold(long)))
    return frozenset(word for word in _WORD.findall(fold(name)) if len(word) > 1)
