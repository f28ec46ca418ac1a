"""The application: routers, errors, tools for agents, chat. `create_app` takes its parts; nothing happens at import."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from assistant import __version__
from assistant.imports import Imports
from assistant.pipeline import Service
from assistant.web import (
    ask,
    bring,
    completions,
    corpus,
    documents,
    evidence,
    facts,
    feedback,
    health,
    index,
    metrics,
    models,
    originals,
    search,
    source,
)
from assistant.web.around import make_room, surround
from assistant.web.guard.door import Door
from assistant.web.load.serving import Load
from assistant.web.mcp_server import Endpoint
from assistant.web.openapi import describe
from assistant.web.problems import add_error_handlers

_STATIC = Path(__file__).parent / "static"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

ROUTERS = (
    ask.router, search.router, documents.router, originals.router, facts.router, index.router,
    completions.router, models.router, feedback.router, evidence.router, bring.router, source.router, corpus.router,
    health.router, metrics.router,
)  # fmt: skip


def create_app(
    service: Service,
    *,
    with_chat: bool = True,
    files: Path | None = None,
    door: Door | None = None,
    load: Load | None = None,
) -> FastAPI:
    """Build the application.

    Args:
        service: the assistant and its index.
        with_chat: mount the web chat at `/` (importing gradio takes seconds).
        files: folder of the files that were indexed, which are given out; None: they are not.
        door: who may come in; None: as on loopback, where no key is asked for.
        load: the queue, cache and figures that the service shares with it, see `load.serving`; None: no queue.
    """
    app = _routed(Endpoint(service), files, door, load)
    app.state.service, app.state.imports = service, Imports(service.index.settings)
    if with_chat:
        from assistant.web.chat.page import mount_chat

        mount_chat(app, service)
    return app


def described() -> dict[str, Any]:
    """The OpenAPI document; it is the same whatever is served."""
    return _routed(Endpoint(cast(Service, None)), None, None, None).openapi()  # no route is called


def _routed(tools: Endpoint, files: Path | None, door: Door | None, load: Load | None) -> FastAPI:
    """The application with all routes but the chat's."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if load:
            make_room(load)
        async with tools.running():
            yield

    app: FastAPI = FastAPIOffline(  # the page at /docs comes with its own scripts instead of asking a foreign host
        title="Clusterlotse",
        version=__version__,
        summary="Answers about German life-science clusters, with citations that hold to the character.",
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,  # what generated clients call it
    )
    app.state.originals = originals.Originals(files)
    add_error_handlers(app)
    surround(app, door or Door(), load)
    for router in ROUTERS:
        app.include_router(router)
    describe(app)
    app.router.routes.append(Route("/mcp", tools))
    app.router.routes.append(Route("/v1/{path:path}", _Unknown(app)))
    app.mount("/lotse", StaticFiles(directory=_STATIC))
    return app


class _Unknown:
    """Answers for the API, whatever the method, what the chat mounted at / would otherwise answer with a page."""

    def __init__(self, app: FastAPI) -> None:
        self._known = [route for route in app.routes if not isinstance(route, Mount)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        allowed = [one for one in _METHODS if self._takes({**scope, "method": one})]
        if allowed:
            raise HTTPException(
                405, f"The route {path[:64]} does not take {method[:16]}", headers={"Allow": ", ".join(allowed)}
            )
        raise HTTPException(404, f"There is no route {path[:64]}")

    def _takes(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Match.FULL for route in self._known)
