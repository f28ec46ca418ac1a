"""The check that every engine and the gate share: whether a claim is proven by its quotes."""

from assistant.text.facts import facts, held
from assistant.types import Claim, Language


def supported(claim: Claim, language: Language) -> bool:
    """Whether every figure and every name of a claim stands in one of its quotes, in this or another notation.

    Args:
        claim: the claim and its quotes.
        language: the language the claim is written in, which decides how "1.500" is read.
    """
    if claim.verbatim:
        return True
    wanted = facts(claim.text, language)
    proven = {fact for q in claim.quotes for fact in held(wanted, language, q.text, q.passage.language)}
    return bool(claim.quotes) and proven == wanted
