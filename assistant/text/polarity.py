"""Whether a sentence says the opposite of its quote: a negation more or less, "more" for "less", "before" for "after"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from assistant.text.meanings import content, shared
from assistant.text.numbers import figures
from assistant.types import Language

_OPPOSITES = Path(__file__).with_name("opposites.txt")
_NEGATION = re.compile(
    r"\b(?:nicht|kein\w*|nie|niemals|nirgends|ohne|weder|niemand\w*|not|no|never|without|neither|nor|none|nobody|cannot|\w+n['’]t"
    r"|lehn\w* \w* ?ab|fehl(?:t|en|te|ten)|lacks?|unable)\b",
    re.IGNORECASE,
)
# What looks like a negation and is none.
_NO_NEGATION = re.compile(
    r"\b(?:nicht nur|nicht zuletzt|nicht allein|nicht[- ]?\w*(?:kommerziell|universitär|invasiv)\w*|not only|not least|not just"
    r"|no\. ?(?=\d)"
    r"|no less than|no fewer than|nicht weniger als|no more than|nicht mehr als"
    r"|not-for-profit|non-\w+|nein|ohne weiteres)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:](?!\d)|[–—()]|\b(?:und|aber|sondern|während|sowie|jedoch|and|but|whereas|while|however|although|obwohl)\b",
    re.IGNORECASE,
)
_ALIKE = 0.6  # of a clause's words that a negated one must hold to be about the same
_SOME = 0.25  # the same where both are negated
_MORE = re.compile(
    r"(?:mehr als|nicht weniger als|über|mindestens|wenigstens|gut|more than|no (?:less|fewer) than"
    r"|not less than|over|above|at least"
    r"|upwards of|exceed\w*|übersteig\w*|>|≥|minimum of) *$",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"(?:weniger als|nicht mehr als|unter|höchstens|maximal|bis zu|knapp|fast|nahezu|beinahe|less than|fewer than|no more than"
    r"|not more than|under"
    r"|below|at most|up to|nearly|almost|just under|<|≤|maximum of) *$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEFORE = 24  # characters in front of a figure in which it is qualified
_CURRENCY = re.compile(r"(?:€|\$|EUR|USD|the|den|die|der) ?$")


def says_opposite(sentence: str, language: Language, quote: str, quoted_language: Language) -> bool:
    """Whether a sentence turns round what its quote says, where both can be read."""
    return (
        _negated_otherwise(sentence, language, quote, quoted_language)
        or _bounded_otherwise(sentence, language, quote, quoted_language)
        or _turned_round(sentence, language, quote, quoted_language)
    )


# ---- negation ------------------------------------------------------------------------------------------------


def _negated_otherwise(sentence: str, language: Language, quote: str, quoted_language: Language) -> bool:
    """Whether a clause is negated whose like in the quote is not, or the other way round."""
    if not _is_negated(sentence) and not _is_negated(quote):
        return False
    theirs = [(clause, content(clause, quoted_language), _is_negated(clause)) for clause in _clauses(quote)]
    for clause in _clauses(sentence):
        words, negated = content(clause, language), _is_negated(clause)
        if negated and not _is_negated(quote):
            return True
        alike = [
            (len(shared(words, language, other, quoted_language)), held, is_other) for other, held, is_other in theirs
        ]
        if negated and not any(is_other and count >= _SOME * len(words) for count, _, is_other in alike):
            return True
        if not negated and any(
            is_other and count >= _ALIKE * max(len(words), len(held))
            for count, held, is_other in alike
            if words and held
        ):
            return True
    return False


def _clauses(text: str) -> Iterator[str]:
    """The clauses of a text; a piece without two words belongs to the one before it."""
    held = ""
    for piece in _CLAUSE.split(text):
        held = f"{held} {piece}"
        if len(held.split()) > 2:
            yield held
            held = ""
    if held.strip():
        yield held


def _is_negated(text: str) -> bool:
    return len(_NEGATION.findall(_NO_NEGATION.sub(" ", text))) % 2 == 1


# ---- bounds --------------------------------------------------------------------------------------------------


def _bounded_otherwise(sentence: str, language: Language, quote: str, quoted_language: Language) -> bool:
    """Whether a figure that is "more than" is not so in the quote; what is exact there may not become a bound here."""
    stated: dict[str, set[int]] = {}
    for value, bound in _bounds(quote, quoted_language):
        stated.setdefault(value, set()).add(bound)
    return any(bound and value in stated and bound not in stated[value] for value, bound in _bounds(sentence, language))


def _bounds(text: str, language: Language) -> Iterator[tuple[str, int]]:
    """Each figure with 1 where it is a lower bound, -1 where it is an upper one, else 0."""
    for figure in figures(text, language):
        if "-" in figure.value or _YEAR.fullmatch(text[figure.start : figure.end]):
            continue
        before = _CURRENCY.sub("", text[max(0, figure.start - _BEFORE) : figure.start])
        less = bool(_LESS.search(before))
        yield figure.value, -1 if less else int(bool(_MORE.search(before)))


# ---- opposites -----------------------------------------------------------------------------------------------


def _turned_round(sentence: str, language: Language, quote: str, quoted_language: Language) -> bool:
    """Whether the sentence has one of two opposites and the quote only the other."""
    said, read = _sides(sentence, language), _sides(quote, quoted_language)
    return any(
        (pair, not side) in read and (pair, side) not in read and (pair, not side) not in said for pair, side in said
    )


@lru_cache(maxsize=8_192)
def _sides(text: str, language: Language) -> frozenset[tuple[int, bool]]:
    """The pairs of opposites a text has words of, and of which side; a pair is the same in both languages."""
    return frozenset(
        (number, side)
        for number, (one, other) in enumerate(_pairs(language))
        for side, pattern in ((False, one), (True, other))
        if pattern.search(text)
    )


@lru_cache(maxsize=2)
def _pairs(language: Language) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """The opposites of a language in the order of the file, whose lines are `de | opposite = en | opposite`."""
    lines = [line for line in _OPPOSITES.read_text(encoding="utf-8").splitlines() if "=" in line and line[0] != "#"]
    sides = [line.split("=")[("de", "en").index(language)].split("|") for line in lines]
    return tuple((_words(one), _words(other)) for one, other in sides)


def _words(side: str) -> re.Pattern[str]:
    words = [re.escape(word).replace(r"\*", r"\w*").replace("_", r"\s+") for word in side.split()]
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
