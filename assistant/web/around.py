"""What stands around the routes, from outside to inside: watch, drain, headers, names, keys, bodies, queue."""

from __future__ import annotations

import anyio.to_thread
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from assistant.web.guard.access import Keys, Names
from assistant.web.guard.body import Bodies
from assistant.web.guard.door import Door
from assistant.web.guard.headers import SecurityHeaders
from assistant.web.load.drain import Drainable
from assistant.web.load.serving import Load
from assistant.web.load.turnstile import Turnstile
from assistant.web.observe.metrics import Metrics
from assistant.web.observe.tracing import NoTraces
from assistant.web.observe.watch import Watch

_SPARE_THREADS = 16  # for what does not wait in the queue


def surround(app: FastAPI, door: Door, load: Load | None) -> None:
    """Put the checks around an application; without a load it has neither queue nor drain."""
    metrics = app.state.metrics = load.metrics if load else Metrics()
    if load:
        app.add_middleware(Turnstile, gate=load.gate, metrics=metrics)
    app.add_middleware(Bodies, metrics=metrics)
    app.add_middleware(Keys, door=door, metrics=metrics)
    app.add_middleware(  # without origins it allows none, and keeps gradio from allowing all
        CORSMiddleware,
        allow_origins=sorted(door.origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "X-Request-ID", "Mcp-Protocol-Version", "Mcp-Session-Id"],
        expose_headers=["Retry-After", "X-Request-ID", "Mcp-Session-Id"],
    )
    app.add_middleware(Names, door=door, metrics=metrics)
    app.add_middleware(SecurityHeaders)
    if load:
        app.add_middleware(Drainable, drain=load.drain)
    app.add_middleware(Watch, metrics=metrics, traces=load.traces if load else NoTraces())


def make_room(load: Load) -> None:
    """Let every admitted request have a thread to wait in; to be called in the event loop."""
    threads = anyio.to_thread.current_default_thread_limiter()
    threads.total_tokens = max(threads.total_tokens, load.gate.at_once + load.gate.queue + _SPARE_THREADS)
