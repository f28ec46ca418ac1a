"""The same figures written otherwise."""

from __future__ import annotations

import re

from assistant.types import Language

_WORDS: dict[Language, list[str]] = {
    "de": "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(),
    "en": "zero one two three four five six seven eight nine ten eleven twelve".split(),
}
_MONTHS: dict[Language, list[str]] = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
# A small number of things: no part of a date or a larger number, and no number by which something is called.
_COUNT = re.compile(
    r"(?<![\d.,/–-])(?<!Phase )(?<!phase )(?<!Platz )(?<!Ziel )(?<!goal )\b([2-9]|1[0-2]) (?=[a-zäöüA-ZÄÖÜ])"
    r"(?!Million|million|Mrd|Mio|[Bb]illion|Januar|Feb|M[äa]r|Apr|Ma[iy]|Jun|Jul|Aug|Sep|O[kc]t|Nov|De[zc])"
)
_SCALES: dict[Language, str] = {"de": r"Million(?:en)?|Milliarden?", "en": "million|billion"}


def renotated(text: str, language: Language) -> str:
    """Dates in digits, millions with their zeros or the other way round, thousands without a mark, small numbers in words."""
    month = "|".join(_MONTHS[language])
    if language == "de":
        text = re.sub(
            rf"(\d\d?)\. ({month}) (\d{{4}})", lambda m: f"{int(m[1]):02}.{_number(m[2], language):02}.{m[3]}", text
        )
    else:
        text = re.sub(rf"(\d\d?) ({month}) (\d{{4}})", lambda m: f"{m[2]} {m[1]}, {m[3]}", text)
    text = re.sub(rf"(\d+)(?:([.,])(\d+))? ({_SCALES[language]})", lambda m: _written_out(m, language), text)
    text = re.sub(r"(?<![\d.,])(\d{1,3})[.,](\d{3})(?![\d.,]*\d)(?! (?:Mi|mi|bi|%|Proz|perc))", r"\1\2", text)
    text = re.sub(r" (?:Prozent|percent)\b", " %", text)
    return _COUNT.sub(lambda m: f"{_WORDS[language][int(m[1])]} ", text)


def _number(month: str, language: Language) -> int:
    return _MONTHS[language].index(month) + 1


def _written_out(match: re.Match[str], language: Language) -> str:
    zeros = 9 if match[4][:3] in ("Mil", "bil") and not match[4].startswith("Million") else 6
    digits = match[1] + (match[3] or "").ljust(zeros, "0")
    return f"{int(digits):,}".replace(",", "." if language == "de" else ",")
