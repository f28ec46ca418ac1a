"""What a sentence states that must be proven, figures and names, and which of it a quote holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.text.abbreviations import LongForms, known_names, with_other_forms
from assistant.text.meanings import shared
from assistant.text.names import named_bodies, subjects, supports_name
from assistant.text.numbers import MONTHS, figures, spelled_out, stated_values
from assistant.text.topics import is_common
from assistant.text.words import STOP_WORDS, fold, stem
from assistant.types import Language

Fact = tuple[Literal["figure", "digits", "name", "word"], str]

_PART = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"[\d¼-¾⅐-⅞]+")
_COMPOUND, _SAME_START = 11, 3  # letters
_COMMON_START = 5  # letters two forms of a word have in common: Leipzig, Leipziger

# Where a single capitalised word is a name: in English inside a sentence, in German without an article, and in both as
# the bare subject that opens a sentence.
_WORD = r"[A-ZÄÖÜ][\w’'-]*[a-zäöüßà-ÿ]\b"
_LONE: dict[Language, re.Pattern[str]] = {
    "de": re.compile(
        rf"(?:\b(?:von|bei|in|aus|nach|mit|durch|und|oder|sowie|an|wie|für|neben|gegen|über|zu|bei)\s+|,\s+|^)({_WORD})(?![\s-]+[A-ZÄÖÜ])"
    ),
    "en": re.compile(rf"(?:(?<=[\w,;)]\s)|^)({_WORD})(?![\s-]+[A-Z])"),
}
_LEGAL = re.compile(r"\b([A-ZÄÖÜ][\w’'-]+)(?= (?:e\. ?V\.|g?GmbH|AG|SE|Ltd|Inc)(?!\w))")
_OPENS_WITH_NAME = re.compile(rf"{_WORD}(?:\s+[a-zäöüß]|,)")
# Words that stand there without naming anything: abstract nouns and adverbs by their endings, the rest by list.
_COMMON: dict[Language, re.Pattern[str]] = {
    "de": re.compile(
        r".*(?:ung|heit|keit|schaft|tion|tät)(?:en)?$|.*(?:nis(?:se[ns]?)?|mente?[ns]?|lich|weise|iert|ieren)$|\w*ge\w+(?:t|en)$|"
        r"(?:ein|zwei|drei|mehr|jedes)mal$|(?:erst|letzt)e[nrs]?$|(?:zu|aus|be)\w+(?:en|et)$|"
        r"(?:abschnitte?n?|allein|eng|je|akteuren?|aktuell|anfang|angaben|ansicht|anzahl|außerdem|basis|bedarf|beginn|beide|beispielen?|betrag"
        r"|bezug|bisher|branchen|cluster|darüber|derzeit|dr|ebenfalls|ebenso|einige|ende|euro|fachkräften?|ferner|firmen|form"
        r"|für|geld|gemeinsam|gemäß|grund|hierfür|hierzu|hilfe|hinzu|hochschulen|höhe|innerhalb|jahre?[ns]?|jedoch|kapiteln?"
        r"|kliniken|laut|maßnahmen|mehrere|millione?n?|mitglied(?:er)?n?|mitte|monate?n?|namen|neue|partnern?|patienten"
        r"|personen|prof|projekte?n?|prozent|rahmen|seitdem|sitz|somit|sprecher|statt|summe|tabellen?|teil|themen|trotz"
        r"|unternehmen|vertretern?|weitere|weiterhin|ziele?n?|zudem|zuletzt|zunächst|zuvor)$",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r".*(?:ly|ing|ed|tions?|ments?|ness|ity|ities|ships?|day)$|"
        r"(?:additional|among|another|besides|each|every|half|most|once|twice|companies|dr|english|euros?|european|examples?|figures?|further|furthermore"
        r"|german|goals?|members?|moreover|partners?|prof|sections?|several|since|speakers?|tables?|together|within)$",
        re.IGNORECASE,
    ),
}


def facts(sentence: str, language: Language, long_forms: LongForms = ()) -> frozenset[Fact]:
    """The figures (in their one form), digits that make no figure ("ROR2"), named bodies and lone names of a sentence.

    Number words count from two on; "ein" and "one" are mostly articles and pronouns.
    """
    names = {*named_bodies(sentence), *known_names(sentence, long_forms), *_LEGAL.findall(sentence)}
    lone = set(_lone_names(sentence, language)) - {word for name in names for word in name.split()}
    spelled = {figure.value for figure in spelled_out(sentence)} - {"0", "1"}
    return frozenset[Fact](
        {("figure", figure.value) for figure in figures(sentence, language)}
        | {("digits", digits) for digits in _loose_digits(sentence, language)}
        | {("figure", value) for value in spelled}
        | {("name", name) for name in names}
        | {("word", word) for word in lone}
    )


def held(
    wanted: frozenset[Fact], language: Language, quote: str, quoted_language: Language, long_forms: LongForms = ()
) -> frozenset[Fact]:
    """Those facts of a sentence in `language` that a quote holds, in this or another notation.

    A name may stand there in its short or long form, and its common words ("university", "Firma") in the other language
    or in another word for the same.
    """
    stated, written = stated_values(quote, quoted_language), with_other_forms(quote, long_forms)
    digits, folded = stated | set(_loose_digits(quote, quoted_language)), fold(written)

    def has(kind: str, value: str) -> bool:
        if kind == "figure":
            return value in stated
        if kind == "digits":
            return value in digits
        if kind == "word" and fold(value)[:_COMMON_START] in folded:
            return True
        return holds_name(value, language, written, quoted_language)

    return frozenset((kind, value) for kind, value in wanted if has(kind, value))


def holds_name(name: str, language: Language, text: str, text_language: Language) -> bool:
    """Whether a text names somebody or something, in this or other words."""
    return supports_name(text, name) or _in_other_words(name, language, text, text_language)


def _in_other_words(name: str, language: Language, quote: str, quoted_language: Language) -> bool:
    """Whether a quote has the proper words of a name; without a proper word all others, translated.

    Across languages a long German word is a compound and no name, and a name begins the same: Spain, Spanien.
    """
    foreign = language != quoted_language
    parts = [part for part in _PART.findall(name) if len(part) > 1]
    common = [
        p for p in parts if is_common(p) or (foreign and language == "de" and len(p) >= _COMPOUND and p[1:].islower())
    ]
    proper = [part for part in parts if part not in common]
    if proper:
        return all(
            supports_name(quote, part)
            or _translated(part, language, quote, quoted_language)
            or (foreign and part[1:].islower() and re.search(rf"\b{re.escape(part[:_SAME_START])}", quote))
            for part in proper
        )
    return all(
        supports_name(quote, part)
        or _translated(part, language, quote, quoted_language)
        or (foreign and part in common and len(part) >= _COMPOUND and language == "de")
        for part in parts
    )


def _translated(word: str, language: Language, quote: str, quoted_language: Language) -> bool:
    return bool(shared({stem(word.casefold(), language)}, language, quote, quoted_language))


def names_in(text: str, language: Language, long_forms: LongForms = ()) -> Iterator[tuple[int, int]]:
    """Where names stand in a text: named bodies, names known otherwise, and single words where names stand."""
    position = 0
    for name in known_names(text, long_forms):
        yield from ((match.start(), match.end()) for match in re.finditer(rf"\b{re.escape(name)}\b", text))
    for name in named_bodies(text):
        start = text.find(name, position)
        if start >= 0:
            position = start + len(name)
            yield start, position
    for word in dict.fromkeys(_lone_names(text, language)):
        yield from ((match.start(), match.end()) for match in re.finditer(rf"\b{re.escape(word)}\b", text))


def _loose_digits(text: str, language: Language) -> Iterator[str]:
    """Digits that belong to no figure, such as those of names."""
    found = list(figures(text, language))
    for match in _DIGITS.finditer(text):
        if not any(figure.start <= match.start() < figure.end for figure in found):
            yield match.group()


def _lone_names(sentence: str, language: Language) -> Iterator[str]:
    """Single capitalised words that stand where names stand. German capitals alone say nothing: every noun has one."""
    bare = subjects(sentence) if language == "de" else []
    yield from (word for word in bare if word[1:].islower() and not _COMMON["de"].match(word) and not is_common(word))
    for match in _LONE[language].finditer(sentence):
        word = match[1]
        if match.start(1) == 0 and (
            not _OPENS_WITH_NAME.match(sentence) or is_common(word, compounds=language == "de") or "-" in word
        ):
            continue
        word, plain = re.sub(r"['’]s?$", "", word), word.casefold()
        if plain not in STOP_WORDS[language] and plain not in MONTHS and not _COMMON[language].match(word):
            yield word
