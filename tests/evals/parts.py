"""Cases, answers and an assistant of plain functions for the tests of the evaluation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.explanation import Explanation
from assistant.pipeline import Assistant
from assistant.types import Answer, Citation, Document, Draft, Findings, Language, Question, Turn
from evals.cases import ABSTAIN, Case
from evals.evidence import Place
from evals.metrics import faults
from evals.outcome import Outcome, Seen
from evals.run import Corpus
from evals.share import Share

TEXT = "The harbour of Kleinhaven runs 17 cranes. The newest crane lifts 90 tonnes."
TEXTS = {"harbour": TEXT}
HARBOUR = Document(
    "harbour", "en/harbour.md", "Harbour report", None, None, None, "en", None, None, None, None, "hash", TEXT
)
CORPUS = Corpus(
    {"harbour": HARBOUR}, {"harbour": [("first", Place("harbour", 0, 41)), ("second", Place("harbour", 42, 74))]}
)


def case(**changes: Any) -> Case:
    """An answerable English case about the harbour."""
    fields: dict[str, Any] = {
        "id": "f001-en",
        "lang": "en",
        "category": "number",
        "question": "How many cranes does the harbour run?",
        "history": [],
        "must_include": [["17", "seventeen"]],
        "must_not_include": [],
        "sources": ["en/harbour.md"],
        "evidence": ["runs 17 cranes"],
        "note": "",
    }
    return Case.model_validate(fields | changes)


def unanswerable(**changes: Any) -> Case:
    """A case that must be refused."""
    refused = {"category": "unanswerable", "must_include": [[ABSTAIN]], "sources": [], "evidence": []}
    return case(**(refused | changes))


def citation(marker: int = 1, quote: str = "The harbour of Kleinhaven runs 17 cranes.", **changes: Any) -> Citation:
    """A citation of the harbour's text."""
    start = TEXT.find(quote)
    fields: dict[str, Any] = {
        "marker": marker,
        "document_id": "harbour",
        "title": "Harbour report",
        "publisher": None,
        "date": None,
        "language": "en",
        "section": (),
        "page": None,
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "url": "/v1/documents/harbour",
    }
    return Citation(**(fields | changes))


def answer(text: str = "The harbour of Kleinhaven runs 17 cranes. [1]", **changes: Any) -> Answer:
    """An answer with one citation, right for `case()`."""
    fields: dict[str, Any] = {
        "id": "a1",
        "status": "answered",
        "answer": text,
        "language": "en",
        "engine": "extractive",
        "degraded": False,
        "rewritten_question": None,
        "citations": (citation(),),
        "conflicts": (),
        "index_version": "v1",
        "timings_ms": {"total": 10.0},
    }
    return Answer(**(fields | changes))


def refusal(**changes: Any) -> Answer:
    """An answer that says nothing was found."""
    return answer("The documents do not say.", **({"status": "not_found", "citations": ()} | changes))


def explanation(**changes: Any) -> Explanation:
    """How an answer came about, without anything to tell."""
    fields: dict[str, Any] = {
        "asked": "How many cranes?", "question": "How many cranes?", "language": "en", "kind": "number", "embedded": "",
        "from_facts": False, "expansions": (), "units": (), "limits": {}, "choices": (), "sentences": (), "refusal": None,
        "timings_ms": {},
    }  # fmt: skip
    return Explanation(**(fields | changes))


def seen(**changes: Any) -> Seen:
    """What was measured of an answer whose evidence came first."""
    fields: dict[str, Any] = {
        "ranking": (True, False), "relevant": 1, "indexed": Share(1, 1), "answerable": 0.9, "precise": Share(1, 1),
        "recalled": Share(1, 1), "supported": Share(1, 1), "explanation": explanation(), "stages_ms": {"total": 10.0},
    }  # fmt: skip
    return Seen(**(fields | changes))


def outcome(asked: Case, given: Answer | None, broken: tuple[str, ...] = (), **changes: Any) -> Outcome:
    """What became of a case; `changes` are those of `seen`."""
    told = faults(asked, given) if given else ("crashed with KeyError: 'x'",)
    return Outcome(asked, given, told, broken, seen(**changes) if given else None)


@dataclass
class Script:
    """What a scripted assistant answers, and what it was asked: the question and the turns before it."""

    reply: Callable[[str], Answer]
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def assistant(self) -> Assistant:
        """An assistant whose stages are plain functions."""

        def rewrite(asked: str, history: Sequence[Turn], language: Language | None) -> Question:
            self.asked.append((asked, tuple(history)))
            return Question(asked, asked, language or "en")

        return Assistant(
            rewrite=rewrite,
            retrieve=lambda question: Findings((), 0.0, "v1"),
            draft=lambda question, findings: Draft("answered", "", (), "extractive"),
            verify=lambda question, findings, draft: self.reply(question.text),
        )
