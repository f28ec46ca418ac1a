"""Figures in every notation, brought to one form, so that 1,5 Mio. = 1.5 million = 1500000 and 12.03.2024 = 12 March 2024."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assistant.types import Language

_MONTH_NAMES = {
    1: "januar january jan jän",
    2: "februar february feb",
    3: "märz maerz marz march mar mär mrz",
    4: "april apr",
    5: "mai may",
    6: "juni june jun",
    7: "juli july jul",
    8: "august aug",
    9: "september sept sep",
    10: "oktober october okt oct",
    11: "november nov",
    12: "dezember december dez dec",
}
MONTHS = {name: number for number, names in _MONTH_NAMES.items() for name in names.split()}
_SCALES = {
    "tsd": 10**3, "tausend": 10**3, "thousand": 10**3,
    "mio": 10**6, "million": 10**6, "millionen": 10**6, "millions": 10**6, "m": 10**6,
    "mrd": 10**9, "milliarde": 10**9, "milliarden": 10**9, "billion": 10**9, "billions": 10**9, "bn": 10**9,
}  # fmt: skip
_WORDS = {
    "de": "null ein|eins|eine|einen|einer zwei drei vier fünf|fuenf sechs sieben acht neun zehn elf zwölf|zwoelf",
    "en": "zero one two three four five six seven eight nine ten eleven twelve",
}
NUMBER_WORDS: dict[str, int] = {
    word: value for words in _WORDS.values() for value, group in enumerate(words.split()) for word in group.split("|")
}

_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_DATE = re.compile(
    rf"""\b(?:(?P<d1>\d{{1,2}})\.\s?(?P<m1>\d{{1,2}})\.\s?(?P<y1>\d{{4}})       # 12.03.2024
      |(?P<y2>\d{{4}})-(?P<m2>\d{{2}})-(?P<d2>\d{{2}})                          # 2024-03-12
      |(?P<d3>\d{{1,2}})(?:\.|st|nd|rd|th)?\s+(?P<m3>{_MONTH})(?:,?\s+(?P<y3>\d{{4}}))?  # 12. März 2024, 12 March
      |(?P<m4>{_MONTH})\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y4>\d{{4}}))?   # March 12, 2024
      |(?P<m5>{_MONTH})\s+(?P<y5>\d{{4}}))""",
    re.IGNORECASE | re.VERBOSE,
)
_SCALE = r"(?:\s?(?P<scale>tsd|tausend|thousand|mio|millionen|millions?|mrd|milliarden?|billions?|bn|m)\b\.?)?"
_NUMBER = re.compile(rf"(?<![\w.,])(?P<digits>\d+(?:[.,\u00a0\u202f' ]\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?![\d])(?=\D|$){_SCALE}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a text: its one form, and where it stands."""

    value: str  # "1500000", "36.9" or an ISO date, complete ("2024-03-12") or not ("2024-03", "--03-12")
    start: int
    end: int


def figures(text: str, language: Language) -> Iterator[Figure]:
    """Yield dates and numbers in order; German and English notation are told apart by shape, then by `language`."""
    taken = 0
    for match in sorted([*_DATE.finditer(text), *_NUMBER.finditer(text)], key=lambda m: (m.start(), -m.end())):
        if match.start() < taken:
            continue
        taken = match.end()
        value = _date(match) if match.re is _DATE else _number(match, language)
        yield Figure(value, match.start(), match.end())


def stated_values(text: str, language: Language) -> set[str]:
    """All values that `text` states, number words and the parts of dates included.

    What is in here supports a figure of an answer: "12. März 2024" also states 2024, 2024-03 and 12.
    """
    found = set()
    for figure in figures(text, language):
        found.add(figure.value)
        if "-" in figure.value:
            parts = figure.value.strip("-").split("-")
            found |= {part.lstrip("0") for part in parts} | {figure.value[:7], figure.value[:4]}
    return found | {str(NUMBER_WORDS[word]) for word in re.findall(r"\w+", text.lower()) if word in NUMBER_WORDS}


def _date(match: re.Match[str]) -> str:
    groups = {key[0]: value for key, value in match.groupdict().items() if value}
    month = groups["m"].lower().rstrip(".")
    number = int(month) if month.isdigit() else MONTHS[month]
    day = f"-{int(groups['d']):02}" if "d" in groups else ""
    return f"{groups.get('y', '-')}-{number:02}{day}"


def _number(match: re.Match[str], language: Language) -> str:
    digits = re.sub(r"[\u00a0\u202f' ]", "", match["digits"])
    value = Decimal(_plain(digits, language))
    if match["scale"]:
        value *= _SCALES[match["scale"].lower()]
    return format(value.normalize(), "f")


def _plain(digits: str, language: Language) -> str:
    """Digits with at most one decimal point."""
    if "." in digits and "," in digits:
        thousands = "." if digits.index(".") < digits.index(",") else ","
        return digits.replace(thousands, "").replace(",", ".")
    mark = "," if "," in digits else "."
    grouped = re.fullmatch(rf"[1-9]\d{{0,2}}(?:\{mark}\d{{3}})+", digits)
    if grouped and (digits.count(mark) > 1 or mark == ("." if language == "de" else ",")):
        return digits.replace(mark, "")
    return digits.replace(",", ".") if digits.count(mark) == 1 else digits.replace(mark, "")
