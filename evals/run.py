"""Ask every case of an assistant, the way a user would, and keep what the stages hand on."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from assistant.index.store import Store
from assistant.pipeline import Assistant
from assistant.types import Answer, Document, Draft, Findings, Question, Turn
from evals.cases import Case
from evals.citations import citation_precision, citation_recall, claim_support
from evals.evidence import Place, places, relevant
from evals.metrics import broken_promises, faults
from evals.outcome import Outcome, Seen
from evals.share import Share

T = TypeVar("T")


@dataclass(frozen=True)
class Corpus:
    """What the index holds: its documents, and for each of them the ids and places of its passages."""

    documents: Mapping[str, Document] = field(default_factory=dict)  # by id
    passages: Mapping[str, list[tuple[str, Place]]] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> Corpus:
        """All of an index version."""
        documents = {document.id: document for d in store.documents() if (document := store.document(d.id))}
        units = [unit for language in store.unit_counts() for unit in store.searched_ids(language)]
        ids = list(dict.fromkeys(unit.chunk_id for part in _parts(units) for unit in store.units(part)))
        passages: dict[str, list[tuple[str, Place]]] = {}
        for part in _parts(ids):
            for chunk in store.chunks(part).values():
                place = Place(chunk.document.id, chunk.span.start, chunk.span.end)
                passages.setdefault(chunk.document.id, []).append((chunk.id, place))
        return cls(documents, passages)

    def text_of(self, document_id: str) -> str | None:
        """The indexed text of a document; None for one that is not there."""
        document = self.documents.get(document_id)
        return document.text if document else None


@dataclass
class Watched:
    """An assistant whose stages leave what they hand on; the last question's is kept."""

    assistant: Assistant
    findings: Findings = field(default_factory=lambda: Findings((), 0.0, ""))
    draft: Draft | None = None

    def watching(self) -> Assistant:
        """The same assistant, watched."""

        def retrieve(question: Question) -> Findings:
            self.findings = self.assistant.retrieve(question)
            return self.findings

        def draft(question: Question, findings: Findings) -> Draft:
            self.draft = self.assistant.draft(question, findings)
            return self.draft

        return dataclasses.replace(self.assistant, retrieve=retrieve, draft=draft)


def run_cases(cases: Iterable[Case], assistant: Assistant, corpus: Corpus) -> Iterator[Outcome]:
    """Yield the outcome of each case as soon as it is known; a crash is an outcome, and the other cases go on."""
    watched = Watched(assistant)
    watching = watched.watching()
    for case in cases:
        try:
            answer, seen = _asked(case, watching, watched, corpus)
            outcome = Outcome(case, answer, faults(case, answer), broken_promises(answer, corpus.text_of), seen)
        except Exception as error:  # noqa: BLE001 - a crash is a result of the evaluation
            outcome = Outcome(case, None, (f"crashed with {type(error).__name__}: {error}",))
        yield outcome


def _asked(case: Case, watching: Assistant, watched: Watched, corpus: Corpus) -> tuple[Answer, Seen]:
    turns = _earlier(case, watching)
    start = time.perf_counter()
    answer = watching.explain(case.question, turns)
    took = 1000 * (time.perf_counter() - start)
    found = places(case, list(corpus.documents.values()))
    holding = relevant(found, corpus.passages)
    return answer, Seen(
        ranking=tuple(passage.chunk_id in holding for passage in watched.findings.passages),
        relevant=len(holding),
        indexed=Share.of_all(bool(alternatives) for alternatives in found),
        answerable=watched.findings.answerable,
        precise=citation_precision(answer, found),
        recalled=citation_recall(case, answer) if answer.status != "not_found" else Share(0, 0),
        supported=claim_support(watched.draft, answer.language) if watched.draft else Share(0, 0),
        explanation=answer.explain,
        stages_ms={**answer.explain.timings_ms, "total": round(took, 1)},
    )


def ask_case(case: Case, assistant: Assistant) -> Answer:
    """Ask a case's earlier questions, then its question, in one conversation."""
    return assistant.ask(case.question, _earlier(case, assistant))


def _earlier(case: Case, assistant: Assistant) -> list[Turn]:
    turns: list[Turn] = []
    for earlier in case.history:
        reply = assistant.ask(earlier, turns)
        turns += [Turn("user", earlier), Turn("assistant", reply.answer)]
    return turns


def _parts(items: list[T], size: int = 500) -> Iterator[list[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
