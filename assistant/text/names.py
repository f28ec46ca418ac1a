"""Names in a text: what must not be said without a quote that says it too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.text.numbers import NUMBER_WORDS
from assistant.text.words import STOP_WORDS, fold

_WORD = re.compile(r"[^\W_](?:[\w&.’'-]*[^\W_])?")
_PART = re.compile(r"[^\W_]+")
_LONG = 6  # letters from which on a word is taken to be no accidental part of another ("TUD" in "Studie")
_SHORT = 3  # letters up to which a word must be the same ("TU" in "Tumor")
_POSSESSIVE = re.compile(r"['’]s?$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|\n\s*(?:[-*]\s+)?)$")


def named_bodies(text: str) -> Iterator[str]:
    """People, bodies, products and places a text names.

    German writes every noun with a capital, so one capital alone names nothing: a name is a word with an inner capital
    or digit ("CAR-T", "BioRN", "TUD") or two or more capitalised words in a row ("Ulrike Köhl", "Fraunhofer Institut").
    """
    run: list[re.Match[str]] = []
    for word in [*_WORD.finditer(text), None]:
        if word and word.group()[0].isupper() and (not run or text[run[-1].end() : word.start()] == " "):
            run.append(word)
            continue
        yield from _names(text, run)
        run = [word] if word and word.group()[0].isupper() else []
        if word and not run and _is_marked(word.group()):
            yield _POSSESSIVE.sub("", word.group())


def supports_name(text: str, name: str) -> bool:
    """Whether every word of a name stands in a text, whatever its ending; a long one may stand inside a compound."""
    folded = fold(text)
    words = _PART.findall(folded)
    parts = [part for part in _PART.findall(fold(name)) if len(part) > 1]
    return all(
        part[:-2] in folded
        if len(part) >= _LONG
        else any(word.startswith(part[:4]) if len(part) > _SHORT else word in (part, f"{part}s") for word in words)
        for part in parts
    )


def _names(text: str, run: list[re.Match[str]]) -> Iterator[str]:
    opens = run and _SENTENCE_START.search(text[: run[0].start()]) and not _is_marked(run[0].group())
    if opens and (len(run) == 1 or run[0].group().casefold() in STOP_WORDS["de"] | STOP_WORDS["en"]):
        run = run[1:]  # a sentence's first word has a capital anyway
    if len(run) > 1 or (run and _is_marked(run[0].group())):
        yield _POSSESSIVE.sub("", " ".join(word.group() for word in run))


def _is_marked(word: str) -> bool:
    return len(word) > 1 and any(c.isupper() for c in word[1:])


_QUESTION_WORD = re.compile(r"[^\W_][\w&/.^-]*[^\W_]|[^\W_]")
_INFLECTED = re.compile(r"(?:d(?:er|ie|as|en|em|es)|\w*\d|\w+e[nrsm]?|im|am|zum|zur|vom|beim|the|an?)$", re.IGNORECASE)
_BARE = frozenset(
    "wurde wurden werden hatte hatten habe haben seine made are were have leave gegen ohne these those".split()
)


def subjects(question: str, *, from_start: bool = False) -> list[str]:
    """The names in a question: words with an inner capital or digit, and capitalised words without an article, adjective
    or number in front. German writes every noun with a capital, but nouns rarely stand bare and names do.

    Args:
        question: one question.
        from_start: whether the first word can be a name too.
    """
    words = [match.group() for match in _QUESTION_WORD.finditer(question)]
    stops = STOP_WORDS["de"] | STOP_WORDS["en"]
    found: list[str] = []
    for previous, word in zip(["", *words], words, strict=False):
        if not word[0].isupper() or word.casefold() in stops:
            continue
        marked = any(c.isupper() or c.isdigit() for c in word[1:])
        introduced = _INFLECTED.match(previous) or previous.casefold() in NUMBER_WORDS
        bare = previous in found or previous in _BARE or not introduced
        if marked or (bare and (previous or from_start)):
            found.append(word)
    return found
