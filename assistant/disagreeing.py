"""Where the documents disagree about what was asked: stated by a note, or seen by setting sentences side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.quoting import Excerpt, excerpt
from assistant.text.answers import answering_places
from assistant.text.disagreement import stated_disagreement
from assistant.text.kinds import asked_thing, question_kind
from assistant.text.names import named_bodies
from assistant.text.numbers import figures, stated_values
from assistant.text.values import Value, differ, values
from assistant.text.words import index_terms
from assistant.types import Disagreement, Findings, Passage, Question

_FIRST = 2  # units among which a note of contradiction may decide what the answer is
_CENTRAL = 0.95  # of the most that a quote holds of the question
_LOOKED_AT = 30  # units
_CLAUSE = 5  # words from which on a side of a contradiction is a clause
_NEAR = 1.6  # how far below the best score a sentence may lie that contradicts it
_ALIKE = 0.5  # as much of the question as the best one, at least this share, the other side must hold too
_NEAR_NOTE, _ALIKE_NOTE = 2.5, 0.4  # the same for a note, which says more than a bare statement does


_BEGINNING = re.compile(
    r"\b(?:beg[iau]nn?\w*|\w*start\w*|anfing|fing\b.*\ban|seit wann|ab wann|since when|launch\w*)\b", re.IGNORECASE
)
_PHASE_ASKED = re.compile(r"\b(?:welche[rmns]?|what|which)\s+(?:\w+\s+)?phase\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """What is disagreed about, and the excerpts that state it; a development where the values are of different times."""

    disagreement: Disagreement
    excerpts: tuple[Excerpt, ...]
    development: bool = False

    @property
    def framing(self) -> str:
        """The catalogue's key of the line before the quotes."""
        if self.development:
            return "development"
        dates = [one.passage.date for one in self.excerpts]
        return "conflict_newer" if len(set(dates)) > 1 and all(dates) else "conflict"


def find_disagreement(question: Question, findings: Findings, chosen: Sequence[Excerpt]) -> Found | None:
    """The disagreement or the development of what was asked, if the sentences found hold one."""
    return next(_stated(question, findings, chosen), None) or next(_seen(question, findings, chosen), None)


def _stated(question: Question, findings: Findings, chosen: Sequence[Excerpt]) -> Iterator[Found]:
    """A contradiction that an editor's note states, where it is about what was asked.

    Where a figure is asked for, the note must dispute the one figure that the first quote answers with; else it must be
    among the best units, and hold as much of the question as any.
    """
    figure = question_kind(question.text) in ("count", "amount", "share", "date", "frequency")
    answers = [one for one in chosen if stated_disagreement(one.quotable.text, one.passage.language) is None]
    said = _answered_figures(question, answers[0]) if figure and answers else frozenset[str]()
    most = max(sum(one.quotable.matched.values()) for one in chosen)
    for place, one in enumerate(_candidates(findings, chosen, _NEAR_NOTE, _ALIKE_NOTE)):
        found = stated_disagreement(one.quotable.text, one.passage.language)
        if found is None:
            continue
        about, written = found
        named = [value for value in written if len(value.split()) < _CLAUSE]
        disputed = any(said & stated_values(value, one.passage.language) for value in named)
        central = place < _FIRST and sum(one.quotable.matched.values()) >= _CENTRAL * most
        if disputed or (central and (not figure or not answers)):
            quote = one.quotes[-1]  # the claim's own, so that it has a marker
            yield Found(Disagreement(about, tuple((value, quote) for value in written)), (one,))


def _answered_figures(question: Question, one: Excerpt) -> frozenset[str]:
    """What a quote answers with, if that is one figure."""
    kind, language = question_kind(question.text), one.passage.language
    places = answering_places(one.text, question.text, kind, language, question.language)
    if len(places) != 1:
        return frozenset()
    return frozenset(figure.value for figure in figures(one.text[places[0].start : places[0].end], language))


def _seen(question: Question, findings: Findings, chosen: Sequence[Excerpt]) -> Iterator[Found]:
    """Two sentences that give different values of the same sort to the same thing, which is the thing asked for."""
    sides = [
        (one, value)
        for one in _candidates(findings, chosen, _NEAR, _ALIKE)
        if not stated_disagreement(one.quotable.text, one.passage.language)
        and (value := _asked_value(one.quotable.text, question, one.passage))
    ]
    for place, (first, value) in enumerate(sides):
        for second, other in sides[place + 1 :]:
            if first.overlaps(second) or _entries(first, second) or not differ(value, other):
                continue
            development = value.sort == "count" and not _same_time(first, value, second, other)
            pairs = sorted(((value, first), (other, second)), key=_time, reverse=not development)
            if not development or _time(pairs[0]) < _time(pairs[1]):
                quoted = tuple((v.written, one.quotes[-1]) for v, one in pairs)
                yield Found(Disagreement(question.text, quoted), tuple(one for _, one in pairs), development)


def _entries(first: Excerpt, second: Excerpt) -> bool:
    """Whether both are rows or items of one document: the entries of a table are about different things."""
    kinds = {first.quotable.unit.kind, second.quotable.unit.kind}
    return kinds <= {"row", "item"} and first.passage.document_id == second.passage.document_id


def _candidates(findings: Findings, chosen: Sequence[Excerpt], near: float, alike: float) -> Iterator[Excerpt]:
    """The units near the best one that are about as much of the question."""
    best = chosen[0].quotable
    wanted = sum(best.matched.values())
    found = [(passage, quotable) for passage in findings.passages for quotable in passage.quotables]
    found.sort(key=lambda pair: -pair[1].score)
    for passage, quotable in found[:_LOOKED_AT]:
        about_it = sum(quotable.matched.values()) >= alike * wanted and quotable.score > best.score - near
        one = excerpt(passage, quotable) if about_it else None
        if one:
            yield one


def _asked_value(sentence: str, question: Question, passage: Passage) -> Value | None:
    """The one value of a sentence that answers the question; a sentence with several speaks of parts."""
    kind = question_kind(question.text)
    thing = set(index_terms(asked_thing(question.text), question.language))
    asked = set(index_terms(question.text, question.language))
    others = frozenset(
        name for name in named_bodies(sentence) if not asked.intersection(index_terms(name, passage.language))
    )
    found = [
        value
        for value in values(sentence, passage.language)
        if (
            value.sort == "count"
            and kind == "count"
            and value.thing in thing
            and value.narrowing <= asked
            and not others
        )
        or (value.sort == "period" and kind == "date" and not _BEGINNING.search(question.text))
        or (value.sort == "phase" and _PHASE_ASKED.search(question.text))
    ]
    return found[0] if len(found) == 1 else None


def _same_time(first: Excerpt, value: Value, second: Excerpt, other: Value) -> bool:
    """Whether two counts are of the same time: what was counted in other years or for other years may have changed."""
    years = not value.years or not other.years or value.years == other.years
    return years and first.passage.date == second.passage.date


def _time(side: tuple[Value, Excerpt]) -> str:
    """As of when a value is stated: the year its sentence names, or the date of its document."""
    value, one = side
    return min(value.years) if len(value.years) == 1 else one.passage.date or ""
