"""Whether a sentence ties a name or a figure to what its quote says of another one: A leads B for B leads A.

Each name and figure is known by the company it keeps: the words around it, on which side, how near. Where a sentence gives
a name the company that another one keeps in the quote, it speaks of the wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.text.abbreviations import LongForms, with_other_forms
from assistant.text.facts import holds_name
from assistant.text.marks import Mark, Reading, read_marks
from assistant.text.meanings import content, same_word, shared
from assistant.text.numbers import stated_values
from assistant.types import Language

_WINDOW = 7  # words on each side
_OTHER_SIDE = 0.5  # worth of a word that stands on the other side in the quote
_PASSIVE = re.compile(
    r"\b(?:wird|werden|wurden?|worden|ist|sind|war|waren)\b.*\b(?:von|vom|durch)\b"
    r"|\b(?:is|are|was|were|been|being)\b.*\w(?:ed|en|un|lt|nt|ght|ade|eld)\b.*\bby\b|\w(?:ed|un)\s+by\b",
    re.IGNORECASE | re.DOTALL,
)
_CLEARLY, _MORE = 1.3, 0.2  # by what both others' company must beat their own
_MORE_FOREIGN = 0.4  # the same across languages, where fewer words are known again
_SOME_COMPANY = 0.4  # of what the main unit has in a mark's place
_COPIED = 0.55  # of a sentence's words
_SAID_TOO = 2  # words of a sentence that a unit must hold beside a mark
_FAR_CLEARER, _FAR_MORE = 2.0, 0.8  # the same for one that the sentence leaves out

# Prepositions that mean the same have the same number in both languages.
_PREPOSITIONS = {
    word: number
    for number, words in enumerate(
        ("von vom durch of by", "mit with", "für for", "aus from", "zu zum zur to", "bei beim an am in im at in")
    )
    for word in words.split()
}
# A sentence that begins with what is no subject, and one of two who do something together, say nothing by their order.
_FRONTED = re.compile(r"(?:Den|Dem|Vom|Von|Zum|Zur|Zu|Beim|Bei|Mit|An|Am|Für|Aus|Nach|To|By|With|From|For|At|It)\b")
_MUTUAL = re.compile(
    r"\b\w*(?:partner|koop|coop|gemeinsam|zusammen|together|joint|zwischen|between|austausch|exchange)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Side:
    """A sentence beside one of its quotes."""

    mine: Reading
    language: Language
    theirs: Reading
    quoted: Language
    other_side: float


def belongs_elsewhere(
    sentence: str,
    language: Language,
    quotes: Sequence[tuple[str, Language]],
    around: Sequence[tuple[str, Language]] = (),
    long_forms: LongForms = (),
) -> bool:
    """Whether a name or figure of a sentence keeps the company of another one of its quotes.

    Args:
        sentence: one sentence.
        language: of the sentence.
        quotes: the units it rests on, with their languages.
        around: the other units of their passages, one of which may be what the sentence was made from.
        long_forms: short names with their long forms, which are one name.
    """
    mine = read_marks(sentence, language, long_forms)
    sides = [
        _Side(mine, language, read_marks(text, quoted, long_forms), quoted, _turned(sentence, text))
        for text, quoted in quotes
    ]
    if any(_swapped(side) or _replaced(side) for side in sides):
        return True
    words = content(sentence, language)
    units = [*quotes, *around]
    alike = [len(shared(words, language, text, quoted)) for text, quoted in units]
    first = alike.index(max(alike))
    text, quoted = units[first]
    main = _Side(mine, language, read_marks(text, quoted, long_forms), quoted, _turned(sentence, text))
    written, copied = with_other_forms(text, long_forms), alike[first] >= _COPIED * len(words)
    for mark in mine.marks:
        if not _holds(mark, language, written, quoted) and (
            _fits_unsaid(main, mark, sentence, copied=copied)
            or not _borne_out(mark, mine, language, words, quotes, text, long_forms)
        ):
            return True
    return False


def _fits_unsaid(main: _Side, mark: Mark, sentence: str, *, copied: bool) -> bool:
    """Whether the unit that says most of it has something else in a mark's place.

    Args:
        main: the sentence beside that unit.
        mark: of the sentence; the unit lacks it.
        sentence: the sentence itself.
        copied: whether the unit holds so much of it that whatever else it names is what the mark stands for.
    """
    for other in main.theirs.marks:
        said = other.sort == "name" and holds_name(other.written, main.quoted, sentence, main.language)
        if other.sort != mark.sort or said or any(_same(one, other) for one in main.mine.marks):
            continue
        if (copied and mark.sort == "name") or _company(main, mark, other, None) >= _SOME_COMPANY:
            return True
    return False


def _borne_out(
    mark: Mark,
    mine: Reading,
    language: Language,
    words: frozenset[str],
    quotes: Sequence[tuple[str, Language]],
    main: str,
    long_forms: LongForms,
) -> bool:
    """Whether another unit that holds a mark says something else of the sentence too, and of none but those it names."""
    own = content(mark.written, language)
    for text, quoted in quotes:
        written = with_other_forms(text, long_forms)
        if text == main or not _holds(mark, language, written, quoted):
            continue
        others = [one for one in mine.marks if one is not mark and _holds(one, language, written, quoted)]
        if any(one.sort == "name" for one in others) or len(shared(words - own, language, text, quoted)) >= _SAID_TOO:
            return True
        if others and mark.sort == "name":
            return True
    return False


def _holds(mark: Mark, language: Language, text: str, text_language: Language) -> bool:
    if mark.sort == "name":
        return holds_name(mark.written, language, text, text_language)
    return not mark.key.isdisjoint(stated_values(text, text_language))


def _swapped(side: _Side) -> bool:
    """Whether two marks of the sentence would fit the quote better in each other's place."""
    placed = [(mark, [other for other in side.theirs.marks if _same(mark, other)]) for mark in side.mine.marks]
    more = _MORE if side.language == side.quoted else _MORE_FOREIGN
    for (one, ones), (other, others) in combinations([pair for pair in placed if pair[1]], 2):
        if one.sort != other.sort or _same(one, other) or one.person != other.person:
            continue
        if _led_alike(side, one, ones, others) or _led_alike(side, other, others, ones):
            continue
        straight = _best(side, one, ones, other), _best(side, other, others, one)
        crossed = _best(side, one, others, other), _best(side, other, ones, one)
        led = _led_alike(side, one, others, ones) + _led_alike(side, other, ones, others)
        both = all(across >= own for across, own in zip(crossed, straight, strict=True))
        if both and sum(crossed) + led > sum(straight) * _CLEARLY + more:
            return True
    return False


