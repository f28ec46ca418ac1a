"""The checks that the engines and the gate share: whether a claim is proven by its quotes."""

from assistant.explanation import SentenceReason
from assistant.text.abbreviations import LongForms
from assistant.text.binding import belongs_elsewhere
from assistant.text.facts import facts, held
from assistant.text.meanings import content, shared
from assistant.text.measures import other_measure
from assistant.text.polarity import says_opposite
from assistant.types import Claim, Language, Passage, Quote, Span

_LEAST = 0.2  # of a sentence's words that quotes of its own language hold, in these or other words


def supported(claim: Claim, language: Language, long_forms: LongForms = ()) -> bool:
    """Whether every figure and every name of a claim stands in one of its quotes, in this or another notation.

    Args:
        claim: the claim and its quotes.
        language: the language the claim is written in, which decides how "1.500" is read.
        long_forms: see `Findings`; a name may stand in the quote in its other form.
    """
    if claim.verbatim:
        return True
    wanted = facts(claim.text, language, long_forms)
    proven = {fact for q in claim.quotes for fact in held(wanted, language, q.text, q.passage.language, long_forms)}
    return bool(claim.quotes) and proven == wanted


def fault(claim: Claim, language: Language, long_forms: LongForms = ()) -> SentenceReason | None:
    """Why a written sentence must not stand on its quotes; None where nothing speaks against it.

    Beyond `supported`: units of figures, negations, bounds and opposites, and which name or figure belongs to what.
    """
    if not supported(claim, language, long_forms) or covered(claim, language) < _LEAST:
        return "unproven"
    units = [(text, quote.passage.language) for quote in claim.quotes for text in _units(quote.passage, quote.span)]
    passages = {quote.passage.chunk_id: quote.passage for quote in claim.quotes}.values()
    around = [(text, passage.language) for passage in passages for text in _units(passage, passage.span)]
    whole, quoted_language = "\n".join(text for text, _ in units), units[0][1]
    if other_measure(claim.text, language, whole, quoted_language):
        return "measure"
    if says_opposite(claim.text, language, whole, quoted_language):
        return "opposite"
    if belongs_elsewhere(claim.text, language, units, around, long_forms):
        return "elsewhere"
    return None


def _units(passage: Passage, span: Span) -> list[str]:
    """The sentences, items and rows of a part of a passage; all of the part where it is less than one of them."""
    inside = [unit.span for unit in passage.units if span.start <= unit.span.start and unit.span.end <= span.end]
    return [Quote(passage, unit).text for unit in inside or [span]]


def covered(claim: Claim, language: Language) -> float:
    """Which share of a sentence's words its quotes hold, in these or other words of either language; 0..1."""
    words = content(claim.text, language)
    found = {word for quote in claim.quotes for word in shared(words, language, quote.text, quote.passage.language)}
    return len(found) / len(words) if words else 0.0
