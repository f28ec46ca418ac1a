"""Figures in every notation, brought to one form, so that 1,5 Mio. = 1.5 million = 1500000 and 12.03.2024 = 12 March 2024."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

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
# Powers of ten. A German Billion is a thousand English ones.
_SCALES: dict[Language, dict[str, int]] = {
    "de": {"tsd": 3, "tausend": 3, "mio": 6, "million": 6, "millionen": 6, "mrd": 9, "milliarde": 9, "milliarden": 9}
    | {"billion": 12, "billionen": 12},
    "en": {"thousand": 3, "million": 6, "millions": 6, "m": 6, "billion": 9, "billions": 9, "bn": 9, "trillion": 12},
}
_UNITS = (
    "null ein|eins|eine|einen|einer zwei drei vier fünf|fuenf sechs sieben acht neun zehn elf zwölf|zwoelf dreizehn"
    " vierzehn fünfzehn|fuenfzehn sechzehn siebzehn achtzehn neunzehn",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen",
)
_TENS = (
    "zwanzig dreißig|dreissig vierzig fünfzig|fuenfzig sechzig siebzig achtzig neunzig",
    "twenty thirty forty fifty sixty seventy eighty ninety",
)


def _number_words() -> dict[str, int]:
    """0 to 99 in German, to 20 and the tens in English, whose other numbers are two words ("thirty-five")."""
    german, english = ({w: n for n, group in enumerate(words.split()) for w in group.split("|")} for words in _UNITS)
    tens = {word: 10 * n for words in _TENS for n, group in enumerate(words.split(), 2) for word in group.split("|")}
    below_ten = {word: n for word, n in german.items() if 0 < n < 10}
    compounds = {f"{unit}und{ten}": n + tens[ten] for unit, n in below_ten.items() for ten in tens}
    return german | english | tens | compounds


NUMBER_WORDS = _number_words()

_DAY, _MONTH_NUMBER, _YEAR = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "[0-9]{4}(?![0-9])"
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b(?:\.(?=\s*[0-9]))?"
_DATES = rf"""(?P<d1>{_DAY})\.\s?(?P<m1>{_MONTH_NUMBER})\.\s?(?P<y1>{_YEAR})                # 12.03.2024
      |(?P<y2>[0-9]{{4}})-(?P<m2>0[1-9]|1[0-2])-(?P<d2>[0-3][0-9])(?![0-9])                 # 2024-03-12
      |(?P<d3>{_DAY})(?:\.\s*|(?:st|nd|rd|th)?(?:\s+of)?\s+)(?P<m3>{_MONTH})(?:,?\s+(?P<y3>{_YEAR}))?
      |(?P<m5>{_MONTH})\s+(?P<y5>{_YEAR})"""
_MONTH_FIRST = rf"|(?P<m4>{_MONTH})\s+(?P<d4>{_DAY})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y4>{_YEAR}))?"  # March 12, 2024
# In German "im März 12 Partner" are twelve partners.
_DATE: dict[Language, re.Pattern[str]] = {
    "de": re.compile(rf"\b(?:{_DATES})", re.IGNORECASE | re.VERBOSE),
    "en": re.compile(rf"\b(?:{_DATES}{_MONTH_FIRST})", re.IGNORECASE | re.VERBOSE),
}
_ISO_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
_GROUPS = r"(?P<first>[1-9][0-9]{0,2})(?P<mark>[.,'’ \u00a0\u2009\u202f])(?P<groups>[0-9]{3}(?:(?P=mark)[0-9]{3})*)"
_NUMBER = re.compile(
    rf"(?<![^\W_])(?<![0-9][.,])(?:{_GROUPS}(?:(?!(?P=mark))[.,](?P<rest>[0-9]+))?"
    r"|(?P<whole>[0-9]+)(?:[.,](?P<decimals>[0-9]+))?)(?![0-9])"
    r"(?:[\s-]?(?P<scale>tsd|tausend|thousand|mio|millionen|millions?|mrd|milliarden?|billionen|billions?|trillion|bn)\b(?:(?<=tsd|mio|mrd)\.)?"
    r"|(?P<short>m)\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a text: its one form, and where it stands."""

    value: str  # "1500000", "36.9" or an ISO date, complete ("2024-03-12") or not ("2024-03", "--03-12")
    start: int
    end: int


def figures(text: str, language: Language) -> Iterator[Figure]:
    """Yield dates and numbers in order; German and English notation are told apart by shape, then by `language`."""
    taken = 0
    for match in sorted(
        [*_DATE[language].finditer(text), *_NUMBER.finditer(text)], key=lambda m: (m.start(), -m.end())
    ):
        if match.start() < taken:
            continue
        taken = match.end()
        value = _number(match, language) if match.re is _NUMBER else _date(match)
        yield Figure(value, match.start(), match.end())


