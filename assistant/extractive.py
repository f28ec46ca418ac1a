"""Findings to a draft without a model: the few sentences, list items or table rows that answer, quoted exactly."""

from __future__ import annotations

from assistant.catalogue import text
from assistant.choosing import choose
from assistant.disagreeing import find_disagreement
from assistant.quoting import Excerpt
from assistant.text.answers import answering_places
from assistant.text.kinds import Kind, question_kind
from assistant.types import Claim, Draft, Findings, Question

ENGINE = "extractive"
ANSWERABLE = 0.5  # below this the documents are taken not to hold the answer
NEAREST = 3
_LONGEST_ECHO = 60  # words of the question that a refusal repeats
_MOST_MISSING = 10


def draft_quotes(question: Question, findings: Findings) -> Draft:
    """Answer with quotes, or say that the documents do not hold the answer."""
    if not findings.passages or findings.answerable < ANSWERABLE:
        return not_found(question, findings)
    chosen = list(choose(question, findings))
    if not chosen:
        return not_found(question, findings)
    found = find_disagreement(question, findings, chosen)
    if found:
        chosen = [*found.excerpts, *(one for one in chosen if not any(one.overlaps(other) for other in found.excerpts))]
    kind = question_kind(question.text)
    claims = tuple(_claim(one, question, kind) for one in chosen)
    if found:
        framing = text(question.language, found.framing)
        if found.development:
            return Draft("answered", framing, claims, ENGINE)
        return Draft("conflict", framing, claims, ENGINE, (found.disagreement,))
    foreign = all(one.passage.language != question.language for one in chosen)
    return Draft("answered", text(question.language, "found_other_language" if foreign else "found"), claims, ENGINE)


def _claim(one: Excerpt, question: Question, kind: Kind) -> Claim:
    """An excerpt as a claim that is its own proof, with what was asked for in bold."""
    strong = answering_places(one.text, question.text, kind, one.passage.language, question.language)
    return Claim(one.text, one.quotes, verbatim=True, strong=strong)


def not_found(question: Question, findings: Findings) -> Draft:
    """The refusal: no claim, but what was looked for and which documents come nearest."""
    language = question.language
    titles = list(dict.fromkeys(passage.title for passage in findings.passages))[:NEAREST]
    sentences = [text(language, "not_found", looked_for=_shortened(question.text))]
    if findings.missing:
        sentences.append(text(language, "not_found_unknown", words=", ".join(findings.missing[:_MOST_MISSING])))
    if titles:
        sentences.append(text(language, "not_found_nearest", documents="; ".join(titles)))
    return Draft("not_found", " ".join(sentences), (), ENGINE)


def _shortened(question: str) -> str:
    words = question.split()
    return question if len(words) <= _LONGEST_ECHO else f"{' '.join(words[:_LONGEST_ECHO])} …"
