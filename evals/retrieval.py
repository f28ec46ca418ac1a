"""How early the search finds what holds the evidence. Pure functions over one ranking; the run's figure is their mean.

A ranking says for each passage found, best first, whether it holds evidence; `relevant` is how many passages of the whole
index do. Every passage counts alike (binary relevance), as in trec_eval, against which the tests check these.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def success_at(ranking: Sequence[bool], k: int) -> float:
    """1 where one of the first k passages holds evidence, else 0 (Success@k of trec_eval)."""
    return float(any(ranking[:k]))


def recall_at(ranking: Sequence[bool], relevant: int, k: int) -> float:
    """Share of the relevant passages that are among the first k (R@k of trec_eval). One fact often stands in several passages."""
    return sum(ranking[:k]) / relevant if relevant else 0.0


def reciprocal_rank(ranking: Sequence[bool]) -> float:
    """1 over the rank of the first relevant passage, 0 without one (RR; its mean is MRR, Voorhees, TREC-8 QA, 1999)."""
    return next((1 / rank for rank, hit in enumerate(ranking, 1) if hit), 0.0)


def ndcg_at(ranking: Sequence[bool], relevant: int, k: int) -> float:
    """Gain discounted by log2(rank + 1), in parts of the best possible order (nDCG@k, Järvelin and Kekäläinen, 2002)."""
    gained = sum(1 / math.log2(rank + 1) for rank, hit in enumerate(ranking[:k], 1) if hit)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, k) + 1))
    return gained / ideal if ideal else 0.0
