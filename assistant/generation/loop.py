"""The event loop that providers are called in: their clients keep connections that belong to one loop."""

from __future__ import annotations

import asyncio
import threading
from functools import cache

_starting = threading.Lock()


def model_loop() -> asyncio.AbstractEventLoop:
    """The one loop of this process, running in its own thread since it was first needed."""
    with _starting:
        return _started()


@cache
def _started() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="chat-model", daemon=True).start()
    return loop
