"""What a sentence states that must be proven, figures and names, and which of it a quote holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.text.names import named_bodies, supports_name
from assistant.text.numbers import MONTHS, NUMBER_WORDS, figures, stated_values
from assistant.text.words import STOP_WORDS, fold, tokens
from assistant.types import Language

Fact = tuple[Literal["figure", "digits", "name", "word"], str]

_DIGITS = re.compile(r"[\d¼-¾⅐-⅞]+")
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
# Words that stand there without naming anything: abstract nouns and adverbs by their endings, the rest by list.
_COMMON: dict[Language, re.Pattern[str]] = {
    "de": re.compile(
        r".*(?:ung|heit|keit|schaft|tion|tät)(?:en)?$|.*(?:nis(?:se[ns]?)?|mente?[ns]?|lich|weise)$|ge\w+t$|"
        r"(?:abschnitte?n?|akteuren?|aktuell|anfang|angaben|ansicht|anzahl|außerdem|basis|bedarf|beginn|beide|beispielen?|betrag"
        r"|bezug|bisher|branchen|cluster|darüber|derzeit|dr|ebenfalls|ebenso|einige|ende|euro|fachkräften?|ferner|firmen|form"
        r"|für|geld|gemeinsam|gemäß|grund|hierfür|hierzu|hilfe|hinzu|hochschulen|höhe|innerhalb|jahre?[ns]?|jedoch|kapiteln?"
        r"|kliniken|laut|maßnahmen|mehrere|millione?n?|mitglied(?:er)?n?|mitte|monate?n?|namen|neue|partnern?|patienten"
        r"|personen|prof|projekte?n?|prozent|rahmen|seitdem|sitz|somit|sprecher|statt|summe|tabellen?|teil|themen|trotz"
        r"|unternehmen|vertretern?|weitere|weiterhin|ziele?n?|zudem|zuletzt|zunächst|zuvor)$",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r".*(?:ly|ing|ed|tions?|ments?|ness|ity|ities|ships?|day)$|"
        r"(?:additional|among|another|besides|companies|dr|english|euros?|european|examples?|figures?|further|furthermore"
        r"|german|goals?|members?|moreover|partners?|prof|sections?|several|since|speakers?|tables?|together|within)$",
        re.IGNORECASE,
    ),
}


def facts(sentence: str, language: Language) -> frozenset[Fact]:
    """The figures (in their one form), digits that make no figure ("ROR2"), named bodies and lone names of a sentence.

    Number words count from two on; "ein" and "one" are mostly articles and pronouns.
    """
    names = set(named_bodies(sentence))
    lone = set(_lone_names(sentence, language)) - {word for name in names for word in name.split()}
    spelled = {NUMBER_WORDS[word] for word in tokens(sentence) if word in NUMBER_WORDS}
    return frozenset[Fact](
        {("figure", figure.value) for figure in figures(sentence, language)}
        | {("digits", digits) for digits in _loose_digits(sentence, language)}
        | {("figure", str(number)) for number in spelled if number > 1}
        | {("name", name) for name in names}
        | {("word", word) for word in lone}
    )


def held(wanted: frozenset[Fact], language: Language, quote: str, quoted_language: Language) -> frozenset[Fact]:
    """Those facts of a sentence in `language` that a quote holds, in this or another notation.

    Lone names are not looked for across languages: a quote that says Sachsen holds Saxony.
    """
    stated, folded = stated_values(quote, quoted_language), fold(quote)
    digits = stated | set(_loose_digits(quote, quoted_language))
    return frozenset(
        (kind, value)
        for kind, value in wanted
        if (kind == "figure" and value in stated)
        or (kind == "digits" and value in digits)
        or (kind == "name" and supports_name(quote, value))
        or (kind == "word" and (language != quoted_language or fold(value)[:_COMMON_START] in folded))
    )


def _loose_digits(text: str, language: Language) -> Iterator[str]:
    """Digits that belong to no figure, such as those of names."""
    found = list(figures(text, language))
    for match in _DIGITS.finditer(text):
        if not any(figure.start <= match.start() < figure.end for figure in found):
            yield match.group()


def _lone_names(sentence: str, language: Language) -> Iterator[str]:
    """Single capitalised words that stand where names stand. German capitals alone say nothing: every noun has one."""
    for match in _LONE[language].finditer(sentence):
        word = match[1]
        if match.start(1) == 0 and not _OPENS_WITH_NAME.match(sentence):
            continue
        plain = word.casefold()
        if plain not in STOP_WORDS[language] and plain not in MONTHS and not _COMMON[language].match(word):
            yield word
