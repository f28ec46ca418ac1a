"""What a sentence states that must be proven, figures and names, and which of it a quote holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.text.names import named_bodies, supports_name
from assistant.text.numbers import MONTHS, NUMBER_WORDS, figures, stated_values
from assistant.text.words import STOP_WORDS, fold, tokens
from assistant.types import Language

Fact = tuple[Literal["figure", "name", "word"], str]

_COMMON_START = 5  # letters two forms of a word have in common: Leipzig, Leipziger

# Where a single capitalised word is a name: in English inside a sentence, in German without an article, and in both as
# the bare subject that opens a sentence.
_WORD = r"[A-ZÄÖÜ][\w’'-]*[a-zäöüß]\b"
_LONE: dict[Language, re.Pattern[str]] = {
    "de": re.compile(
        rf"(?:\b(?:von|bei|in|aus|nach|mit|durch|und|oder|sowie|an|wie|für|neben|gegen|über)\s+|,\s+|^)({_WORD})(?![\s-]+[A-ZÄÖÜ])"
    ),
    "en": re.compile(rf"(?:(?<=[\w,;)]\s)|^)({_WORD})(?![\s-]+[A-Z])"),
}
_OPENS_WITH_NAME = re.compile(rf"{_WORD}\s+[a-zäöüß]")
_COMMON: dict[Language, re.Pattern[str]] = {
    "de": re.compile(
        r".*(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|tät|täten|nis|nisse|nissen|ment|mente|lich|weise)$|"
        r"(?:ab|außer|bis|da|der|des|dies|drei|ein|her|hier|ins|jed|kein|mittler|nach|nun|seit|trotz|vor|wei|zu|zwei)\w*$|"
        r"(?:anfang|anzahl|basis|betrag|bezug|cluster|ende|euro|form|hilfe|höhe|jahre?n?|million|millionen|mitte|mitglied(?:er)?n?"
        r"|partnern?|personen|projekte?n?|prozent|rahmen|sitz|sprecher|summe|teil|unternehmen|ziele?n?)$",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r".*(?:ly|ing|ed|tion|tions|ment|ments|ness|ity|ities|ship|ships)$|"
        r"(?:additional|another|besides|each|english|euros?|european|furthermore|german|goals?|members?|moreover|partners?|several"
        r"|since|speakers?|today|\w+day)$",
        re.IGNORECASE,
    ),
}


def facts(sentence: str, language: Language) -> frozenset[Fact]:
    """The figures (in their one form), named bodies and lone names of a sentence.

    Number words count from two on; "ein" and "one" are mostly articles and pronouns.
    """
    spelled = {NUMBER_WORDS[word] for word in tokens(sentence) if word in NUMBER_WORDS}
    return frozenset[Fact](
        {("figure", figure.value) for figure in figures(sentence, language)}
        | {("figure", str(number)) for number in spelled if number > 1}
        | {("name", name) for name in named_bodies(sentence)}
        | {("word", word) for word in _lone_names(sentence, language)}
    )


def held(wanted: frozenset[Fact], language: Language, quote: str, quoted_language: Language) -> frozenset[Fact]:
    """Those facts of a sentence in `language` that a quote holds, in this or another notation.

    Lone names are not looked for across languages: a quote that says Sachsen holds Saxony.
    """
    stated, folded = stated_values(quote, quoted_language), fold(quote)
    return frozenset(
        (kind, value)
        for kind, value in wanted
        if (kind == "figure" and value in stated)
        or (kind == "name" and supports_name(quote, value))
        or (kind == "word" and (language != quoted_language or fold(value)[:_COMMON_START] in folded))
    )


def _lone_names(sentence: str, language: Language) -> Iterator[str]:
    """Single capitalised words that stand where names stand. German capitals alone say nothing: every noun has one."""
    for match in _LONE[language].finditer(sentence):
        word = match[1]
        if match.start(1) == 0 and not _OPENS_WITH_NAME.match(sentence):
            continue
        plain = word.casefold()
        if plain not in STOP_WORDS[language] and plain not in MONTHS and not _COMMON[language].match(word):
            yield word
