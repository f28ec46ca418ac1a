from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

from evals.stats import (
    Interval,
    bootstrap_interval,
    cohens_kappa,
    detectable_difference,
    mcnemar,
    paired_interval,
)

# ---- intervals -----------------------------------------------------------------------------------------------


def test_an_interval_holds_the_mean_and_shrinks_with_the_cases() -> None:
    few = bootstrap_interval([1.0, 1.0, 1.0, 0.0] * 10, range(40))
    many = bootstrap_interval([1.0, 1.0, 1.0, 0.0] * 100, range(400))
    assert few is not None
    assert many is not None
    assert few.low < 0.75 < few.high
    assert many.high - many.low < few.high - few.low
    # the normal approximation: 1.96 * sqrt(.75 * .25 / 400) = .0424 on either side
    assert (many.low, many.high) == (pytest.approx(0.7076, abs=0.01), pytest.approx(0.7924, abs=0.01))


def test_the_same_fact_in_two_languages_is_one_observation() -> None:
    values = [1.0, 1.0, 0.0, 0.0] * 25
    apart = bootstrap_interval(values, range(100))
    together = bootstrap_interval(values, [number // 2 for number in range(100)])
    assert apart is not None
    assert together is not None
    assert together.high - together.low > 1.3 * (apart.high - apart.low)  # sqrt(2) wider


def test_an_interval_is_the_same_in_every_run() -> None:
    assert bootstrap_interval([1.0, 0.0, 1.0], "abc") == bootstrap_interval([1.0, 0.0, 1.0], "abc")
    assert bootstrap_interval([1.0, 1.0], "ab") == Interval(1.0, 1.0)
    assert bootstrap_interval([], []) is None


def test_a_paired_interval_knows_what_stayed() -> None:
    before, after = [1.0] * 80 + [0.0] * 20, [1.0] * 90 + [0.0] * 10
    found = paired_interval(before, after, range(100))
    assert found is not None
    assert found.low > 0  # ten better, none worse
    assert found.low < 0.1 < found.high


# ---- tests ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("better", "worse", "expected"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (5, 0, 2 / 32),
        (6, 1, 2 * (1 + 7) / 128),  # nothing or one of seven, on either side
        (3, 3, 1.0),
    ],
)
def test_mcnemar_by_hand(better: int, worse: int, expected: float) -> None:
    assert mcnemar(better, worse) == pytest.approx(expected)


@pytest.mark.parametrize(("better", "worse"), [(12, 4), (4, 12), (30, 31), (100, 60), (700, 900)])
def test_mcnemar_is_the_binomial_test(better: int, worse: int) -> None:
    assert mcnemar(better, worse) == pytest.approx(binomtest(better, better + worse, 0.5).pvalue)


def test_the_difference_a_run_can_show() -> None:
    # about (1.96 + 0.84) * sqrt(.1 / 900) = .0295 where few verdicts change
    assert detectable_difference(900, 0.1) == pytest.approx(0.0295, abs=5e-4)
    hundred, many, steady = (detectable_difference(*each) for each in ((100, 0.1), (400, 0.1), (400, 0.05)))
    assert hundred is not None
    assert many is not None
    assert steady is not None
    assert hundred > many > steady


def test_too_few_cases_show_nothing() -> None:
    # all changes one way: (1.96 * sqrt(.1) + .8416 * sqrt(.1 - .1²))² / .1² = 76.1 cases are needed
    assert detectable_difference(76, 0.1) is None
    assert detectable_difference(77, 0.1) == pytest.approx(0.1, abs=1e-3)
    assert detectable_difference(0, 0.1) is None
    assert detectable_difference(100, 0.0) is None


def test_the_difference_is_found_four_times_in_five() -> None:
    cases, changing = 900, 0.1
    difference = detectable_difference(cases, changing)
    assert difference is not None
    up, down = (changing + difference) / 2, (changing - difference) / 2
    drawn = np.random.default_rng(1).multinomial(cases, [up, down, 1 - changing], size=2_000)
    found = np.mean([mcnemar(int(better), int(worse)) < 0.05 for better, worse, _ in drawn])
    assert 0.74 < found < 0.84  # the exact test is a little stricter than the formula


# ---- agreement -----------------------------------------------------------------------------------------------


def test_kappa_by_hand() -> None:
    # agreed 3 of 4; by chance right and right .75 * .5 + wrong and wrong .25 * .5 = .5; (.75 - .5) / (1 - .5)
    assert cohens_kappa("RRRW", "RRWW") == pytest.approx(0.5)
    assert cohens_kappa("RW", "RW") == 1
    assert cohens_kappa("RW", "WR") == -1
    assert cohens_kappa("RR", "RR") is None  # chance alone explains it
    assert cohens_kappa("", "") is None


def test_kappa_agrees_with_scikit_learn() -> None:
    one, other = list("RRRWWMMRWMRRW"), list("RRWWMMMRWRRWW")
    found = cohens_kappa(one, other)
    assert found is not None
    assert math.isclose(found, cohen_kappa_score(one, other))
