"""Which of the two languages a text is in."""

from functools import lru_cache

from lingua import Language as Lingua
from lingua import LanguageDetector, LanguageDetectorBuilder

from assistant.text.words import STOP_WORDS, tokens
from assistant.types import Language


def detect_language(text: str) -> Language:
    """German or English; function words decide, letter statistics only where they are silent.

    A short question is mostly names ("Wer ist Ezio Bonifacio?"), and statistics take the names' language for the text's.
    """
    words = tokens(text)
    only_german, only_english = STOP_WORDS["de"] - STOP_WORDS["en"], STOP_WORDS["en"] - STOP_WORDS["de"]
    german, english = (sum(word in stops for word in words) for stops in (only_german, only_english))
    if german != english:
        return "de" if german > english else "en"
    return "de" if _detector().detect_language_of(text) == Lingua.GERMAN else "en"


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(Lingua.GERMAN, Lingua.ENGLISH).build()
