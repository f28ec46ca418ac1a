"""The field's words in both languages, so that an English question reaches German text and the other way round."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from assistant.text.words import STOP_WORDS, stem, tokens
from assistant.types import Language

_FILE = Path(__file__).with_suffix(".txt")
_PLACES = "# places"  # the line behind which the glossary names places


@lru_cache(maxsize=2)
def translations(into: Language) -> dict[str, tuple[str, ...]]:
    """Stems of the other language, each with the stems of `into` that it may stand for."""
    source: Language = "en" if into == "de" else "de"
    found: dict[str, dict[str, None]] = {}
    for sides in _lines():
        for word in sides[source]:
            found.setdefault(word, {}).update(dict.fromkeys(sides[into]))
    return {word: tuple(meanings) for word, meanings in found.items()}


@lru_cache(maxsize=2)
def synonyms(language: Language) -> dict[str, tuple[str, ...]]:
    """Stems of a language, each with the other words of its side of a line."""
    found: dict[str, dict[str, None]] = {}
    for sides in _lines():
        for word in sides[language]:
            found.setdefault(word, {}).update(dict.fromkeys(other for other in sides[language] if other != word))
    return {word: tuple(others) for word, others in found.items()}


@lru_cache(maxsize=1)
def places() -> frozenset[str]:
    """The stems of both languages that name a place, or a part of its name."""
    lines = [line.split(":") for line in _place_lines()]
    return frozenset(stem for english, german in lines for stem in (*_stems(english, "en"), *_stems(german, "de")))


@lru_cache(maxsize=2)
def place_names(source: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Places whose name has several words in a language, each with its name in the other one."""
    found = []
    for line in _place_lines():
        english, german = line.split(":")
        here, there = (english, german) if source == "en" else (german, english)
        found += [
            (re.compile(rf"\b{name.replace('_', ' ')}\b", re.IGNORECASE), there.split()[0].replace("_", " "))
            for name in here.split()
            if "_" in name
        ]
    return tuple(found)


def _place_lines() -> list[str]:
    _, named = _FILE.read_text(encoding="utf-8").split(_PLACES)
    return [line for line in named.splitlines() if ":" in line]


@lru_cache(maxsize=1)
def _lines() -> tuple[dict[Language, tuple[str, ...]], ...]:
    lines = (
        line for line in _FILE.read_text(encoding="utf-8").splitlines() if ":" in line and not line.startswith("#")
    )
    return tuple(
        {"en": _stems(english, "en"), "de": _stems(german, "de")}
        for english, german in (line.split(":") for line in lines)
    )


def _stems(side: str, language: Language) -> tuple[str, ...]:
    words = (word for word in side.split() if "_" not in word)  # names of several words are no words
    return tuple(dict.fromkeys(stem(w, language) for w in tokens(" ".join(words)) if w not in STOP_WORDS[language]))
