"""The application: routers, error translation, chat. `create_app` takes its parts; nothing happens at import."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from assistant import __version__
from assistant.errors import AssistantError, IndexUnavailableError, InvalidInputError
from assistant.pipeline import Service
from assistant.web import ask, documents, facts, health, search

MAX_BODY = 256_000  # bytes; a question and its history fit many times

_STATUS: tuple[tuple[type[AssistantError], int], ...] = ((InvalidInputError, 422), (IndexUnavailableError, 503))


def create_app(service: Service, *, with_chat: bool = True) -> FastAPI:
    """Build the application.

    Args:
        service: the assistant and its index.
        with_chat: mount the web chat at `/` (importing gradio takes seconds).
    """
    app: FastAPI = FastAPIOffline(  # the page at /docs comes with its own scripts instead of asking a foreign host
        title="Clusterlotse",
        version=__version__,
        summary="Answers about German life-science clusters, with citations that hold to the character.",
    )
    app.state.service = service
    app.add_exception_handler(AssistantError, _assistant_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.middleware("http")(_limit_body)
    for router in (ask.router, search.router, documents.router, facts.router, health.router):
        app.include_router(router)
    app.add_api_route(
        "/v1/{path:path}", _unknown_route, methods=["GET", "POST", "PUT", "DELETE"], include_in_schema=False
    )
    if with_chat:
        from assistant.web.chat import mount_chat

        mount_chat(app, service)
    return app


def problem(status: int, title: str, detail: str) -> JSONResponse:
    """An error in the shape of RFC 9457."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")


async def _unknown_route(path: str, request: Request) -> None:
    """Answer for the API what the chat mounted at / would otherwise answer with a page."""
    if any(getattr(route, "path", None) == f"/v1/{path}" for route in request.app.routes):
        raise HTTPException(405, f"The route /v1/{path} does not take {request.method}")
    raise HTTPException(404, f"There is no route /v1/{path[:64]}")


async def _assistant_error(_: Request, error: Exception) -> JSONResponse:
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    return problem(status, getattr(error, "message", "Error"), str(error))


async def _validation_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what this handler is registered for
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body") or "body"
    return problem(422, "The request is not of the right form.", f"{where}: {first['msg']}. See /docs for the form.")


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - what this handler is registered for
    return problem(error.status_code, str(error.detail), f"{error.detail}. See /docs for the routes.")


async def _limit_body(request: Request, call_next):  # type: ignore[no-untyped-def]
    """Refuse a body that is too large before it is read; one that comes in chunks does not say how large it is."""
    if request.url.path.startswith("/v1/"):
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or "transfer-encoding" in request.headers:
            return problem(411, "The request does not state its length.", "Send the body with a Content-Length.")
        if int(length) > MAX_BODY:
            return problem(413, "The request is too large.", f"Send at most {MAX_BODY:,} bytes.")
    return await call_next(request)
