"""An explanation as text for the command line, in the language of the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.catalogue import text
from assistant.explanation import Choice, Expansion, Explanation, JudgedSentence, RankedUnit, RefusalCheck, Signal
from assistant.types import Language

_WIDTH = 110  # characters of a unit's text
_MOST_SIGNALS = 6


def explanation_text(explanation: Explanation) -> str:
    """What the stages did, one thing a line."""
    return "\n".join(_lines(explanation))


def _lines(explanation: Explanation) -> Iterator[str]:
    language = explanation.language
    yield text(language, "explain_title")
    yield text(language, "explain_question", question=explanation.question, kind=explanation.kind)
    if explanation.question != explanation.asked:
        yield text(language, "explain_asked", question=explanation.asked)
    if explanation.from_facts:
        yield text(language, "explain_facts")
    yield from ("", text(language, "explain_words"))
    yield from (f"  {_expansion(expansion)}" for expansion in explanation.expansions)
    yield from ("", text(language, "explain_units"))
    for unit in explanation.units:
        yield from _unit(unit, explanation)
    if explanation.choices:
        limits = ", ".join(f"{name} {value:g}" for name, value in explanation.limits.items())
        yield from ("", text(language, "explain_choices", limits=limits))
        yield from (f"  {_choice(choice, explanation)}" for choice in explanation.choices)
    if explanation.sentences:
        yield from ("", text(language, "explain_sentences"))
        yield from (f"  {_sentence(sentence, language)}" for sentence in explanation.sentences)
    if explanation.refusal:
        yield from ("", _refusal(explanation.refusal, explanation))
        yield f"  {_sum(explanation.refusal.signals)} {explanation.refusal.bias:+.2f}"
    timings = ", ".join(f"{step} {value:g}" for step, value in explanation.timings_ms.items())
    yield from ("", text(language, "explain_timings", timings=timings))


def _expansion(expansion: Expansion) -> str:
    variants = ", ".join(f"{v.term} {v.worth:g} ({v.source})" for v in expansion.variants) or "–"
    name = " *" if expansion.is_name else ""
    return f"{expansion.word}{name} [{expansion.language}, {expansion.weight:.1f}]: {variants}"


def _unit(unit: RankedUnit, explanation: Explanation) -> Iterator[str]:
    places = text(
        explanation.language,
        "explain_places",
        words=str(unit.word_rank or "–"),
        vectors=str(unit.vector_rank or "–"),
    )
    heading = " > ".join((unit.title, *unit.section[-1:]))
    yield f"  {unit.rank:2} {unit.score:6.2f}  {places} [{unit.language}] {heading}"
    yield f"     {_short(unit.text)}"
    yield f"     {_sum(unit.signals[:_MOST_SIGNALS])}"


def _sum(signals: Sequence[Signal]) -> str:
    return " ".join(f"{s.value * s.weight:+.2f} {s.name} ({s.value:.3g} × {s.weight:g})" for s in signals if s.value)


def _choice(choice: Choice, explanation: Explanation) -> str:
    sign = "+" if choice.decision == "chosen" else "-"
    reason = text(explanation.language, f"explain_{choice.decision}")
    return f"{sign} {choice.rank:2} {reason}: {_short(choice.text)}"


def _sentence(sentence: JudgedSentence, language: Language) -> str:
    sign = "-" if sentence.decision == "removed" else "+"
    reason = text(language, f"explain_{sentence.reason or sentence.decision}")
    return f"{sign} {reason}: {_short(sentence.text)} {' '.join(f'[{marker}]' for marker in sentence.markers)}".rstrip()


def _refusal(check: RefusalCheck, explanation: Explanation) -> str:
    key = "explain_refused" if check.answerable < check.threshold else "explain_answerable"
    return text(explanation.language, key, answerable=f"{check.answerable:.2f}", threshold=f"{check.threshold:.2f}")


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= _WIDTH else f"{plain[: _WIDTH - 1]}…"
