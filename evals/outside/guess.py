"""The category of a case whose data has none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evals.cases import ABSTAIN, Category

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


def category_of(groups: Sequence[Sequence[str]]) -> Category:
    """By the look of the answer: a year is a date, other digits are a number, and all the rest is about a cluster."""
    first = groups[0][0]
    if first == ABSTAIN:
        return "unanswerable"
    if _YEAR.search(first):
        return "date"
    return "number" if any(c.isdigit() for c in first) else "cluster"
