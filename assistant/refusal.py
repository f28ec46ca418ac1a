"""How likely the documents hold the answer at all, judged from what the search found.

No single sign decides: cosines of relevant and irrelevant text overlap. The weights are those of a logistic regression over
the 500 questions of evals/cases, on the shipped corpus and on its sources, together with the same questions after the
passages that answer them were held out (cross-validated by fact; figures in the closing note of the change).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from assistant.text.kinds import question_kind
from assistant.types import Quotable

_LOOKED_AT = 20  # units
_NONE = -0.12  # cosine signal where no unit qualifies
_USUALLY_OUT = 1.8  # standard deviations, over the answerable cases
_FULLY_NAMED = 0.85  # share of the question's names from which on a unit is about its subject
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BIAS = -3.55
_WEIGHTS: Mapping[str, float] = {
    "score": 0.549,
    "cosine_of_kind": 35.4,  # the nearest unit that holds a thing of the kind asked for
    "quantity_asked": -1.73,  # numbers are asked for easily and given rarely
    "cosine_stands_out": 1.23,  # in standard deviations of the units looked at
    "cosine": -28.0,
    "words_of_kind": 1.826,  # the asking words held by a unit of the right kind about the right subject
    "year_missing": -1.985,
}


def answerability(question: str, found: Sequence[Quotable]) -> float:
    """0..1, from the units found, best first; 0 where there are none."""
    units = found[:_LOOKED_AT]
    if not units:
        return 0.0
    cosines = [unit.signals["cosine"] for unit in units]
    of_kind = [unit.signals for unit in units if unit.signals["kind"]]
    kind = question_kind(question)
    years = _YEAR.findall(question) if kind not in ("reason", "fact", "person") else []
    signals = {
        "score": units[0].score,
        "cosine_of_kind": max((signals["cosine"] for signals in of_kind), default=_NONE),
        "quantity_asked": float(kind in ("count", "amount", "share")),
        "cosine_stands_out": _standing_out(cosines),
        "cosine": max(cosines),
        "words_of_kind": max((s["predicate"] for s in of_kind if s["names"] > _FULLY_NAMED), default=0.0),
        "year_missing": float(bool(years) and not any(year in units[0].matched for year in years)),
    }
    return 1 / (1 + math.exp(-_BIAS - sum(_WEIGHTS[name] * value for name, value in signals.items())))


def _standing_out(cosines: Sequence[float]) -> float:
    """By how many standard deviations the nearest unit is nearer than the rest; in a small index, where there is hardly a
    rest to stand out from, each unit that is lacking counts as usual."""
    mean = sum(cosines) / len(cosines)
    deviation = math.sqrt(sum((cosine - mean) ** 2 for cosine in cosines) / len(cosines))
    lacking = _LOOKED_AT - len(cosines)
    return ((max(cosines) - mean) / (deviation + 0.001) * len(cosines) + _USUALLY_OUT * lacking) / _LOOKED_AT
