"""The words a document uses: the first witness for what a hyphen in it means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from assistant.text.words import STOP_WORDS, stem

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_COMPOUND = re.compile(r"(?<!\w)\w+(?:-\w+)+")  # only from a word's beginning, a word may be a megabyte long
_BROKEN_START = re.compile(r"\s*[^\W_]+")
_BROKEN_END = re.compile(r"\w+-\s*$")
_SHORTEST_TAIL = 4
_LONGEST = 80  # characters of a word whose tails are kept


class Vocabulary:
    """Counts of the words of some lines; words broken between two lines are left out."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        self._nouns: set[str] = set()
        self._compounds: Counter[str] = Counter()
        self._heads: Counter[str] = Counter()
        spoken: Counter[str] = Counter()
        broken = False
        for line in lines:
            whole = line
            if broken:
                whole = _BROKEN_START.sub("", whole, count=1)
            end = _BROKEN_END.search(whole[-100:])
            broken = bool(end)
            if end:
                whole = whole[: -len(end.group())]
            for compound in _COMPOUND.findall(whole):
                self._compounds[compound.casefold()] += 1
                self._heads[compound.split("-")[0].casefold()] += 1
            for word in WORD.findall(_COMPOUND.sub(" ", whole)):
                self._words[word.casefold()] += 1
                spoken[word.casefold()] += 1
                if word[0].isupper() and word[1:].islower():
                    self._nouns.add(word.casefold())
        self._stems = {stem(word, "de") for word in self._words}
        self._tails = {word[-n:] for word in self._words for n in range(_SHORTEST_TAIL, min(len(word), _LONGEST) - 2)}
        german = sum(spoken[word] for word in STOP_WORDS["de"] - STOP_WORDS["en"])
        self.german = german >= sum(spoken[word] for word in STOP_WORDS["en"] - STOP_WORDS["de"])

    def count(self, word: str) -> int:
        """How often a word without hyphen occurs."""
        return self._words[word.casefold()]

    def knows(self, word: str) -> bool:
        """Whether a word occurs, in any of its endings."""
        return self._words[word.casefold()] > 0 or stem(word.casefold(), "de") in self._stems

    def is_noun(self, word: str) -> bool:
        """Whether a word occurs with a capital."""
        return word.casefold() in self._nouns

    def ends_compound(self, part: str) -> bool:
        """Whether longer words end with this part."""
        return part.casefold() in self._tails

    def count_hyphenated(self, compound: str) -> int:
        """How often a word occurs with this hyphen, not broken between lines."""
        return self._compounds[compound.casefold()]

    def count_head(self, head: str) -> int:
        """How many compounds with a hyphen begin with this part."""
        return self._heads[head.casefold()]
