"""The field's words in both languages, so that an English question reaches German text and the other way round."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from assistant.text.words import STOP_WORDS, stem, tokens
from assistant.types import Language

_FILE = Path(__file__).with_suffix(".txt")


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
def _lines() -> tuple[dict[Language, tuple[str, ...]], ...]:
    lines = (
        line for line in _FILE.read_text(encoding="utf-8").splitlines() if ":" in line and not line.startswith("#")
    )
    return tuple(
        {"en": _stems(english, "en"), "de": _stems(german, "de")}
        for english, german in (line.split(":") for line in lines)
    )


def _stems(side: str, language: Language) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stem(word, language) for word in tokens(side) if word not in STOP_WORDS[language]))
