"""A fact about one body with the quotes that prove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.index.facts import Fact
from assistant.index.store import Store
from assistant.text.bodies import body_key
from assistant.types import Passage, Question, Quote


@dataclass(frozen=True, slots=True)
class CitedFact:
    """What is known about one body: a fact, the quote that states it, and one that names the body where that does not."""

    subject: str
    fact: Fact
    quotes: tuple[Quote, ...]
    attribute: str

    @property
    def quote(self) -> Quote:
        """The one that states the fact."""
        return self.quotes[-1]

    @property
    def order(self) -> tuple[float, str]:
        """What dates, or numbers, are compared by."""
        value = self.fact.entry.value
        return (0.0, value) if self.fact.entry.measure == "date" else (float(value), "")


def cited_fact(body: str, facts: Sequence[Fact], question: Question, store: Store) -> CitedFact | None:
    """The fact about a body that is quoted; None where the documents differ, or no quote says what it is about."""
    agreed = _agreed(facts)
    for fact in sorted(agreed, key=lambda fact: _rank(fact, question)):
        quotes = _quotes(fact, store)
        if quotes:
            return CitedFact(fact.entry.subject, fact, quotes, fact.entry.attribute)
    return None


def _rank(fact: Fact, question: Question) -> tuple[bool, int, bool, bool, int]:
    """Which fact is quoted first: in the question's language, the finest value, one sentence that also names the body."""
    entry, sentence = fact.entry, fact.quote.rstrip().endswith(".")
    return (
        entry.language != question.language, -len(entry.value), not sentence, not _names(fact.quote, entry.subject), len(fact.quote)
    )  # fmt: skip


def _agreed(facts: Sequence[Fact]) -> list[Fact]:
    """The facts of the newest documents, if they agree: 2023-09 agrees with 2023-09-12."""
    newest = max((fact.entry.period or "" for fact in facts), default="")
    if len({fact.entry.value for fact in facts}) > 1 and any(fact.entry.period != newest for fact in facts):
        facts = [fact for fact in facts if fact.entry.period == newest]
    values = {fact.entry.value for fact in facts}
    finest = max(values, key=len, default="")
    dated = all(fact.entry.measure == "date" for fact in facts)
    if len(values) > 1 and not (dated and all(finest.startswith(value) for value in values)):
        return []
    return list(facts)


def _quotes(fact: Fact, store: Store) -> tuple[Quote, ...]:
    """The sentence that states a fact, after the nearest one before it that names the body; empty where none does."""
    chunk = store.chunks([fact.chunk_id])[fact.chunk_id]
    units = tuple(store.units_of([fact.chunk_id])[fact.chunk_id])
    document = chunk.document
    passage = Passage(
        chunk.id, document.id, document.name, document.title, document.publisher, document.date, chunk.language,
        chunk.section, chunk.page, chunk.span, chunk.text, 0.0, units, (),
    )  # fmt: skip
    stating = Quote(passage, fact.span)
    if _names(stating.text, fact.entry.subject):
        return (stating,)
    for unit in reversed([unit for unit in units if unit.span.end <= fact.span.start]):
        naming = Quote(passage, unit.span)
        if _names(naming.text, fact.entry.subject):
            return naming, stating
    return ()


def _names(quote: str, subject: str) -> bool:
    return "".join(body_key(subject)) in "".join(body_key(quote))
