"""How well a unit found fits the question: its signals, and the weights that make one score of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.index.stored import StoredChunk, StoredUnit
from assistant.index.subjects import Subjects
from assistant.nearness import Nearness
from assistant.query import Pool, WrittenWord
from assistant.text.kinds import holds_kind, question_kind
from assistant.trace import note
from assistant.types import Question, Quotable

# Fitted by benchmarks/fit.py on the development cases.
WEIGHTS: Mapping[str, float] = {
    "names_found": 0.7,  # against the unit that is about most of the names
    "names_and_rest": 0.61,  # about the names and lacking little
    "predicate": 0.15,
    "words_here": 0.24,
    "worded": 0.53,
    "cosine": 6.16,
    "cosine_rest": 7.89,  # to the question without its names, which draw everything about a body
    "cosine_passage": 1.95,
    "cosine_usual": -4.25,
    "lack": -1.41,
    "kind": 0.49,
    "fact": 0.35,  # of the kind asked for, about a body that is asked about
    "states": 0.27,  # of the kind asked for, about any body
    "year": 0.19,
}


def judged(
    question: Question,
    pool: Pool,
    written: Sequence[WrittenWord],
    units: Sequence[StoredUnit],
    chunks: Mapping[str, StoredChunk],
    subjects: Subjects,
    near: Nearness,
    worded: Mapping[int, float],
    stating: frozenset[int],
    of_kind: frozenset[int],
) -> Iterator[Quotable]:
    """The units of one language's pool with their signals, without a score.

    Args:
        question: what is searched for.
        pool: the question in the words of that language.
        written: the question's words in the order of `near`'s.
        units: what was found.
        chunks: the units' chunks by id.
        subjects: tells what whole documents are about.
        near: their cosines to the question.
        worded: the scores of those that were found by words.
        stating: those that state a fact of the kind asked for about a body that is asked about.
        of_kind: those that state a fact of the kind asked for about any body.
    """
    kind = question_kind(question.text)
    best_worded = max(worded.values(), default=0.0) or 1.0
    about = {document: pool.about(document, subjects) for document in {unit.document_id for unit in units}}
    whole = {chunk_id: pool.coverage(chunk.body) for chunk_id, chunk in chunks.items()}
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
        names = min(pool.share({**topic, **around, **matched}, names=True), 1.0)
        lack = pool.lack(written, near.words[unit.id].tolist(), matched)
        signals = {
            "names": names,
            "names_and_rest": names * (1.0 - lack),
            "predicate": pool.share(matched, names=False),
            "words_here": pool.weight_of(body, names=False),
            "worded": worded.get(unit.id, 0.0) / best_worded,
            "cosine": near.unit[unit.id],
            "cosine_rest": near.rest[unit.id],
            "cosine_passage": near.passage[unit.chunk_id],
            "cosine_usual": near.usual[unit.id],
            "lack": lack,
            "kind": float(holds_kind(text, kind, pool.language)),
            "fact": float(unit.id in stating),
            "states": float(unit.id in of_kind),
            "year": pool.share_of_years(matched),
        }
        yield Quotable(unit.id, unit.chunk_id, unit.unit, text, 0.0, signals, matched)


def ranked(quotables: Sequence[Quotable]) -> list[Quotable]:
    """All units found with their scores, best first.

    What a unit is about counts against the best of all: names that no unit is about tell none of them from the others.
    """
    note("weights", weights=WEIGHTS)
    most = max((quotable.signals["names"] for quotable in quotables), default=1.0) or 1.0
    scored = [_scored(replace(q, signals={**q.signals, "names_found": q.signals["names"] / most})) for q in quotables]
    return sorted(scored, key=lambda quotable: (-quotable.score, quotable.id))


def _scored(quotable: Quotable) -> Quotable:
    return replace(quotable, score=sum(weight * quotable.signals[name] for name, weight in WEIGHTS.items()))


def _without(matched: Mapping[str, float], others: Iterable[str]) -> dict[str, float]:
    return {word: share for word, share in matched.items() if word not in others}
