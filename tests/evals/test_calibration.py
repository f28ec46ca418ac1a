from __future__ import annotations

import pytest
from sklearn.metrics import brier_score_loss

from evals.calibration import Bin, bins, brier_score, expected_calibration_error

PREDICTED = [0.95, 0.92, 0.55, 0.51, 0.1]
TRUE = [True, True, True, False, False]


def test_predictions_are_binned_by_tenths() -> None:
    last, middle, first = bins(PREDICTED, TRUE)[::-1]
    assert (last.count, last.predicted, last.observed) == (2, pytest.approx(0.935), 1.0)
    assert (middle.count, middle.predicted, middle.observed) == (2, pytest.approx(0.53), 0.5)
    assert first == Bin(1, 0.1, 0.0)
    assert bins([1.0], [True]) == [Bin(1, 1.0, 1.0)]  # the upper end belongs to the last bin


def test_the_calibration_error() -> None:
    # |0.935 - 1| * 2/5 + |0.53 - 0.5| * 2/5 + |0.1 - 0| * 1/5
    assert expected_calibration_error(PREDICTED, TRUE) == pytest.approx(0.026 + 0.012 + 0.02)
    assert expected_calibration_error([1.0, 0.0], [True, False]) == 0
    assert expected_calibration_error([], []) is None


def test_the_brier_score() -> None:
    # 0.05² + 0.08² + 0.45² + 0.51² + 0.1² over 5
    assert brier_score(PREDICTED, TRUE) == pytest.approx((0.0025 + 0.0064 + 0.2025 + 0.2601 + 0.01) / 5)
    assert brier_score(PREDICTED, TRUE) == pytest.approx(brier_score_loss(TRUE, PREDICTED))
    assert brier_score([], []) is None
