"""Answers out of the table of facts: comparisons, rankings, lists of values and since when. None where anything is unsure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.catalogue import text
from assistant.cited_facts import CitedFact, cited_fact
from assistant.index.facts import Fact
from assistant.index.store import Store
from assistant.support import supported
from assistant.text.bodies import KnownBodies, KnownForms, body_key, same_body
from assistant.text.factual import (
    Condition,
    FactualQuestion,
    asked_kind,
    names_clusters,
    qualifier,
    read_question,
    word_for,
)
from assistant.text.words import index_terms
from assistant.types import Claim, Draft, Question, Quote, Span

ENGINE = "extractive"
_FEWEST_RANKED = 3  # bodies from which on a ranking means something
_MOST_RANKED = 12
_MOST_COMPARED = 500  # bodies up to which they are compared with one another
_ABOVE = re.compile(r"über|mehr als|gut\b|over|more than", re.IGNORECASE)
_NEXT = 3  # characters between two sentences that are quoted as one


def fact_answer(question: Question, store: Store) -> Draft | None:
    """Answer a question from the facts of the documents, each value with its quote; None where it is not for sure.

    Args:
        question: ready to be searched.
        store: whose facts are taken.
    """
    kind = asked_kind(question.text, question.language)
    if kind is None:
        return None
    known = store.known_bodies(kind)
    attributes = store.fact_attributes(kind) if kind == "followers" else ()
    read = read_question(question.text, question.language, known, attributes)
    if read is None:
        return None
    if read.task in ("rank", "select"):
        return _ranking(question, read, store) if known.count <= _MOST_COMPARED else None
    long_forms = known.long_forms
    rows: list[CitedFact] = []
    for body in read.bodies:
        stated = store.facts(kind=kind, subjects=known.same(body))
        about = _about(body, [fact for fact in stated if _has_attribute(fact, read)], long_forms)
        for attribute in read.attributes or (None,):
            same = [f for f in about if attribute is None or f.entry.attribute == attribute]
            row = cited_fact(body, same, question, store)
            if row is None or not _understood(read, row, question):
                return None
            rows.append(row)
    return _comparison(question, read, rows) if len(rows) > 1 else _look_up(question, rows[0])


def _has_attribute(fact: Fact, read: FactualQuestion) -> bool:
    if read.attributes:
        return fact.entry.attribute in read.attributes
    return fact.entry.attribute == read.attribute


def _about(body: str, facts: Sequence[Fact], long_forms: KnownForms) -> list[Fact]:
    """The facts about a body: those with just its name, else those with a longer or shorter one."""
    key = "".join(body_key(body))
    exact = [fact for fact in facts if "".join(body_key(fact.entry.subject)) == key]
    return exact or [fact for fact in facts if same_body(fact.entry.subject, body, long_forms)]


# ---- one body ------------------------------------------------------------------------------------------------


def _understood(read: FactualQuestion, row: CitedFact, question: Question) -> bool:
    """Whether the quote or its headings hold all of the question that is not read otherwise."""
    passage = row.quote.passage
    held = set(index_terms(" ".join((*(quote.text for quote in row.quotes), *passage.section)), passage.language))
    return all(set(index_terms(word, question.language)) <= held for word in read.rest)


# ---- answers -------------------------------------------------------------------------------------------------


def _look_up(question: Question, row: CitedFact) -> Draft | None:
    if len(row.quotes) > 1 and row.quotes[0].span.end + _NEXT < row.quote.span.start:
        return None  # the sentence that names the body is too far away to be quoted with it
    quote = Quote(row.quote.passage, Span(row.quotes[0].span.start, row.quote.span.end))
    at = quote.text.rfind(row.fact.entry.written)
    strong = (Span(at, at + len(row.fact.entry.written)),) if at >= 0 else ()
    foreign = quote.passage.language != question.language
    framing = text(question.language, "found_other_language" if foreign else "found")
    return Draft("answered", framing, (Claim(quote.text, (quote,), verbatim=True, strong=strong),), ENGINE)


def _comparison(question: Question, read: FactualQuestion, rows: Sequence[CitedFact]) -> Draft | None:
    language = question.language
    what = word_for(read.kind, read.attribute, language)
    ordered = _ordered(read, rows)
    if read.task == "compare" and len(rows) > 2 and what:
        return _drafted(question, _ranked(question, read, ordered, what))
    if read.task == "compare" and read.kind in ("founded", "members", "staff", "followers") and what:
        first, *others = ordered
        if first.order != others[0].order:
            key = _KEYS[read.kind == "founded", read.wants_most, False]
            listed = ", ".join(
                text(language, "fact_at", value=_value(row, question), subject=_label(row, read)) for row in others
            )
            sentence = text(
                language,
                key,
                subject=f"**{_label(first, read)}**",
                what=what,
                value=_value(first, question),
                others=listed.removesuffix("."),  # of "e. V."
            )
            return _drafted(question, [Claim(sentence, _proof(ordered), verbatim=False)])
    lines = [Claim(_line(row, read, question), row.quotes, verbatim=False) for row in (ordered if what else rows)]
    return _drafted(question, lines)


def _clusters(read: FactualQuestion, store: Store) -> Iterator[Fact]:
    """The facts asked for, about clusters: they say so, or the cluster's members are counted somewhere."""
    counted = [fact.entry.subject for fact in store.facts(kind="members") if fact.entry.attribute == "total"]
    clusters = KnownBodies(counted, store.long_forms())
    for fact in store.facts(kind=read.kind):
        if _has_attribute(fact, read) and (names_clusters(fact.quote) or clusters.same(fact.entry.subject)):
            yield fact