def _led_alike(side: _Side, mark: Mark, own: Sequence[Mark], rivals: Sequence[Mark]) -> bool:
    """Whether the same preposition stands before a mark here and there, and not before its rival there: "vom BMBF"."""
    led = _PREPOSITIONS.get(side.mine.before(mark))
    return (
        led is not None
        and any(_PREPOSITIONS.get(side.theirs.before(other)) == led for other in own)
        and not any(_PREPOSITIONS.get(side.theirs.before(rival)) == led for rival in rivals)
    )


def _replaced(side: _Side) -> bool:
    """Whether a mark of the sentence fits worse than one of the quote that the sentence leaves out."""
    for mark in side.mine.marks:
        if mark.sort == "name" and side.language != side.quoted:
            continue
        unsaid = [
            other
            for other in side.theirs.marks
            if other.sort == mark.sort and not any(_same(one, other) for one in side.mine.marks)
        ]
        own = _best(side, mark, [other for other in side.theirs.marks if _same(mark, other)], None)
        if unsaid and _best(side, mark, unsaid, None) > own * _FAR_CLEARER + _FAR_MORE:
            return True
    return False


def _best(side: _Side, mark: Mark, others: Sequence[Mark], rival: Mark | None) -> float:
    return max((_company(side, mark, other, rival) for other in others), default=0.0)


def _company(side: _Side, mark: Mark, other: Mark, rival: Mark | None) -> float:
    """How much the words around a place of the sentence are those around a place of the quote."""
    total = 0.0
    around = list(_around(side.theirs, other))
    for word, distance, before in _around(side.mine, mark):
        place = mark.first - distance if before else mark.last + distance
        if rival and rival.first <= place <= rival.last:
            continue
        worth = [
            (1.0 if before == is_before else side.other_side) / max(distance, other_distance)
            for candidate, other_distance, is_before in around
            if word == candidate or same_word(word, candidate, side.language, side.quoted)
        ]
        total += max(worth, default=0.0)
    return total


def _around(reading: Reading, mark: Mark) -> Iterator[tuple[str, int, bool]]:
    """The words near a place with their distance, and whether they stand before it."""
    for distance in range(1, _WINDOW + 1):
        for place, before in ((mark.first - distance, True), (mark.last + distance, False)):
            if 0 <= place < len(reading.words) and reading.words[place]:
                yield reading.words[place], distance, before


def _same(one: Mark, other: Mark) -> bool:
    """Whether two marks are one thing; of a name a part may be left out: "Köhl" and "Ulrike Köhl"."""
    if one.sort != other.sort:
        return False
    if one.sort == "name":
        return one.key <= other.key or other.key <= one.key
    if one.sort == "date":
        return any(a.startswith(b) or b.startswith(a) for a in one.key for b in other.key)
    return one.key == other.key


def _turned(sentence: str, quote: str) -> float:
    """What a word is worth on the other side: as much where the order of the words is not that of the quote anyway."""
    if bool(_PASSIVE.search(sentence)) != bool(_PASSIVE.search(quote)):
        return 1.0
    if bool(_FRONTED.match(sentence)) != bool(_FRONTED.match(quote)) or _MUTUAL.search(sentence):
        return 1.0
    return _OTHER_SIDE
