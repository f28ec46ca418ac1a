"""Sentences that state a contradiction, as the dossiers' editors mark them, and the values they set side by side."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.text.numbers import figures
from assistant.types import Language

_NOTE = re.compile(r"(?:Widerspruch|Contradiction)\s*:\s*")
_PLACE = re.compile(
    r"\b(?:Abschnitt(?:e[ns]?|s)?|Kapiteln?|Tabellen?|Abbildung(?:en)?|Sections?|Chapters?|Tables?|Figures?|Seiten?|pages?)\s+"
    r"(?:\d[\d.]*(?:,|\s+und|\s+and|\s+bis|\s+to)\s+)*$",
    re.IGNORECASE,
)
_TURNING = r"(?:dagegen|hingegen|jedoch|wohingegen|während|aber|sondern|whereas|while|but|however|by contrast)\b"
_TURN = re.compile(rf"\s{_TURNING}", re.IGNORECASE)
_OPENING_TURN = re.compile(rf"[\s,;]*(?:{_TURNING}[\s,:]*)?", re.IGNORECASE)
_ASIDE = re.compile(r"\([^)]*\)|\"[^\"]*\"|„[^“]*“")
_YEAR = re.compile(r"(?:19|20)\d\d")


def stated_disagreement(sentence: str, language: Language) -> tuple[str, tuple[str, ...]] | None:
    """What a note of contradiction is about and the values it names, as they are written; None for any other sentence.

    Two figures are the values where each side has one; else the values are the clauses set against each other.
    """
    note = _NOTE.match(sentence)
    if not note:
        return None
    statement = sentence[note.end() :].strip()
    sides = _sides(statement)
    if not sides:
        return None
    values = [_values(side, language) for side in sides]
    if len(sides) == 1:
        values = [{value: written} for value, written in values[0].items()]
    if len(values) == 2 and all(len(side) == 1 for side in values):
        (one, first), (other, second) = (*values[0].items(), *values[1].items())
        if one != other and _sort(one) == _sort(other):
            return statement, (first, second)
    return statement, (*sides[:-1], sides[-1].removesuffix("."))


def _sides(statement: str) -> list[str]:
    """The clauses that turn against each other; German may put the turning word inside its clause."""
    plain = _ASIDE.sub(lambda aside: "_" * len(aside[0]), statement)
    borders = {0, len(statement)}
    for turn in _TURN.finditer(plain):
        comma = max(plain.rfind(", ", 0, turn.start() + 1), plain.rfind("; ", 0, turn.start() + 1))
        borders.add(comma if comma > 0 else turn.start())
    ordered = sorted(borders)
    clauses = [statement[start:end] for start, end in pairwise(ordered)]
    return [side for clause in clauses if (side := _OPENING_TURN.sub("", clause, count=1).rstrip(" ,;"))]


def _values(side: str, language: Language) -> dict[str, str]:
    """The figures of a clause that are no places in a document, in their one form and as they are written."""
    return {
        figure.value: side[figure.start : figure.end].strip()
        for figure in figures(side, language)
        if not _PLACE.search(side[: figure.start])
    }


def _sort(value: str) -> str:
    """A date, a year and a number are not values of the same thing."""
    return "date" if "-" in value else "year" if _YEAR.fullmatch(value) else "number"
