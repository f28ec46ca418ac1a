from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.batching import Batcher


def test_one_item_is_worked_on_at_once() -> None:
    assert Batcher(lambda items: [item * 2 for item in items])(4) == 8


def test_what_waits_is_worked_on_together() -> None:
    first, seen, go = threading.Event(), list[list[int]](), threading.Event()

    def work(items: list[int]) -> list[int]:
        seen.append(items)
        first.set()
        assert go.wait(10)
        return [-item for item in items]

    batcher = Batcher(work, most=4)
    with ThreadPoolExecutor(10) as pool:
        alone = pool.submit(batcher, 0)
        assert first.wait(10)
        others = [pool.submit(batcher, item) for item in range(1, 8)]
        while len(batcher._waiting) < 7:
            threading.Event().wait(0.001)
        go.set()
        assert [alone.result(), *(other.result() for other in others)] == [-item for item in range(8)]
    assert [len(items) for items in seen] == [1, 4, 3]
    assert sorted(item for items in seen for item in items) == list(range(8))


@pytest.mark.parametrize("results", [[], [1, 2]])
def test_an_error_reaches_who_asked_and_nobody_later(results: list[int]) -> None:
    answers = iter([results, [7]])
    batcher = Batcher(lambda _: next(answers))
    with pytest.raises(ValueError, match="zip"):
        batcher(1)
    assert batcher(2) == 7
