"""Numbers and dates of cells as a spreadsheet shows them, without the noise of binary fractions."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from assistant.types import Language

Value = str | bool | int | float | datetime.datetime | datetime.date | datetime.time | datetime.timedelta | None
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].')
_KEPT = 0x100000  # characters that stand for literals while a format is read
_DIGITS = re.compile(r"[#0?](?:[#0?,]*[#0?])?(?:\.([#0?]*))?")
_LEAST, _MOST = Decimal("1e-12"), Decimal("1e21")


def shown(value: Value, number_format: str, language: Language) -> str:
    """A cell's value in words."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return {"de": ("FALSCH", "WAHR"), "en": ("FALSE", "TRUE")}[language][value]
    if isinstance(value, int | float):
        return _number(value, number_format, language)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    return str(value)


@dataclass(frozen=True, slots=True)
class _Format:
    """What a number format does: most and least decimals (None: as many as there are), a factor, words around."""

    most: int | None
    least: int
    factor: int
    before: str
    behind: str


@lru_cache(maxsize=1000)
def _format(number_format: str) -> _Format:
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or match[3] or "")
        return chr(_KEPT + len(literals) - 1)

    pattern = _LITERAL.sub(keep, number_format.split(";")[0][:200])
    figure = _DIGITS.search(pattern)
    factor = 100 if "%" in pattern else 1
    # a comma at the end divides by a thousand, E and / are other notations: there the value itself is clearer
    if not figure or re.search(r"[E/@]|[#0?],+(?![#0?,])", pattern):
        return _Format(None, 0, factor, "", "%" if factor > 1 else "")
    decimals = figure[1] or ""
    parts = ["".join(literals[ord(c) - _KEPT] if ord(c) >= _KEPT else c for c in part)
             for part in (pattern[: figure.start()], pattern[figure.end() :])]  # fmt: skip
    return _Format(len(decimals), decimals.count("0"), factor, *parts)


def _number(number: float, number_format: str, language: Language) -> str:
    form = _format(number_format)
    if isinstance(number, int) and not form.most and form.factor == 1:
        digits = str(number)
    else:
        exact = Decimal(f"{number:.15g}") * form.factor
        if not exact.is_finite():
            return ""
        digits = _plain(exact) if form.most is None else _rounded(exact, form.most, form.least)
        digits = digits.replace(".", ",") if language == "de" else digits
    behind = form.behind.replace("%", " %") if language == "de" else form.behind
    return " ".join(f"{form.before}{digits}{behind}".split())


def _rounded(number: Decimal, most: int, least: int) -> str:
    if most > 15 or not _LEAST < abs(number) < _MOST:
        return _plain(number)
    words = f"{number.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP, Context(prec=60)):f}"
    whole, _, decimals = words.partition(".")
    decimals = decimals[:least] + decimals[least:].rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def _plain(number: Decimal) -> str:
    if number and not _LEAST < abs(number) < _MOST:
        return f"{number:.15g}"
    words = f"{number:f}"
    return words.rstrip("0").rstrip(".") if "." in words else words
