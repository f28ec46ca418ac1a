"""Which of the two languages a text is in."""

import re
from functools import lru_cache

from lingua import Language as Lingua
from lingua import LanguageDetector, LanguageDetectorBuilder

from assistant.text.words import STOP_WORDS, tokens
from assistant.types import Language

_UMLAUT = re.compile("[äöüß]", re.IGNORECASE)
_IN_BOTH = {"name", "list"}  # asking words of the one language that are nouns of the other
_ENOUGH = 6  # function words that a section in the other language must have


def detect_language(text: str) -> Language:
    """German or English; function words decide, then umlauts, and letter statistics only where both are silent.

    A short question is mostly names ("Wer ist Ezio Bonifacio?"), and statistics take the names' language for the text's.
    """
    german, english = _function_words(text)
    if german != english:
        return "de" if german > english else "en"
    if _UMLAUT.search(text):
        return "de"
    return "de" if _detector().detect_language_of(text) == Lingua.GERMAN else "en"


def section_language(text: str, usual: Language) -> Language:
    """The language of a part of a document; the document's `usual` one unless the function words clearly say otherwise."""
    german, english = _function_words(text)
    own, other = (german, english) if usual == "de" else (english, german)
    return usual if other < _ENOUGH or other < 3 * own else "en" if usual == "de" else "de"


def _function_words(text: str) -> tuple[int, int]:
    """How many words only German and only English has."""
    words = [word for word in tokens(text) if word not in _IN_BOTH]
    only_german, only_english = STOP_WORDS["de"] - STOP_WORDS["en"], STOP_WORDS["en"] - STOP_WORDS["de"]
    return sum(word in only_german for word in words), sum(word in only_english for word in words)


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(Lingua.GERMAN, Lingua.ENGLISH).build()
