"""The figures of the search by hand, and against trec_eval by way of ir-measures."""

from __future__ import annotations

import math
import random

import ir_measures
import pytest
from ir_measures import RR, R, Success, nDCG

from evals.retrieval import ndcg_at, recall_at, reciprocal_rank, success_at

# Evidence stands in 3 passages; the first is missed, the second has one, and so on: ranks 2 and 4 of 5.
RANKING = (False, True, False, True, False)


@pytest.mark.parametrize(("k", "expected"), [(1, 0.0), (2, 1.0), (5, 1.0)])
def test_success(k: int, expected: float) -> None:
    assert success_at(RANKING, k) == expected


@pytest.mark.parametrize(("k", "expected"), [(1, 0), (2, 1 / 3), (3, 1 / 3), (4, 2 / 3), (10, 2 / 3)])
def test_recall(k: int, expected: float) -> None:
    assert recall_at(RANKING, 3, k) == expected


def test_the_reciprocal_rank_of_the_first_hit() -> None:
    assert reciprocal_rank(RANKING) == 1 / 2
    assert reciprocal_rank((False, False)) == 0


def test_gain_is_discounted_by_rank() -> None:
    # gained at ranks 2 and 4: 1/log2(3) + 1/log2(5); at best at 1, 2 and 3: 1 + 1/log2(3) + 1/log2(4)
    gained, ideal = 1 / math.log2(3) + 1 / math.log2(5), 1 + 1 / math.log2(3) + 1 / 2
    assert ndcg_at(RANKING, 3, 10) == pytest.approx(gained / ideal)
    assert ndcg_at(RANKING, 3, 10) == pytest.approx(0.4982, abs=1e-4)
    assert ndcg_at((True, True, True), 3, 10) == 1
    assert ndcg_at(RANKING, 1, 1) == 0


def test_nothing_to_find_is_nothing_found() -> None:
    assert (recall_at((False,), 0, 10), ndcg_at((False,), 0, 10)) == (0, 0)


@pytest.mark.parametrize("seed", range(20))
def test_the_reference_library_agrees(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - examples, no secret
    ranking = tuple(chance.random() < 0.25 for _ in range(chance.randint(1, 15)))
    missed = chance.randint(0, 4)
    relevant = sum(ranking) + missed
    if not relevant:
        missed = relevant = 1
    qrels = {"q": {f"d{n}": 1 for n, hit in enumerate(ranking) if hit} | {f"m{n}": 1 for n in range(missed)}}
    run = {"q": {f"d{n}": float(-n) for n in range(len(ranking))}}
    expected = ir_measures.calc_aggregate([R @ 5, R @ 10, RR, nDCG @ 10, Success @ 3], qrels, run)
    assert expected[R @ 5] == pytest.approx(recall_at(ranking, relevant, 5))
    assert expected[R @ 10] == pytest.approx(recall_at(ranking, relevant, 10))
    assert expected[RR] == pytest.approx(reciprocal_rank(ranking))
    assert expected[nDCG @ 10] == pytest.approx(ndcg_at(ranking, relevant, 10))
    assert expected[Success @ 3] == pytest.approx(success_at(ranking, 3))
