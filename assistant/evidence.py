"""The fewest quotes that prove a written sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.text.abbreviations import LongForms
from assistant.text.facts import Fact, facts, held
from assistant.text.meanings import content, shared
from assistant.types import Language, Passage, Quote, Span

_RUNS = 3  # quotes of one passage; more make way for one quote from the first to the last


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: int
    unit: int
    facts: frozenset[Fact]  # those of the sentence that the unit holds
    shared: int  # words of the sentence that the unit holds
    score: float  # the search's; decides between languages, where no word is shared


def find_quotes(
    sentence: str, language: Language, passages: Sequence[Passage], long_forms: LongForms = ()
) -> tuple[Quote, ...]:
    """Choose units of the passages that together hold the sentence's figures and names, nearest in words first.

    Where some are held by no unit, the quotes for the others; none where a sentence of the passages' own language has
    no word in common with any of them.
    """
    wanted = facts(sentence, language, long_forms)
    candidates = list(_candidates(sentence, language, passages, wanted, long_forms))
    chosen: list[_Candidate] = []
    missing = wanted
    while candidates:
        best = max(candidates, key=lambda one: (len(one.facts & missing), one.shared, one.score))
        if chosen and not best.facts & missing:
            break
        chosen.append(best)
        missing -= best.facts
    for one in tuple(chosen[:-1]):  # what was taken first may be held by the later ones too
        others = [other for other in chosen if other is not one]
        if one.facts <= frozenset[Fact]().union(*(other.facts for other in others)) and others:
            chosen = others
    return tuple(quote for number, passage in enumerate(passages) for quote in _quotes(passage, number, chosen))


def _candidates(
    sentence: str, language: Language, passages: Sequence[Passage], wanted: frozenset[Fact], long_forms: LongForms
) -> Iterator[_Candidate]:
    words = content(sentence, language)
    for number, passage in enumerate(passages):
        scores = {quotable.unit.span: quotable.score for quotable in passage.quotables}
        for place, unit in enumerate(passage.units):
            quote = Quote(passage, unit.span).text
            alike = len(shared(words, language, quote, passage.language))
            proven = held(wanted, language, quote, passage.language, long_forms)
            if alike or proven or passage.language != language:
                yield _Candidate(number, place, proven, alike, scores.get(unit.span, -math.inf))


def _quotes(passage: Passage, number: int, chosen: Sequence[_Candidate]) -> Iterator[Quote]:
    """The chosen units of one passage in reading order, neighbours as one quote."""
    runs: list[list[int]] = []
    for place in sorted(one.unit for one in chosen if one.passage == number):
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    if len(runs) > _RUNS:
        runs = [[runs[0][0], runs[-1][-1]]]
    for run in runs:
        yield Quote(passage, Span(passage.units[run[0]].span.start, passage.units[run[-1]].span.end))
