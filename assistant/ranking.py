"""How well a unit found fits the question: its signals, and the weights that make one score of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.index.stored import Sibling, StoredChunk, StoredUnit
from assistant.index.subjects import Subjects
from assistant.nearness import Nearness
from assistant.query import Pool
from assistant.text.kinds import holds_kind, question_kind
from assistant.trace import note
from assistant.types import Question, Quotable

# Fitted by benchmarks/fit.py on the development cases.
WEIGHTS: Mapping[str, float] = {
    "names": 0.72,
    "predicate": 0.77,
    "names_here": -0.11,
    "names_near": 0.21,
    "words_here": 0.32,
    "worded": 0.63,
    "cosine": 6.7,
    "cosine_abroad": -4.15,  # across languages the cosine says less
    "cosine_passage": 8.75,
    "cosine_usual": -3.3,
    "similar_words": 1.93,
    "similar_words_abroad": 0.65,
    "other_language": 0.07,
    "kind": 0.52,
    "fact": 0.57,
    "source_line": -0.1,
}
_SOURCE_LINE = re.compile(r"(?:Quelle|Source|Quellen|Sources)\s*:")


def judged(
    question: Question,
    pool: Pool,
    units: Sequence[StoredUnit],
    chunks: Mapping[str, StoredChunk],
    siblings: Mapping[str, Sequence[Sibling]],
    subjects: Subjects,
    near: Nearness,
    worded: Mapping[int, float],
    stating: frozenset[int],
) -> Iterator[Quotable]:
    """The units of one language's pool with their signals and scores.

    Args:
        question: what is searched for.
        pool: the question in the words of that language.
        units: what was found.
        chunks: the units' chunks by id.
        siblings: all units of these chunks, in reading order.
        subjects: tells what whole documents are about.
        near: their cosines to the question.
        worded: the scores of those that were found by words.
        stating: those that state a fact of the kind asked for about a body that is asked about.
    """
    note("weights", weights=WEIGHTS)
    kind = question_kind(question.text)
    best_worded = max(worded.values(), default=0.0) or 1.0
    about = {document: pool.about(document, subjects) for document in {unit.document_id for unit in units}}
    whole = {
        chunk_id: pool.coverage(frozenset().union(*(unit.body for unit in all_units)))
        for chunk_id, all_units in siblings.items()
    }
    contexts: dict[frozenset[str], dict[str, float]] = {}  # units under one heading share it
    for unit in units:
        chunk = chunks[unit.chunk_id]
        offset = chunk.span.start
        text = chunk.text[unit.unit.span.start - offset : unit.unit.span.end - offset]
        if unit.context not in contexts:
            contexts[unit.context] = pool.coverage(unit.context)
        body, context = pool.coverage(unit.body), contexts[unit.context]
        matched = {**context, **body}
        around = {w: share for w, share in _without(whole[unit.chunk_id], matched).items() if not w.isdigit()}
        topic = _without(about[unit.document_id], {**matched, **around})
        other = float(pool.language != question.language)
        signals = {
            "names": min(pool.share({**topic, **around, **matched}, names=True), 1.0),
            "predicate": pool.share(matched, names=False),
            "names_here": pool.weight_of(body, names=True),
            "names_near": pool.weight_of(around, names=True),
            "words_here": pool.weight_of(body, names=False),
            "worded": worded.get(unit.id, 0.0) / best_worded,
            "cosine": near.unit[unit.id],
            "cosine_abroad": near.unit[unit.id] * other,
            "cosine_passage": near.passage[unit.chunk_id],
            "cosine_usual": near.usual[unit.id],
            "background": near.background,
            "similar_words": near.words[unit.id],
            "similar_words_abroad": near.words[unit.id] * other,
            "other_language": other,
            "kind": float(holds_kind(text, kind, pool.language)),
            "fact": float(unit.id in stating),
            "source_line": float(bool(_SOURCE_LINE.match(text))),
        }
        score = sum(WEIGHTS.get(name, 0.0) * value for name, value in signals.items())
        yield Quotable(unit.id, unit.chunk_id, unit.unit, text, score, signals, matched)


def _without(matched: Mapping[str, float], others: Iterable[str]) -> dict[str, float]:
    return {word: share for word, share in matched.items() if word not in others}
