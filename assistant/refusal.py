"""How likely the documents hold the answer at all, judged from what the search found.

No single sign decides: cosines of relevant and irrelevant text overlap. The weights are those of a logistic regression over
the development cases, on the shipped corpus, on the documents it was made from and on documents about other clusters, together
with the same questions after the units that answer them were held out. `python benchmarks/fit.py` makes them again, with
cross-validated figures.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from assistant.text.kinds import Kind, question_kind
from assistant.trace import note
from assistant.types import Quotable

LOOKED_AT = 10  # units
_TELLING = 3  # units of which one should be of the year that is asked for
_SHORT, _LONG = 8, 16  # words of a question between which its length tells
_ABSENT = 3  # units that may say themselves that something is not known
BIAS = -5.983
WEIGHTS: Mapping[str, float] = {
    "score": 1.142,
    "quantity_asked": -1.45,  # numbers are asked for easily and given rarely
    "year_missing": -4.013,
    "attribute_missing": -2.299,
    "joint": 2.495,  # one unit is about the names, lacks nothing else, and holds the kind of thing asked for
    "length": 0.393,  # of a long question more is left unmatched
    "said_absent": -1.525,
}

# A year that has to be in the answer; "before 2000" is answered by other years.
_YEAR = re.compile(r"(?<!vor )(?<!nach )(?<!before )(?<!after )\b(?:19|20)\d\d\b")
_YES_OR_NO = re.compile(
    r"\W*(?:ist|sind|war|waren|hat|haben|hatte|kann|können|wird|werden|gibt|muss|müssen|soll|darf|braucht"
    r"|is|are|was(?= (?:it|the|there|an?|he|she|they|(?-i:[A-Z])))|were|can|could|do|does|did|has|have|will|would|should|must)\b",
    re.IGNORECASE,
)
_NO_YEAR = ("reason", "person", "comparison")
_NOT_GIVEN = re.compile(
    r"\b(?:nennt|nennen|enthält|steht|sagt|gibt) [^.]{0,80}\b(?:nicht|kein\w*)\b|\bkeine? (?:Zahl|Angabe)(?:en)?\b"
    r"|\b(?:gives?|names?|states?|mentions?|contains?) (?:no|neither)\b"
    r"|\b(?:does|do|is|are) not (?:give|name|say|state|mention|contain)\w*",
    re.IGNORECASE,
)
# Things asked for by name that have a form of their own.
_ATTRIBUTES = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(given, re.IGNORECASE))
    for asked, given in (
        (r"\b(?:\w*telefon\w*|durchwahl|phone|telephone)\b", r"\+?\d[\d /()-]{6,}"),
        (r"\be-?mail", "@"),
        (
            r"\b(?:wie alt|how old|geboren|born|geburts\w*|birth\w*)\b",
            r"\b(?:geboren|born|jahrgang|jahre alt|years old|aged|gegründet|founded|established|gründung\w*|besteht seit)\b",
        ),
        (
            r"\b(?:\w*gehalt|verdien\w*|salar\w+|earns?(?! (?:its|their)\b)|wages?|lohn)\b",
            r"\b(?:\w*gehalt\w*|verdien\w*|salar\w+|wages?|vergütung|entgelt\w*)\b",
        ),
        (r"\b(?:adresse|anschrift|postleitzahl|address|postcode)\b", r"\b\d{5}\b|stra(?:ß|ss)e\b|\bstr\.|street"),
    )
)


def answerability(question: str, found: Sequence[Quotable]) -> float:
    """0..1, from the units found, best first; 0 where there are none."""
    signals = refusal_signals(question, found)
    if not signals:
        return 0.0
    note("refusal", signals=signals, weights=WEIGHTS, bias=BIAS)
    return 1 / (1 + math.exp(-BIAS - sum(WEIGHTS[name] * value for name, value in signals.items())))


def refusal_signals(question: str, found: Sequence[Quotable]) -> dict[str, float]:
    """What speaks for and against an answer; empty where nothing was found."""
    units = found[:LOOKED_AT]
    if not units:
        return {}
    best = units[0]
    kind = question_kind(question)
    years = _YEAR.findall(question) if kind not in _NO_YEAR else []
    asked = [given for name, given in _ATTRIBUTES if name.search(question)]
    return {
        "score": best.score,
        "quantity_asked": float(kind in ("count", "amount", "share") and not _YES_OR_NO.match(question)),
        "year_missing": float(
            bool(years) and not any(year in unit.matched for unit in units[:_TELLING] for year in years)
        ),
        "attribute_missing": float(any(not any(given.search(unit.text) for unit in units) for given in asked)),
        "joint": max(_joint(unit.signals, kind) for unit in units),
        "length": float(min(max(len(question.split()), _SHORT), _LONG)),
        "said_absent": sum(bool(_NOT_GIVEN.search(unit.text)) for unit in units[:_ABSENT]) / _ABSENT,
    }


def _joint(signals: Mapping[str, float], kind: Kind) -> float:
    """How far one unit is about the names, lacks nothing else and holds the kind of thing asked for.

    A fact of the kind makes up for words; not so with people, of whom it is the word that tells the office.
    """
    rest = 1.0 - signals["lack"]
    return min(signals["names"], rest if kind == "person" else max(rest, signals["states"])) * signals["kind"]
