"""What a figure is a figure of: percent, a currency, a length of time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.text.numbers import figures, spelled_out
from assistant.types import Language

_UNITS = {
    "percent": r"%|prozent\w*|percent\w*|per cent",
    "euro": r"€|euros?|eur",
    "dollar": r"\$|us[- ]?\$|us[- ]dollars?|dollars?|usd",
    "franc": r"franken|francs?|chf",
    "hour": r"stunden?|hours?",
    "day": r"tage?n?|days?",
    "week": r"wochen?|weeks?",
    "month": r"monate?n?s?|months?",
    "year": r"jahre?[ns]?|years?",
    "gram": r"gramm|grams?|g",
    "kilogram": r"kilogramm|kilograms?|kg",
    "metre": r"meter|metres?|meters?",
    "kilometre": r"kilometer|kilometres?|kilometers?|km",
}
_UNIT = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _UNITS.items())
_BEHIND = re.compile(rf"[\s\u00a0-]{{0,2}}(?:{_UNIT})(?!\w)", re.IGNORECASE)
_BEFORE = re.compile(r"(?:(?P<euro>€|\beur)|(?P<dollar>\$|\busd)) ?$", re.IGNORECASE)
_ANYWHERE = re.compile(rf"(?<!\w)(?:{_UNIT})(?!\w)", re.IGNORECASE)


def measures(text: str, language: Language) -> Iterator[tuple[str, str | None]]:
    """Each figure or number word of a text with the unit that stands beside it."""
    for figure in (*figures(text, language), *spelled_out(text)):
        match = _BEHIND.match(text, figure.end) or _BEFORE.search(text[: figure.start])
        yield figure.value, match.lastgroup if match else None


def other_measure(sentence: str, language: Language, quote: str, quoted_language: Language) -> bool:
    """Whether a sentence gives a figure a unit that its quote gives to something else only."""
    stated: dict[str, set[str | None]] = {}
    for value, unit in measures(quote, quoted_language):
        stated.setdefault(value, set()).add(unit)
    named = {match.lastgroup for match in _ANYWHERE.finditer(quote)}
    return any(
        unit and value in stated and unit not in stated[value] and not (None in stated[value] and unit in named)
        for value, unit in measures(sentence, language)
    )
