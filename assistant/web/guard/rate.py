"""How often one caller may ask."""

from __future__ import annotations

import time
from collections.abc import Callable

from cachetools import LRUCache

_CALLERS = 10_000  # remembered; who has not asked for longest is forgotten, which is to his good
_MINUTE = 60.0


class Rate:
    """So many requests a minute, at an even pace with a tenth of a minute's requests at once (GCRA, a leaky bucket as a meter).

    Args:
        a_minute: 0 for no limit.
        now: a clock in seconds.
    """

    def __init__(self, a_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._pause = _MINUTE / a_minute if a_minute else 0.0
        self._ahead = self._pause * max(1, a_minute // 10)
        self._due: LRUCache[str, float] = LRUCache(_CALLERS)
        self._now = now

    def wait(self, *callers: str) -> float:
        """Seconds until these callers may ask again, 0 for now; then it counts for all of them."""
        now = self._now()
        due = {caller: max(self._due.get(caller, now), now) for caller in callers}
        late = max(due.values(), default=now) + self._pause - now - self._ahead
        if self._pause and late <= 1e-9:
            self._due.update({caller: at + self._pause for caller, at in due.items()})
        return max(0.0, late) if self._pause and late > 1e-9 else 0.0
