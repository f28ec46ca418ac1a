"""Ways to break the assistant that the suite must notice: after each, a gate is missed that was kept before."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.extractive import draft_quotes, not_found
from assistant.pipeline import Assistant
from assistant.types import Answer, Citation, Draft, Findings, Language, Question
from evals.cases import Case
from evals.gates import Gate, check_gates
from evals.run import Corpus, run_cases
from evals.summary import summarise

OLD = 4  # every so many documents is missing from an old index

Mutation = Callable[[Assistant, Corpus], tuple[Assistant, Corpus]]

_FIGURE = re.compile(r"(?<!\[)\b\d+\b(?!\])")


@dataclass(frozen=True, slots=True)
class Caught:
    """A mutation and the gates that it made miss."""

    mutation: str
    gates: tuple[str, ...]


def retrieval_off(assistant: Assistant, corpus: Corpus) -> tuple[Assistant, Corpus]:
    """The search finds nothing."""

    def retrieve(question: Question) -> Findings:
        return Findings((), 0.0, assistant.retrieve(question).index_version)

    return dataclasses.replace(assistant, retrieve=retrieve, draft=_without_facts), corpus


def language_off(language: Language) -> Mutation:
    """Nothing that is written in one language is found or quoted."""

    def mutate(assistant: Assistant, corpus: Corpus) -> tuple[Assistant, Corpus]:
        def retrieve(question: Question) -> Findings:
            found = assistant.retrieve(question)
            return dataclasses.replace(found, passages=tuple(p for p in found.passages if p.language != language))

        def draft(question: Question, findings: Findings) -> Draft:
            drafted = assistant.draft(question, findings)
            quoted = {quote.passage.language for claim in drafted.claims for quote in claim.quotes}
            return drafted if language not in quoted else _without_facts(question, findings)

        return dataclasses.replace(assistant, retrieve=retrieve, draft=draft), corpus

    return mutate


def citations_shifted(assistant: Assistant, corpus: Corpus) -> tuple[Assistant, Corpus]:
    """Each marker points to the citation of the next one."""

    def shifted(answer: Answer) -> Answer:
        markers = [citation.marker for citation in answer.citations]
        following = dict(zip(markers, [*markers[1:], *markers[:1]], strict=True))
        return dataclasses.replace(
            answer, citations=tuple(dataclasses.replace(c, marker=following[c.marker]) for c in answer.citations)
        )

    return _verified(assistant, shifted), corpus


def spans_shifted(assistant: Assistant, corpus: Corpus) -> tuple[Assistant, Corpus]:
    """Each citation points one character too far."""

    def moved(citation: Citation) -> Citation:
        return dataclasses.replace(citation, start=citation.start + 1, end=citation.end + 1)

    return _verified(
        assistant, lambda answer: dataclasses.replace(answer, citations=tuple(map(moved, answer.citations)))
    ), corpus


def refusing_always(assistant: Assistant, corpus: Corpus) -> tuple[Assistant, Corpus]:
    """Nothing is answered."""
    return dataclasses.replace(assistant, draft=not_found), corpus


def refusing_never(assistant: Assistant, corpus: Corpus) -> tuple[Assistant, Corpus]:
    """Whatever is found is taken for an answer."""

    def retrieve(question: Question) -> Findings:
        return dataclasses.replace(assistant.retrieve(question), answerable=1.0)

    return dataclasses.replace(assistant, retrieve=retrieve), corpus


def figures_altered(assistant: Assistant, corpus: Corpus) -> tuple[Assistant, Corpus]:
    """Every number of an answer is one too high."""

    def altered(answer: Answer) -> Answer:
        return dataclasses.replace(answer, answer=_FIGURE.sub(lambda m: str(int(m[0]) + 1), answer.answer))

    return _verified(assistant, altered), corpus


def old_index(assistant: Assistant, corpus: Corpus) -> tuple[Assistant, Corpus]:
    """The index was made before some of the documents were there."""
    names = sorted(document.name for document in corpus.documents.values())
    later = {d.id for d in corpus.documents.values() if names.index(d.name) % OLD == 0}

    def retrieve(question: Question) -> Findings:
        found = assistant.retrieve(question)
        return dataclasses.replace(found, passages=tuple(p for p in found.passages if p.document_id not in later))

    def draft(question: Question, findings: Findings) -> Draft:
        drafted = assistant.draft(question, findings)
        quoted = {quote.passage.document_id for claim in drafted.claims for quote in claim.quotes}
        return _without_facts(question, findings) if quoted & later else drafted

    older = Corpus(
        {name: document for name, document in corpus.documents.items() if name not in later},
        {name: passages for name, passages in corpus.passages.items() if name not in later},
    )
    return dataclasses.replace(assistant, retrieve=retrieve, draft=draft), older


MUTATIONS: Mapping[str, Mutation] = {
    "retrieval off": retrieval_off,
    "German off": language_off("de"),
    "English off": language_off("en"),
    "citations shifted by one": citations_shifted,
    "spans shifted by one": spans_shifted,
    "refusing always": refusing_always,
    "refusing never": refusing_never,
    "figures altered": figures_altered,
    "an old index": old_index,
}


def caught(cases: Sequence[Case], assistant: Assistant, corpus: Corpus, gates: Mapping[str, Gate]) -> Iterator[Caught]:
    """For each mutation the gates that are missed with it and kept without it."""
    # the search takes most of the time and is the same each time
    assistant = dataclasses.replace(assistant, retrieve=lru_cache(maxsize=None)(assistant.retrieve))
    sound = _missed(cases, assistant, corpus, gates)
    for name, mutate in MUTATIONS.items():
        yield Caught(
            name, tuple(gate for gate in _missed(cases, *mutate(assistant, corpus), gates) if gate not in sound)
        )


def _missed(cases: Sequence[Case], assistant: Assistant, corpus: Corpus, gates: Mapping[str, Gate]) -> list[str]:
    figures = summarise(list(run_cases(cases, assistant, corpus))).figures()
    return [check.name for check in check_gates(gates, figures, cases) if check.missed]


def _verified(assistant: Assistant, change: Callable[[Answer], Answer]) -> Assistant:
    def verify(question: Question, findings: Findings, draft: Draft) -> Answer:
        return change(assistant.verify(question, findings, draft))

    return dataclasses.replace(assistant, verify=verify)


def _without_facts(question: Question, findings: Findings) -> Draft:
    """Quotes of what was found, or a refusal; the table of facts is not asked."""
    return draft_quotes(question, findings) if findings.passages else not_found(question, findings)
