"""What a question is about: the names in it with the words around them, and the thing it counts or asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.text.genders import article_for
from assistant.text.glossary import places, synonyms, translations
from assistant.text.names import subjects
from assistant.text.words import STOP_WORDS, stem
from assistant.types import Language

WORD = re.compile(r"[^\W_][\w&/.^-]*[^\W_]|[^\W_]")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
PLACE_WORDS = frozenset("in im aus nach from to into within".split())
_OWNER_WORDS = frozenset("von vom of bei beim at für for über about by durch mit with hinter behind zu zum zur".split())
_PREPOSITIONS = PLACE_WORDS | _OWNER_WORDS | frozenset("auf an am on seit since zwischen between gegen".split())
_ARTICLES = frozenset("der die das den dem des the".split())
_BARE_NAMES = frozenset("von bei in aus nach".split())  # a singular without an article behind them is a name
_PLURAL = re.compile(r"(?:e|n|r|s|ung)$")
_VERB_OR_ADVERB = re.compile(
    r"(?:t|en|e|ed|ing|ly|es|s|lich|weise|isch|ig|lei|mals|dem|wie|los|haft|bar|sam|wärts|wegs|am|to|for|at|of|in|on|by|with|from)$"
    r"|^(?:kam|ging|lief|gab|nahm|stand|fand|begann|zog|blieb|sah|schrieb|trug|schuf|half|warb|bekam|erhielt|übernahm|noch|doch|schon"
    r"|jetzt|hier|dann|neu|alt|groß|hoch|klein|viel|lang|gut|klar|frei|zurück|vor|um|auf|ab|ein|zu|mit|an|durch|nur|ganz|mehr|denn|mal"
    r"|wann|selber|wieder|weiter|immer|bisher|später|früher|vorher|nachher|daher|hinter|unter|über|sonst|eher|zuvor|davor|zusammen)$"
)
_DETERMINERS = frozenset("der die das den dem des the a an ein eine einen einem einer".split())
_SHORT = 2  # letters up to which a word names nobody
_CAPITAL = re.compile(r"(?<=.)[A-ZÄÖÜ]", re.DOTALL)
_JOINED = re.compile(r"\s*(?:,|&|\bund\b|\band\b|\boder\b|\bor\b)\s*", re.IGNORECASE)
_PEOPLES = frozenset("german english european french american saxon bavarian austrian swiss chinese i".split())
_LEGAL_FORMS = frozenset("gmbh ggmbh ag e.v eg kg ltd inc".split())
# Words that name with a capital where they are no part of a sentence's grammar: "Life Science Nord", "Medical Valley".
_NAME_PARTS = frozenset("Life Science Sciences Medical Valley Nord".split())
_NAME_ENDINGS = frozenset("halle berg burg tal dorf".split())  # words that names of places end with
_TITLE = re.compile(r"(?:[^\W_]\S*\s+)?[\"„“‘'»](?P<title>[^\"“”‘'«]{3,100})[\"“”’'«](?!\w)")
_COMMON_ENDING = re.compile(
    r".{3,}(?:ung|heit|keit|schaft|tion|tät|ment|ness|ship|ität)(?:en|s)?$|.{3,}(?:ungs|tions)\w+$", re.IGNORECASE
)
_FIELDS = frozenset("biotech biotechnologie medtech pharma start spin tech life open".split())
_HEAD = 4  # letters of a compound's last part that make it a common noun
_COUNTED = re.compile(
    r"\b(?P<ask>wie ?viele?[nr]?|welche[nrsm]?|how many|how much|which|(?:wer|was|who|what) (?:is|are|was|were|ist|sind|war|waren)"
    r"(?: (?:der|die|das|the))?)\s+(?P<thing>[^?,.:;]+)",
    re.IGNORECASE,
)
_THING: dict[Language, re.Pattern[str]] = {  # adjectives and the noun; English: the words before the verb
    "de": re.compile(r"(?:[a-zäöüß-]+e[nrsm]? )*[A-ZÄÖÜ][\w-]*|[a-zäöüß][\w-]*"),
    "en": re.compile(
        r"(?:(?!(?:do|does|did|is|are|was|were|has|have|had|will|can|of|in|at|from|on|for|to|there|which|who|that)\b|[A-Z])"
        r"[\w-]+ ?){1,3}"
    ),
}


@dataclass(frozen=True, slots=True)
class Topic:
    """A name in a question, with names joined to it by "and"; `start` and `end` take in its article and noun."""

    name: str
    phrase: str
    start: int
    end: int
    preposition: str  # in front of it, lower case; empty if there is none


def topics(question: str, language: Language, *, from_start: bool = False) -> list[Topic]:
    """The names of a question in order.

    Args:
        question: one question, or a part of one.
        language: of the question; English capitals always name.
        from_start: whether the first word can be a name too.
    """
    words = list(WORD.finditer(question))
    named = _named(question, words, language, from_start)
    runs: list[list[int]] = []
    for index in named:
        if runs and runs[-1][-1] == index - 1 and question[words[index - 1].end() : words[index].start()] == " ":
            runs[-1].append(index)
        else:
            runs.append([index])
    found: list[Topic] = []
    for run in runs:
        texts = [words[index].group() for index in run]
        while language == "de" and len(run) > 1 and is_common(texts[-1]) and not is_common(texts[-2]):
            run.pop()  # "hat die TU Dresden Projekte"
            texts.pop()
        led = run[0] and words[run[0] - 1].group().casefold() in _BARE_NAMES and not _PLURAL.search(texts[0])
        if len(run) == 1 and (language == "de" or not run[0]) and is_common(texts[0], compounds=not led):
            continue
        first = run[0]
        while (
            first and language == "de" and words[first - 1].group()[0].isupper() and _touching(question, words, first)
        ):
            if first - 1 == 0 and not from_start:
                break
            first -= 1  # "Biocluster" of "der Biocluster Rosenau"
        if first and words[first - 1].group().casefold() in _ARTICLES and (language == "de" or first == run[0]):
            first -= 1
        before = words[first - 1].group().casefold() if first else ""
        start, end = words[first].start(), words[run[-1]].end()
        preposition = before if before in _PREPOSITIONS else ""
        titled = _TITLE.match(question, end + 1)
        end = titled.end() if titled else end  # "ICCAS-Projekt „…“"
        if found and start < found[-1].end:
            continue  # within a title
        name = question[words[run[0]].start() : end]
        if found and _JOINED.fullmatch(question[found[-1].end : start]):
            last = found.pop()
            name = question[last.end - len(last.name) : end] if last.phrase.endswith(last.name) else name
            start, preposition = last.start, last.preposition
        found.append(Topic(name, question[start:end], start, end, preposition))
    return found


def main_topic(question: str, language: Language) -> Topic | None:
    """Whom a question is about: a name without a preposition first, then one after "of", then any."""
    found = topics(question, language) or ([] if _CAPITAL.search(question) else loose_names(question, language)[-1:])
    bare = [topic for topic in found if not topic.preposition]
    owners = [topic for topic in found if topic.preposition in _OWNER_WORDS]
    return next(iter(bare or owners[::-1] or found[::-1]), None)


def loose_names(question: str, language: Language) -> list[Topic]:
    """Words of a question typed without capitals that are neither verbs nor common nouns, as far as their look tells."""
    words, stops = list(WORD.finditer(question)), STOP_WORDS["de"] | STOP_WORDS["en"]
    found = [
        Topic(match.group(), match.group(), match.start(), match.end(), preposition)
        for before, match in pairwise(words)
        if match.group().islower()
        and before.group().casefold() not in _DETERMINERS
        and len(match.group()) > _SHORT
        and match.group() not in stops
        and not is_common(match.group())
        and not _VERB_OR_ADVERB.search(match.group())
        for preposition in [before.group().casefold() if before.group().casefold() in _PREPOSITIONS else ""]
    ]
    if language == "de" or not _CAPITAL.search(question):
        return found
    return [topic for topic in found if topic.end == words[-1].end()]  # English verbs have no ending: what closes it


def counted_thing(question: str, language: Language) -> str:
    """The thing whose number or members a question asks for, as it is written; empty if there is none."""
    match = _COUNTED.search(question)
    thing = _THING[language].match(match["thing"]) if match else None
    if not match or not thing:
        return ""
    end = match.start("thing") + len(thing.group().strip())
    named = any(topic.start < end and match.start("thing") < topic.end for topic in topics(question, language))
    return "" if named else thing.group().strip()


def counted_span(question: str, language: Language) -> tuple[int, int] | None:
    """Where the counted thing stands."""
    match, thing = _COUNTED.search(question), counted_thing(question, language)
    return (match.start("thing"), match.start("thing") + len(thing)) if match and thing else None


_EXISTING: dict[Language, re.Pattern[str]] = {
    "de": re.compile(
        r"(?:gibt|gab) es (?P<where>(?:in|im|bei|am|an) (?:[A-ZÄÖÜ][\w-]+ ?)+)?\s*(?:auch |schon |noch )?(?P<one>eine?n?)"
        r"(?P<adjectives>(?: [a-zäöüß-]+)*) (?P<noun>[A-ZÄÖÜ][\w-]*)(?P<rest>[^?,.]*)",
        re.IGNORECASE,
    ),
    "en": re.compile(r"(?:is|was|will|has) there (?:be |been )?(?:an?|some) (?P<noun>[^?,.]*)", re.IGNORECASE),
}


def existing_thing(question: str, language: Language) -> str:
    """The one thing whose existence a question asks for: "ein Cluster in Sachsen" → "das Cluster in Sachsen"."""
    match = _EXISTING[language].match(question.strip())
    if not match:
        return ""
    if language == "en":
        return f"the {match['noun'].strip()}"
    adjective = match["adjectives"].split()[-1:] or [""]
    article = (
        "die"
        if match["one"].endswith("e")
        else "der"
        if adjective[0].endswith("er")
        else "das"
        if adjective[0].endswith("es")
        else ""
    )
    parts = (article or article_for(match["noun"]), match["noun"], match["where"] or "", match["rest"])
    return " ".join(part.strip() for part in parts if part.strip())


def is_marked(word: str) -> bool:
    """A capital or digit inside a word or one of its parts, as only names have them."""
    return not word.isdigit() and any(c.isupper() or c.isdigit() for part in word.split("-") for c in part[1:])


def is_common(word: str, *, compounds: bool = True) -> bool:
    """A common noun as far as the glossary and the endings of German and English tell.

    Args:
        word: as it is written.
        compounds: whether one that only ends in a common noun counts; many a name does.
    """
    plain = word.casefold()
    if plain in _NAME_ENDINGS or any(stem(plain, language) in places() for language in _LANGUAGES) or is_marked(word):
        return False
    if "-" in word:
        parts = plain.split("-")
        return is_common(parts[-1]) and all(
            len(part) < _HEAD or part in _FIELDS or is_common(part) for part in parts[:-1]
        )
    if _COMMON_ENDING.match(plain) or any(stem(plain, language) in _known(language) for language in _LANGUAGES):
        return True
    if not compounds:
        return False
    heads = (stem(plain[cut:], "de") for cut in range(3, len(plain) - _HEAD + 1))
    return any(len(head) >= _HEAD and head in _known("de") for head in heads)


_LANGUAGES: tuple[Language, ...] = ("de", "en")


@lru_cache(maxsize=2)
def _known(language: Language) -> frozenset[str]:
    other: Language = "en" if language == "de" else "de"
    return frozenset({*synonyms(language), *translations(other)} - places() - _NAME_ENDINGS)


def asked_names(question: str, language: Language) -> list[str]:
    """The words of a question that name; of a compound only its parts that do ("FermX" of "FermX-Gutschein")."""
    words = list(WORD.finditer(question))
    found: list[str] = []
    for index in _named(question, words, language, from_start=False):
        word = words[index].group()
        if word.casefold() in _LEGAL_FORMS:
            continue
        parts = word.split("-") if is_marked(word) else [word]
        found += [
            part
            for part in parts
            if len(part) <= _SHORT or part in _NAME_PARTS or not (is_common(part) or _is_known(part))
        ]
    return found


def without_names(question: str, language: Language) -> str:
    """What a question asks, without whom it is about; the whole question where it only names or has no names."""
    names = sorted(asked_names(question, language), key=len, reverse=True)
    rest = question
    for name in names:
        rest = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", rest)
    return " ".join(rest.split()) if WORD.search(rest) else question


def _is_known(word: str) -> bool:
    """Whether the glossary has a word, in capitals or not: "SME", "GMP"."""
    return any(stem(word.casefold(), language) in _known(language) for language in _LANGUAGES)


def _named(question: str, words: list[re.Match[str]], language: Language, from_start: bool) -> Iterator[int]:
    stops = STOP_WORDS["de"] | STOP_WORDS["en"] | _PEOPLES
    german = set(subjects(question, from_start=from_start))
    for index, match in enumerate(words):
        word, before = match.group(), words[index - 1].group() if index else ""
        if is_marked(word) or (language == "de" and word in german and word.casefold() not in _PEOPLES):
            yield index
        elif (
            language == "de"
            and index > 1
            and word[0].isupper()
            and before[0].isupper()
            and not is_common(word, compounds=False)
        ):
            yield index  # "der Biocluster Rosenau": a noun that follows a noun is its name
        elif language == "en" and word[0].isupper() and (index or from_start) and word.casefold() not in stops:
            yield index


def _touching(question: str, words: list[re.Match[str]], index: int) -> bool:
    return question[words[index - 1].end() : words[index].start()] == " "
