"""The patterns of statements, out of their data file: parts filled in and compiled."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.types import Language

NUMBER, DATE = "\ue000", "\ue001"  # what figures are masked with, character by character
_FILE = Path(__file__).with_name("statements.toml")
_PART = re.compile(r"(?<!\?P)<(?P<name>[a-z]+)(?::(?P<group>[a-z]+))?>")
_VALUES = frozenset({"number", "date", "money", "share", "place", "person", "persons"})


@dataclass(frozen=True, slots=True)
class Form:
    """One way a kind of fact is worded in a language."""

    kind: str
    attribute: str
    measure: str  # the part that is the value: number, date, money …
    match: re.Pattern[str]
    context: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    has_slots: bool
    has_subject: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column that holds a kind of fact."""

    kind: str
    attribute: str
    measure: str
    heading: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """The words by which a question asks for a kind of fact."""

    kind: str
    attribute: str
    match: re.Pattern[str]
    beside: bool  # only where several bodies are asked about


@dataclass(frozen=True, slots=True)
class Slots:
    """What stands beside a value."""

    giver: re.Pattern[str]
    period: re.Pattern[str]
    year: re.Pattern[str]


@lru_cache(maxsize=1)
def statement_file() -> dict[str, Any]:
    """The data file as it is."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def kinds() -> tuple[str, ...]:
    """All kinds of facts, in the order of the file."""
    data = statement_file()
    return tuple(dict.fromkeys(entry["kind"] for part in ("statement", "quantity", "column") for entry in data[part]))


@lru_cache(maxsize=2)
def forms(language: Language) -> tuple[Form, ...]:
    """All ways of a language, in the order of the file."""
    found = []
    for entry in statement_file()["quantity"]:
        found.append(_form(entry, f"<number> (?:<adjective>)?(?:{entry[language]})\\b", language))
    for entry in statement_file()["statement"]:
        found += [_form(entry, way, language) for way in entry[language]]
    return tuple(found)


@lru_cache(maxsize=1)
def columns() -> tuple[Column, ...]:
    """The columns of tables, of either language."""
    listed = [
        Column(entry["kind"], "", entry["value"], re.compile(entry["heading"], re.IGNORECASE))
        for entry in statement_file()["column"]
    ]
    counted = [
        Column(entry["kind"], entry["attribute"], "number", re.compile(f"^(?:{entry['de']}|{entry['en']})$"))
        for entry in statement_file()["quantity"]
        if "\ue000" not in entry["de"] and "<" not in entry["de"]
    ]
    return tuple(listed + counted)


@lru_cache(maxsize=2)
def asked(language: Language) -> tuple[Asked, ...]:
    """What questions of a language ask for, in the order of the file."""
    return tuple(
        Asked(
            entry["kind"],
            entry.get("attribute", ""),
            re.compile(entry[language], re.IGNORECASE),
            entry.get("beside", False),
        )
        for entry in statement_file()["asked"]
    )


@lru_cache(maxsize=2)
def hints(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Kinds of fact with the words of a language by which a question may be after one."""
    return tuple((e["kind"], re.compile(e[language], re.IGNORECASE)) for e in statement_file()["hint"])


@lru_cache(maxsize=2)
def slots(language: Language) -> Slots:
    """What is looked for beside a value."""
    entry = statement_file()["slots"][language]
    return Slots(*(re.compile(entry[name]) for name in ("giver", "period", "year")))


@lru_cache(maxsize=1)
def remark() -> re.Pattern[str]:
    """How a remark on the text itself begins."""
    return re.compile(statement_file()["names"]["remark"])


def value_pattern(measure: str) -> re.Pattern[str]:
    """What finds a value of a measure in a masked text."""
    return re.compile(_filled(f"<{measure}>", "de"))


def _form(entry: dict[str, Any], way: str, language: Language) -> Form:
    measure = next(part["name"] for part in _PART.finditer(way) if part["name"] in _VALUES and not part["group"])
    context, unless = (re.compile(entry[key]) if key in entry else None for key in ("context", "unless"))
    match = re.compile(_filled(way, language))
    return Form(
        entry["kind"],
        entry.get("attribute", ""),
        measure,
        match,
        context,
        unless,
        entry.get("slots", False),
        "subject" not in entry,
    )


def _filled(way: str, language: Language, *, inner: bool = False) -> str:
    parts: dict[str, str] = {**statement_file()["parts"], "role": statement_file()["roles"][language]}

    def filled(part: re.Match[str]) -> str:
        name, group = part["name"], part["group"]
        pattern = _filled(parts[name], language, inner=True)
        if group or (name in _VALUES and not inner):
            return f"(?P<{group or 'value'}>{pattern})"
        return f"(?:{pattern})"

    return _PART.sub(filled, way)