def dates(text: str) -> Iterator[Figure]:
    """Yield the dates in order that have a year, in either language's notation; "2024-02-30" comes out as well."""
    for match in _DATE["en"].finditer(text):
        value = _date(match)
        if not value.startswith("-"):
            yield Figure(value, match.start(), match.end())


def first_day(date: str) -> datetime.date:
    """The first day of a date in ISO 8601 that may lack its day or its month: 2024-03-12, 2024-03 or 2024.

    Raises:
        ValueError: it is none.
    """
    if not _ISO_DATE.fullmatch(date):
        raise ValueError(f"{date} is no date like 2024-03-12, 2024-03 or 2024")
    return datetime.date.fromisoformat(date + "-01-01"[len(date) - 4 :])


def stated_values(text: str, language: Language) -> set[str]:
    """All values that `text` states, number words and the parts of dates included.

    What is in here supports a figure of an answer: "12. März 2024" also states 2024, 2024-03 and 12.
    """
    found = set()
    for figure in figures(text, language):
        found.add(figure.value)
        if "-" in figure.value:
            year, month, *day = figure.value.replace("--", "0-").split("-")
            found |= {f"--{month}-{d}" for d in day} | {d.lstrip("0") for d in day}
            found |= set() if year == "0" else {year, f"{year}-{month}"}
    return found | {figure.value for figure in spelled_out(text)}


_SPELLED = re.compile(
    r"(?P<first>[^\W\d_]+)(?:-(?P<second>[^\W\d_]+))?(?: (?P<scale>[Mm]illion(?:en)?|[Mm]illiarden?|[Bb]illion)\b)?"
)


def spelled_out(text: str) -> Iterator[Figure]:
    """Yield the number words in order, "thirty-five" and "nine million" as one; "ein" and "one" too, mostly articles."""
    for match in _SPELLED.finditer(text):
        first, second = match["first"].lower(), (match["second"] or "").lower()
        if (
            first in NUMBER_WORDS
            and second in NUMBER_WORDS
            and NUMBER_WORDS[first] % 10 == 0 < NUMBER_WORDS[second] < 10
        ):
            value, end = NUMBER_WORDS[first] + NUMBER_WORDS[second], match.end("second")
        elif first in NUMBER_WORDS:
            value, end = NUMBER_WORDS[first], match.end("first")
        elif second in NUMBER_WORDS:
            yield Figure(str(NUMBER_WORDS[second]), match.start("second"), match.end("second"))
            continue
        else:
            continue
        scale = (match["scale"] or "").lower()
        if scale and end + 1 == match.start("scale"):
            english = scale in _SCALES["en"] and (first in _ENGLISH or scale not in _SCALES["de"])
            value, end = value * 10 ** _SCALES["en" if english else "de"][scale], match.end("scale")
        yield Figure(str(value), match.start(), end)


_ENGLISH = frozenset(f"{_UNITS[1]} {_TENS[1]}".split())


def _date(match: re.Match[str]) -> str:
    groups = {key[0]: value for key, value in match.groupdict().items() if value}
    month = groups["m"].lower().rstrip(".")
    number = int(month) if month.isdigit() else MONTHS[month]
    day = f"-{int(groups['d']):02}" if "d" in groups else ""
    return f"{groups.get('y', '-')}-{number:02}{day}"


def _number(match: re.Match[str], language: Language) -> str:
    whole, decimals = match["whole"], match["decimals"] or ""
    if not whole:
        parts = [match["first"], *re.findall("[0-9]{3}", match["groups"])]
        # one group behind a point or comma is decimals where the language writes its decimals so
        if len(parts) == 2 and not match["rest"] and match["mark"] == ("," if language == "de" else "."):
            whole, decimals = parts
        else:
            whole, decimals = "".join(parts), match["rest"] or ""
    return _shifted(whole, decimals, _power(match, language))


def _power(match: re.Match[str], language: Language) -> int:
    scale = (match["scale"] or match["short"] or "").lower()
    other: Language = "en" if language == "de" else "de"
    return _SCALES[language].get(scale) or _SCALES[other].get(scale, 0)


def _shifted(whole: str, decimals: str, power: int) -> str:
    """A number times a power of ten, exactly and however long, without needless zeros."""
    decimals = decimals.ljust(power, "0")
    whole, decimals = (whole + decimals[:power]).lstrip("0") or "0", decimals[power:].rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole
