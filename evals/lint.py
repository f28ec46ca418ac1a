"""Proof that a case is sound: its evidence stands in the documents and gives its answer, and its question does not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.cases import Case, is_source
from evals.evidence import spans
from evals.wording import holds_any

COPIED = 6  # words in a row that a question shares with its evidence: nobody asks in the document's words
KEY_TERMS = "key terms:"  # in the note of an unanswerable case: terms joined by " + ", other words for one by "|"

_MARKUP = re.compile(r"[*_`#]")
_WORDS = re.compile(r"[^\W_]+")
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a case."""

    case: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.case}: {self.wrong}."


def lint(cases: Sequence[Case], texts: Mapping[str, str]) -> list[Finding]:
    """Everything that is wrong with the cases.

    Args:
        cases: the cases; those of one call are compared with each other.
        texts: the documents by their names.
    """
    paragraphs = [(name, part.casefold()) for name, text in texts.items() for part in _PARAGRAPH.split(text)]
    found = [Finding(case.id, wrong) for case in cases for wrong in _wrong(case, texts, paragraphs)]
    return found + list(_said_twice(cases))


def _wrong(case: Case, texts: Mapping[str, str], paragraphs: Sequence[tuple[str, str]]) -> Iterator[str]:
    if not case.answerable:
        yield from unanswerable(case, paragraphs)
        return
    yield from evident(
        case, {name: text for name, text in texts.items() if any(is_source(s, name) for s in case.sources)}
    )
    yield from answered(case)
    yield from written(case)
    if case.category == "unanswerable":
        yield "is called unanswerable and has an answer"
    if bool(case.history) != (case.category == "followup"):
        yield "a follow-up has earlier questions, and nothing else has"


def evident(case: Case, texts: Mapping[str, str]) -> Iterator[str]:
    """Evidence stands verbatim in the documents the case names, and each of those holds some."""
    if not case.sources or not case.evidence:
        yield "names no source or no evidence"
    for source in case.sources:
        mine = [text for name, text in texts.items() if is_source(source, name)]
        if not mine:
            yield f"the document {source} is not there"
        elif not any(spans(evidence, text) for evidence in case.evidence for text in mine):
            yield f"{source} holds no evidence"
    for evidence in case.evidence:
        if not any(spans(evidence, text) for text in texts.values()):
            yield f"not verbatim in its sources: {evidence}"


def answered(case: Case) -> Iterator[str]:
    """The evidence gives the answer (the question may name one of two things), and the question alone does not."""
    asked = " ".join((*case.history, case.question))
    told = " ".join((*case.evidence, case.question))
    lacking = [" | ".join(group) for group in case.must_include if not holds_any(told, group)]
    if lacking and not case.computed:
        yield f"the evidence does not hold {lacking[0]}"
    if case.computed and not lacking:
        yield "is called computed, though the evidence says it"
    if all(holds_any(asked, group) for group in case.must_include):
        yield "the question answers itself"
    for words in case.must_not_include:
        if holds_any(told, [words]):
            yield f"the evidence holds {words}, which is forbidden"
    for evidence in case.evidence:
        if run := _shared_run(case.question, evidence):
            yield f"the question copies its evidence: {run}"


def written(case: Case) -> Iterator[str]:
    """Alternatives are written so that each can decide something."""
    for group in case.must_include:
        plain = [alternative.casefold() for alternative in group]
        for alternative in plain:
            if _MARKUP.search(alternative):
                yield f"Markdown is ignored in answers: {alternative}"
            if re.fullmatch(r"\d", alternative.strip()) and alternative != f" {alternative.strip()} ":
                yield f"a lone digit occurs everywhere, set spaces around it: {alternative}"
            if any(other in alternative for other in plain if other != alternative) or plain.count(alternative) > 1:
                yield f"another alternative covers this one: {alternative}"


def unanswerable(case: Case, paragraphs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """No paragraph of a document holds all key terms, so that none can hold the answer.

    Args:
        paragraphs: document names with one of their paragraphs, casefolded.
    """
    if (case.category, case.sources, case.evidence) != ("unanswerable", (), ()):
        yield "has no answer, but another category, sources or evidence"
    terms = [[word.casefold() for word in term.split("|")] for term in key_terms(case)]
    if not terms:
        yield f'its note names no key terms ("{KEY_TERMS} BioCity + rent|lease")'
        return
    for name, text in paragraphs:
        if all(any(word in text for word in term) for term in terms):
            yield f"{name} holds all its key terms: {' '.join(text.split())[:120]}"


def key_terms(case: Case) -> list[str]:
    """What a paragraph with the answer would have to hold, from the case's note."""
    _, _, terms = case.note.partition(KEY_TERMS)
    return [term for term in re.sub(r"^\s|\s$", "", terms).split(" + ") if term.strip()]


def _shared_run(question: str, evidence: str) -> str:
    """The words in a row that both have, where there are many."""
    asked, told = _WORDS.findall(question.casefold()), f" {' '.join(_WORDS.findall(evidence.casefold()))} "
    for start in range(len(asked) - COPIED + 1):
        run = " ".join(asked[start : start + COPIED])
        if f" {run} " in told:
            return run
    return ""


def _said_twice(cases: Sequence[Case]) -> Iterator[Finding]:
    """The same question, or the same answer out of the same evidence in the same category."""
    same: dict[object, list[Case]] = defaultdict(list)
    for case in cases:
        same["asked", case.lang, _plain(case.question), case.history].append(case)
        if case.answerable:
            answer = frozenset(frozenset(group) for group in case.must_include)
            same["told", case.lang, case.category, answer, frozenset(case.evidence), case.history].append(case)
    for first, *others in same.values():
        for other in others:
            yield Finding(other.id, f"asks what {first.id} asks")


def _plain(question: str) -> str:
    return " ".join(_WORDS.findall(question.casefold()))
