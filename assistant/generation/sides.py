"""A written answer about a disagreement: taken only if it gives every side with its source."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from assistant.text.facts import facts, held
from assistant.types import Claim, Disagreement, Language, Quote


def with_sides(
    claims: Sequence[Claim], disagreements: Sequence[Disagreement], language: Language
) -> tuple[Claim, ...] | None:
    """The claims, each side's own quote among those of the claim that states it; None where a side is not stated.

    Args:
        claims: what was written.
        disagreements: what has to be in it.
        language: that of the claims.
    """
    told = list(claims)
    for one in disagreements:
        for value, quote in one.values:
            place = next((n for n, claim in enumerate(told) if _states(claim, value, quote, language)), None)
            if place is None:
                return None
            claim = told[place]
            if quote.place not in [own.place for own in claim.quotes]:
                told[place] = dataclasses.replace(claim, quotes=(*claim.quotes, quote))
    return tuple(told)


def _states(claim: Claim, value: str, quote: Quote, language: Language) -> bool:
    """Whether a claim holds a value and cites the document that gives it; a value without a figure or name cannot be read."""
    wanted = facts(value, quote.passage.language)
    cites = quote.passage.document_id in [own.passage.document_id for own in claim.quotes]
    return bool(wanted) and cites and held(wanted, quote.passage.language, claim.text, language) == wanted
