"""Errors in one shape (RFC 9457), whoever finds them: a route, a check before it, or nobody until it happened.

Below the addresses that OpenAI's clients call, the same body also holds the member `error` they read.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from assistant.errors import AssistantError, BusyError, DeadlineError, IndexUnavailableError, InvalidInputError

MEDIA_TYPE = "application/problem+json"
OPENAI_PATHS = ("/v1/chat/", "/v1/models")

_STATUS: tuple[tuple[type[AssistantError], int], ...] = (
    (InvalidInputError, 422),
    (BusyError, 429),
    (IndexUnavailableError, 503),
    (DeadlineError, 504),
)
_OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class OpenAIError(BaseModel):
    """What OpenAI's clients read."""

    message: str
    type: str
    param: str | None
    code: str | None


class Problem(BaseModel):
    """What is wrong, and what to do about it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "The question is empty.",
                    "status": 422,
                    "detail": "The question is empty. Ask in a few words.",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str = Field(description="One line: what is wrong, then what to do.")
    error: OpenAIError | None = Field(
        default=None, description="The same for OpenAI's clients; only under /v1/chat and /v1/models."
    )


class RequestError(AssistantError):
    """A request that a route cannot serve, with its HTTP status.

    Args:
        param: the field that is to blame.
        code: a short name for programs.
    """

    def __init__(self, status: int, message: str, fix: str, *, param: str | None = None, code: str | None = None):
        super().__init__(message, fix)
        self.status, self.param, self.code = status, param, code


def problem(
    status: int,
    title: str,
    detail: str,
    *,
    path: str = "",
    param: str | None = None,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """An error as a response; `path` is the address that was asked."""
    body = problem_body(status, title, detail, path=path, param=param, code=code)
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def problem_body(
    status: int, title: str, detail: str, *, path: str = "", param: str | None = None, code: str | None = None
) -> dict[str, object]:
    """The members of an error."""
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if path.startswith(OPENAI_PATHS):
        kind = "server_error" if status >= 500 else _OPENAI_TYPES.get(status, "invalid_request_error")
        body["error"] = {"message": detail, "type": kind, "param": param, "code": code}
    return body


def status_of(error: AssistantError, path: str) -> int:
    """The HTTP status that says whose turn it is."""
    if isinstance(error, RequestError):
        return error.status
    if isinstance(error, InvalidInputError) and path.startswith(OPENAI_PATHS):
        return 400  # their clients know no 422
    return next((code for kind, code in _STATUS if isinstance(error, kind)), 500)


def add_error_handlers(app: FastAPI) -> None:
    """Translate every error of an application."""
    app.add_exception_handler(AssistantError, _assistant_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unforeseen)


async def _assistant_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AssistantError)  # noqa: S101 - what this handler is registered for
    return problem(
        status_of(error, request.url.path),
        error.message,
        str(error),
        path=request.url.path,
        param=getattr(error, "param", None),
        code=getattr(error, "code", None),
        headers=getattr(error, "headers", None),
    )


async def _validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what this handler is registered for
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "body"  # the first one says body, query or path
    path = request.url.path
    if not path.startswith(OPENAI_PATHS):
        detail = f"{where}: {first['msg']}. See /docs for the form."
        return problem(422, "The request is not of the right form.", detail)
    if first["type"] == "extra_forbidden":
        title = f"The parameter {where[:64]!r} is not supported."
        return problem(400, title, f"{title} Leave it out.", path=path, param=where, code="unsupported_parameter")
    title = "The request is not of the right form."  # which OpenAI's clients know as 400
    return problem(400, title, f"{where}: {first['msg']}. See /docs for the form.", path=path, param=where)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - what this handler is registered for
    detail = f"{error.detail}. See /docs for the routes."
    return problem(error.status_code, str(error.detail), detail, path=request.url.path, headers=error.headers)


async def _unforeseen(request: Request, _: Exception) -> JSONResponse:
    """The trace is the server's to log."""
    title = "Something unexpected happened."
    detail = f"{title} The reason is in the server's log; please report it."
    return problem(500, title, detail, path=request.url.path)
