"""Abbreviations that a text explains itself: "Zell- und Gentherapeutika (ZGT)".

The matching of letters is that of Schwartz and Hearst (2003): backwards, each letter of the short form in the long one,
the first letter at the beginning of a word.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.text.words import fold

_IN_BRACKETS = re.compile(r"\(([A-ZÄÖÜ][\w&.+-]{1,9})\)")
_BEFORE_BRACKETS = re.compile(r"(?<![\w-])([A-ZÄÖÜ][\w&.+-]{1,9}) \(([^()]{5,80})\)")
_BREAK = re.compile(r"[().,;:!?„“\"]")
_WINDOW = 150  # characters
_MOST_WORDS = 10
_LONGEST_EXTRA = 5  # words a long form may have beyond the letters of the short one


def explained_abbreviations(text: str) -> dict[str, str]:
    """Short forms with the long form in front of their first mention in brackets, or in brackets behind it."""
    found: dict[str, str] = {}
    for match in _IN_BRACKETS.finditer(text):
        short = match.group(1)
        if sum(c.isupper() for c in short) < 2:
            continue
        long = _long_form(short, _words_before(text, match.start()))
        if long:
            found.setdefault(short, long)
    for match in _BEFORE_BRACKETS.finditer(text):  # "ZGT (Zell- und Gentherapeutika)"
        short, long = match.groups()
        if sum(c.isupper() for c in short) > 1 and _long_form(short, long) == long:
            found.setdefault(short, long)
    return found


def _words_before(text: str, end: int) -> str:
    """Up to the last ten words of the clause that ends at a character."""
    clause = _BREAK.split(text[max(0, end - _WINDOW) : end])[-1]
    return " ".join(clause.split()[-_MOST_WORDS:])


def _long_form(short: str, before: str) -> str | None:
    letters = [c.lower() for c in short if c.isalnum()]
    position = len(before)
    for index, letter in enumerate(reversed(letters)):
        first = index == len(letters) - 1
        position -= 1
        while position >= 0 and not (
            before[position].lower() == letter and (not first or position == 0 or not before[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
    long = before[position:].strip()
    return long if 2 <= len(long.replace("-", " ").split()) <= len(letters) + _LONGEST_EXTRA else None


LongForms = tuple[tuple[str, str], ...]
"""Short forms, each with a long one, as documents explain them; a short one may have several, a mere name has none ("")."""


@lru_cache(maxsize=4_096)
def with_other_forms(text: str, long_forms: LongForms) -> str:
    """A text and behind it the long forms of the short ones in it, and the other way round."""
    folded = fold(text)
    others: dict[str, None] = {}
    for short, long in long_forms:
        if not long:
            continue
        if short in text and _written(short).search(text):
            others[long] = None
        elif fold(long[:_BEGINNING]) in folded and _inflected(long).search(folded):
            others[short] = None
    return f"{text} ({', '.join(others)})" if others else text


def known_names(text: str, long_forms: LongForms) -> list[str]:
    """The names without a long form that a text has, as they are written."""
    pattern = _names(long_forms)
    return pattern.findall(text) if pattern else []


@lru_cache(maxsize=64)
def _names(long_forms: LongForms) -> re.Pattern[str] | None:
    names = sorted((re.escape(short) for short, long in long_forms if not long), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(names)})(?![\w-])") if names else None


_BEGINNING = 4  # letters, to look for a long form only where it can be


@lru_cache(maxsize=4_096)
def _written(short: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(short)}s?(?!\w)")


@lru_cache(maxsize=4_096)
def _inflected(long: str) -> re.Pattern[str]:
    """What finds a long form in folded text, whatever its words end with."""
    words = re.findall(r"\w+", fold(long))
    return re.compile(
        r"\W+".join(rf"\b{re.escape(word[:-2] if len(word) > _BEGINNING else word)}\w{{0,4}}" for word in words)
    )
