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
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if ":" not in line or line.startswith("#"):
            continue
        sides: dict[Language, list[str]] = {}
        for language, side in zip(("en", "de"), line.split(":"), strict=True):
            sides[language] = [stem(word, language) for word in tokens(side) if word not in STOP_WORDS[language]]
        for word in sides[source]:
            found.setdefault(word, {}).update(dict.fromkeys(sides[into]))
    return {word: tuple(meanings) for word, meanings in found.items()}