def _ranking(question: Question, read: FactualQuestion, store: Store) -> Draft | None:
    long_forms = store.long_forms()
    groups: list[list[Fact]] = []
    for fact in _clusters(read, store):
        group = next((g for g in groups if same_body(g[0].entry.subject, fact.entry.subject, long_forms)), None)
        groups.append([fact]) if group is None else group.append(fact)
    rows = []
    for group in groups:
        usual, _ = Counter(fact.entry.value for fact in group).most_common(1)[0]
        body = group[0].entry.subject
        row = cited_fact(body, group, question, store) or cited_fact(
            body, [fact for fact in group if fact.entry.value == usual], question, store
        )
        if row and _understood(read, row, question):
            rows.append(row)
    what = word_for(read.kind, read.attribute, question.language)
    if read.condition:
        rows = [row for row in rows if _holds(row, read.condition)]
        return _drafted(
            question, [Claim(_line(r, read, question), r.quotes, verbatim=False) for r in _ordered(read, rows)]
        )
    if len(rows) < _FEWEST_RANKED or not what:
        return None
    ordered = _ordered(read, rows)
    (same_time, _), *_ = Counter(row.fact.entry.period for row in rows).most_common(1)
    if ordered[0].fact.entry.period != same_time:
        return None  # the first of all is no part of what was compared with it at the same time
    first, *lines = _ranked(question, read, ordered[:_MOST_RANKED], what)
    return _drafted(question, [first, *(line for line in lines if supported(line, question.language))])


def _holds(row: CitedFact, condition: Condition) -> bool:
    """Whether a body's value is one that is asked for; a date is compared as far as the question gives it."""
    value, wanted = row.fact.entry.value, condition.value
    order = (value[: len(wanted)] > wanted) - (value[: len(wanted)] < wanted)
    if row.fact.entry.measure != "date":
        order = (float(value) > float(wanted)) - (float(value) < float(wanted))
    if condition.relation == "more" and order == 0:  # "over 200" is more than 200
        return bool(_ABOVE.match(row.fact.entry.written))
    return {"same": order == 0, "more": order > 0, "less": order < 0}[condition.relation]


def _ranked(question: Question, read: FactualQuestion, ordered: Sequence[CitedFact], what: str) -> list[Claim]:
    """A sentence about the first, and about those that are as far, then a line for each other one."""
    first, *others = ordered
    ties = [row for row in others if row.order == first.order]
    key = _KEYS[read.kind == "founded", read.wants_most, True]
    subject = " / ".join(f"**{_label(row, read)}**" for row in (first, *ties))
    sentence = text(question.language, key, subject=subject, what=what, value=_value(first, question))
    claims = [Claim(sentence, _proof((first, *ties)), verbatim=False)]
    return claims + [Claim(_line(row, read, question), row.quotes, verbatim=False) for row in others if row not in ties]


_KEYS = {
    (True, True, False): "fact_older",
    (True, False, False): "fact_younger",
    (True, True, True): "fact_oldest",
    (True, False, True): "fact_youngest",
    (False, True, False): "fact_more",
    (False, False, False): "fact_fewer",
    (False, True, True): "fact_most",
    (False, False, True): "fact_fewest",
}


def _ordered(read: FactualQuestion, rows: Sequence[CitedFact]) -> list[CitedFact]:
    """The one that is asked for first; the earliest date is the most of age."""
    if any(row.fact.entry.measure not in ("date", "number", "EUR", "USD", "%") for row in rows):
        return list(rows)
    return sorted(rows, key=lambda row: row.order, reverse=read.wants_most != (read.kind == "founded"))


def _line(row: CitedFact, read: FactualQuestion, question: Question) -> str:
    line = text(question.language, "fact_each", subject=_label(row, read), value=_value(row, question))
    return f"\n- {line}"


def _label(row: CitedFact, read: FactualQuestion) -> str:
    return row.attribute if read.attributes else row.subject


def _value(row: CitedFact, question: Question) -> str:
    entry = row.fact.entry
    if entry.language != question.language and entry.measure != "place":
        return f"{qualifier(entry.written, question.language)}{entry.value}"
    return entry.written if entry.measure == "place" else entry.written[:1].lower() + entry.written[1:]


def _proof(rows: Sequence[CitedFact]) -> tuple[Quote, ...]:
    return tuple({quote.place: quote for row in rows for quote in row.quotes}.values())


def _drafted(question: Question, claims: Sequence[Claim]) -> Draft | None:
    """The claims if all are proven by their quotes; their lines begin behind the first."""
    if not claims or not all(supported(claim, question.language) for claim in claims):
        return None
    first, *others = claims
    return Draft("answered", "", (replace(first, text=first.text.lstrip()), *others), ENGINE)
