"""What a day may cost: never exceeded, kept over a restart, by several at once, and where nothing can be written."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ModelUnavailableError
from assistant.generation.budget import Allowance, Budget
from assistant.generation.tokens import Usage

USES = st.tuples(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))


def budget(folder: Path, allowance: Allowance, day: str = "2026-01-01") -> Budget:
    return Budget(allowance, folder / "state" / "usage.json", lambda: day)


def taken(budget: Budget, usage: Usage) -> bool:
    try:
        budget.reserve(usage)
    except ModelUnavailableError as error:
        return error.told != "degraded_budget"
    return True


def test_without_a_limit_nothing_is_counted(tmp_path: Path) -> None:
    free = budget(tmp_path, Allowance())
    assert taken(free, Usage(10**9, 10**9))
    free.settle(Usage(1, 1), Usage(1, 1))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("allowance", "fits", "too_much"),
    [
        (Allowance(tokens=1_000), Usage(600, 400), Usage(1, 0)),
        (Allowance(cost=1.0, price_input=2, price_output=10), Usage(100_000, 80_000), Usage(0, 1)),
        (Allowance(tokens=1_000, cost=1.0, price_output=10_000), Usage(900, 100), Usage(1, 0)),
        (Allowance(tokens=1_000, cost=1.0, price_output=10_000), Usage(0, 100), Usage(0, 1)),
    ],
)
def test_it_is_spent_to_the_last_token(tmp_path: Path, allowance: Allowance, fits: Usage, too_much: Usage) -> None:
    first = budget(tmp_path, allowance)
    assert taken(first, fits)
    assert not taken(first, too_much)
    assert not taken(budget(tmp_path, allowance), too_much), "after a restart"
    assert taken(budget(tmp_path, allowance, "2026-01-02"), fits), "on the next day"


def test_what_was_not_needed_is_given_back(tmp_path: Path) -> None:
    one = budget(tmp_path, Allowance(tokens=1_000))
    assert taken(one, Usage(500, 500))
    one.settle(Usage(500, 500), Usage(400, 100))
    assert taken(one, Usage(500, 0))
    assert not taken(one, Usage(1, 0))


def test_several_at_once_do_not_exceed_it(tmp_path: Path) -> None:
    budgets = [budget(tmp_path, Allowance(tokens=1_000)) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda n: taken(budgets[n % 4], Usage(30, 0)), range(60)))
    assert sum(done) == 33


@given(st.lists(USES, max_size=8))
def test_whatever_is_asked_the_limit_holds(
    tmp_path_factory: pytest.TempPathFactory, uses: list[tuple[int, ...]]
) -> None:
    one, used = budget(tmp_path_factory.mktemp("b"), Allowance(tokens=1_000)), 0
    for sent, written, less_sent, less_written in uses:
        most = Usage(sent, written)
        if taken(one, most):
            real = Usage(min(sent, less_sent), min(written, less_written))
            one.settle(most, real)
            used += real.sent + real.written
    assert used <= 1_000


def test_midnight_between_taking_and_giving_back_leaves_no_debt(tmp_path: Path) -> None:
    days = iter(["2026-01-01", "2026-01-01", *["2026-01-02"] * 9])
    one = Budget(Allowance(tokens=1_000), tmp_path / "usage.json", lambda: next(days))
    assert taken(one, Usage(500, 500))
    one.settle(Usage(500, 500), Usage(1, 1))
    assert taken(one, Usage(1_000, 0))
    assert not taken(one, Usage(1, 0))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"day": 1}', b"\xff"])
def test_a_damaged_file_begins_anew(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "usage.json").write_bytes(content)
    assert taken(budget(tmp_path, Allowance(tokens=10)), Usage(10, 0))
    assert "begins anew" in caplog.text


def test_where_nothing_can_be_written_it_is_counted_here(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "state").write_text("a file where the folder should be", encoding="utf-8")
    one = budget(tmp_path, Allowance(tokens=10))
    with caplog.at_level(logging.WARNING):
        assert taken(one, Usage(10, 0))
        assert not taken(one, Usage(1, 0))
    assert "in this process only" in caplog.text
