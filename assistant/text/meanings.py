"""Which words mean the same: stems, the field's synonyms and translations, parts of compounds."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import lru_cache

from assistant.text.glossary import synonyms, translations
from assistant.text.words import STOP_WORDS, index_terms, stem
from assistant.types import Language

_BEGINNING = 6  # letters that two forms of a word have in common: Mitgliederzahl, Mitglieder


@lru_cache(maxsize=8_192)
def meanings(term: str, language: Language, into: Language) -> frozenset[str]:
    """A stem and the stems of a language that may stand for it."""
    others = synonyms(language) if language == into else translations(into)
    return frozenset((term, *others.get(term, ())))


def same_word(term: str, other: str, language: Language, into: Language) -> bool:
    """Whether a stem of one language may mean a stem of another or of the same."""
    if other in meanings(term, language, into):
        return True
    return len(term) >= _BEGINNING <= len(other) and term[:_BEGINNING] == other[:_BEGINNING]


@lru_cache(maxsize=8_192)
def content(text: str, language: Language) -> frozenset[str]:
    """The stems of a text that are no stop words."""
    return frozenset(index_terms(text, language)) - _stops(language)


def shared(words: AbstractSet[str], language: Language, text: str, into: Language) -> frozenset[str]:
    """Those stems of a sentence that a text holds, in these or other words."""
    others, beginnings = _index(text, into)
    return frozenset(
        word
        for word in words
        if (len(word) >= _BEGINNING and word[:_BEGINNING] in beginnings)
        or not others.isdisjoint(meanings(word, language, into))
    )


@lru_cache(maxsize=8_192)
def _index(text: str, language: Language) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of a text, and how the long ones begin."""
    found = content(text, language)
    return found, frozenset(term[:_BEGINNING] for term in found if len(term) >= _BEGINNING)


@lru_cache(maxsize=2)
def _stops(language: Language) -> frozenset[str]:
    return frozenset(stem(word, language) for word in STOP_WORDS[language])
