"""Findings to a draft without a model: the few sentences, list items or table rows that answer, quoted exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.catalogue import text
from assistant.text.disagreement import stated_disagreement
from assistant.text.kinds import Kind, question_kind
from assistant.text.words import tokens
from assistant.types import Claim, Disagreement, Draft, Findings, Passage, Question, Quotable, Quote, Span, Unit

ENGINE = "extractive"
ANSWERABLE = 0.42  # below this the documents are taken not to hold the answer
NEAREST = 3
_LONGEST_ECHO = 60  # words of the question that a refusal repeats
_MOST_MISSING = 10

# kind of question → how many quotes at most, how many words at most, how far below the best score a quote may lie
_SHAPES: dict[Kind, tuple[int, int, float]] = {
    "list": (5, 135, 3.0),
    "comparison": (6, 140, 4.0),
}
_SHAPE = (4, 120, 2.5)
_LONGEST_LIST = 130  # words; a longer list is quoted item by item
_NEW_WORDS = 2.5  # what it is worth that a quote covers words of the question that no other covers
_SAME = 0.75  # share of common words from which on two quotes say the same
_LEANS_BACK = re.compile(
    r"(?:Dies|Diese[rsnm]?|Dabei|Hierbei|Hierzu|Hierfür|Dazu|Davon|Damit|Daher|Er|Sie|Es|Letztere[rsnm]?|Beide|Zudem"
    r"|This|These|Those|It|They|He|She|Both|Of these|Thereby|Here)\b"
)
_NOTES = 2  # quotes among which a note of contradiction decides what the answer is
_SHORT = 45  # characters below which a sentence rarely stands on its own


def draft_quotes(question: Question, findings: Findings) -> Draft:
    """Answer with quotes, or say that the documents do not hold the answer."""
    if not findings.passages or findings.answerable < ANSWERABLE:
        return not_found(question, findings)
    kind = question_kind(question.text)
    chosen = list(_choose(findings, kind))
    if not chosen:
        return not_found(question, findings)
    claims = tuple(_claim(passage, quotable) for passage, quotable in chosen)
    disagreements = tuple(_disagreements(chosen))
    if disagreements:
        return Draft("conflict", text(question.language, "conflict"), claims, ENGINE, disagreements)
    foreign = all(passage.language != question.language for passage, _ in chosen)
    return Draft("answered", text(question.language, "found_other_language" if foreign else "found"), claims, ENGINE)


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


# ---- which quotes --------------------------------------------------------------------------------------------


def _choose(findings: Findings, kind: Kind) -> Iterator[tuple[Passage, Quotable]]:
    """Take quotes one by one: the best score first, then what adds words of the question and says something new."""
    most, words, margin = _SHAPES.get(kind, _SHAPE)
    rest = [(passage, quotable) for passage in findings.passages for quotable in passage.quotables]
    best = max(quotable.score for _, quotable in rest)
    covered: set[str] = set()
    said: list[set[str]] = []
    quoted: list[tuple[str, Span]] = []
    while rest and len(said) < most:
        passage, quotable = max(rest, key=lambda pair: (_worth(pair[1], covered), -pair[1].id))
        rest.remove((passage, quotable))
        if said and _worth(quotable, covered) < best - margin:
            return
        span = _quoted_span(passage, quotable.unit)
        vocabulary = set(tokens(_slice(passage, span)))
        if _introduces(passage, span):
            continue  # the introduction of a list that does not fit says nothing
        size = len(_slice(passage, span).split())
        overlaps = any(d == passage.document_id and s.start < span.end and span.start < s.end for d, s in quoted)
        if (
            overlaps
            or any(_similar(vocabulary, other) for other in said)
            or size > (words if said else max(words, _LONGEST_LIST))
        ):
            continue
        words -= size
        covered |= quotable.matched.keys()
        said.append(vocabulary)
        quoted.append((passage.document_id, span))
        yield passage, quotable


def _worth(quotable: Quotable, covered: set[str]) -> float:
    new = sum(share for term, share in quotable.matched.items() if term not in covered)
    return quotable.score + _NEW_WORDS * (new - sum(quotable.matched.values()))


def _similar(one: set[str], other: set[str]) -> bool:
    return len(one & other) > _SAME * min(len(one), len(other))


# ---- how much of them ----------------------------------------------------------------------------------------


def _claim(passage: Passage, quotable: Quotable) -> Claim:
    quote = Quote(passage, _quoted_span(passage, quotable.unit))
    return Claim(quote.text, (quote,), verbatim=True)


def _quoted_span(passage: Passage, unit: Unit) -> Span:
    """A unit with what it needs to be understood: its whole list, or the sentence it leans on."""
    members = _list_members(passage, unit)
    if members:
        whole = Span(members[0].span.start, members[-1].span.end)
        lead = members[-1].lead
        if lead and lead.start >= passage.span.start:
            whole = Span(lead.start, whole.end)
        if len(_slice(passage, whole).split()) <= _LONGEST_LIST:
            return whole
    if unit.kind == "sentence" and _leans_back(_slice(passage, unit.span)):
        before = [other for other in passage.units if other.span.end <= unit.span.start]
        if before and before[-1].kind == "sentence":
            return Span(before[-1].span.start, unit.span.end)
    return unit.span


def _introduces(passage: Passage, span: Span) -> bool:
    return _slice(passage, span).endswith(":")


def _list_members(passage: Passage, unit: Unit) -> list[Unit]:
    """The items of the list that a unit belongs to or introduces."""
    lead = unit.lead if unit.kind == "item" else unit.span
    introduces = unit.kind == "sentence" and _slice(passage, unit.span).endswith(":")
    if unit.kind != "item" and not introduces:
        return []
    return [other for other in passage.units if other.kind == "item" and other.lead == lead]


def _leans_back(sentence: str) -> bool:
    return bool(_LEANS_BACK.match(sentence)) or len(sentence) < _SHORT


def _slice(passage: Passage, span: Span) -> str:
    offset = passage.span.start
    return passage.text[span.start - offset : span.end - offset]


# ---- disagreement --------------------------------------------------------------------------------------------


def _disagreements(chosen: list[tuple[Passage, Quotable]]) -> Iterator[Disagreement]:
    """Contradictions that an editor's note states; one far down the quotes is not about what was asked."""
    for passage, quotable in chosen[:_NOTES]:
        found = stated_disagreement(quotable.text, passage.language)
        if found:
            about, values = found
            quote = Quote(passage, _quoted_span(passage, quotable.unit))  # the claim's own, so that it has a marker
            yield Disagreement(about, tuple((value, quote) for value in values))
