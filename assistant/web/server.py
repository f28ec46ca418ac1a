"""`lotse serve`: the real parts, the application around them, and the process they run in."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

import uvicorn

from assistant.models import SentenceEmbeddings, embedder_name
from assistant.pipeline import Assistant, build_service
from assistant.settings import Settings
from assistant.web.api import create_app
from assistant.web.guard.door import Door
from assistant.web.load.drain import Drain, DrainingServer
from assistant.web.load.gate import Gate
from assistant.web.load.serving import serving
from assistant.web.load.workers import Workers
from assistant.web.observe.logs import set_up_logging
from assistant.web.observe.tracing import traces_to

_TIDYING = 5  # seconds beyond the deadline of the last request


def serve(settings: Settings, host: str, port: int, door: Door, *, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        settings: of everything.
        host: address to listen on.
        port: port to listen on.
        door: who may come in.
        ready: called when the parts are loaded.

    Raises:
        AssistantError: the parts cannot be built.
    """
    set_up_logging(settings.log, questions=settings.log_questions)
    with ExitStack() as at_the_end:
        traces = traces_to(settings.traces)
        at_the_end.callback(traces.close)
        workers: Workers | None = None
        if settings.workers:  # they start while the model is loaded here
            workers = Workers(settings.workers, partial(_in_a_worker, settings), embedder_name(settings))
            at_the_end.callback(workers.close)
        service = build_service(settings)
        if workers:
            workers.ready(service.index.embedder)
        service, load = serving(service, settings, traces=traces, workers=workers)
        application = create_app(service, files=settings.originals, door=door, load=load)
        ready()
        uvicorn_server(application, settings, load.drain, load.gate, host, port).run()


def _in_a_worker(settings: Settings, embedder: SentenceEmbeddings) -> Assistant:
    set_up_logging(settings.log, questions=settings.log_questions)
    return build_service(settings, embedder).assistant


def uvicorn_server(
    application: object, settings: Settings, drain: Drain, gate: Gate, host: str, port: int
) -> DrainingServer:
    """The server around an application, as the settings want it."""
    config = uvicorn.Config(
        application,  # type: ignore[arg-type]
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # it would hold addresses as they were called; see observe/watch.py
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        timeout_graceful_shutdown=math.ceil(settings.deadline) + _TIDYING,
    )
    return DrainingServer(config, drain, gate, settings.drain)
