"""Abbreviations that a text explains itself: "Zell- und Gentherapeutika (ZGT)".

The matching of letters is that of Schwartz and Hearst (2003): backwards, each letter of the short form in the long one,
the first letter at the beginning of a word.
"""

from __future__ import annotations

import re

_IN_BRACKETS = re.compile(r"\(([A-ZÄÖÜ][\w&.+-]{1,9})\)")
_BREAK = re.compile(r"[().,;:!?„“\"]")
_WINDOW = 150  # characters
_MOST_WORDS = 10
_LONGEST_EXTRA = 5  # words a long form may have beyond the letters of the short one


def explained_abbreviations(text: str) -> dict[str, str]:
    """Short forms with the long form in front of their first mention in brackets."""
    found: dict[str, str] = {}
    for match in _IN_BRACKETS.finditer(text):
        short = match.group(1)
        if sum(c.isupper() for c in short) < 2:
            continue
        long = _long_form(short, _words_before(text, match.start()))
        if long:
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
