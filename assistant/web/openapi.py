"""The description of the interface at /openapi.json, of which docs/openapi.json is a copy (`make openapi` renews it)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI

from assistant.pipeline import MAX_QUESTION
from assistant.text.patterns import kinds
from assistant.web.problems import MEDIA_TYPE, OPENAI_PATHS, Problem

Schema = dict[str, Any]

# what `check_question` lets through: a letter or number, and no control characters but tabs and line ends
_PLAIN = r"[^\x00-\x08\x0B\x0C\x0E-\x1F]*"
QUESTION: Schema = {"minLength": 1, "maxLength": MAX_QUESTION, "pattern": rf"^{_PLAIN}[\p{{L}}\p{{N}}]{_PLAIN}$"}
_QUESTIONS = (("AskBody", "question"), ("SearchBody", "query"))
_ERRORS = {
    400: "The request cannot be read, or asks for what this service does not do.",
    401: "A key is needed, or the key is not valid.",
    403: "The key does not allow this, or the operator does not.",
    404: "It is not there.",
    408: "The body came too slowly.",
    411: "The body's length is not stated.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    421: "The server does not go by this host name.",
    422: "The request is not of the right form, or the question cannot be searched for.",
    429: "Too many requests: ask again after the seconds in `Retry-After`.",
    503: "There is no usable index, or the service is about to stop.",
    504: "The answer took too long.",
}
_KEY = "As `lotse keys` makes it. On the server's own machine none is asked for, unless the operator wants it so."
_EVERYWHERE = (421, 429, 503)
_GUARDED = (401, 403)
_POSTED = (400, 408, 411, 413, 415, 504)


def describe(app: FastAPI) -> None:
    """Make an application describe its errors too, and what questions and kinds of fact may be."""
    generate: Callable[[], Schema] = app.openapi

    def described() -> Schema:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(generate())
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # the way FastAPI says to do it


def _completed(schema: Schema) -> Schema:
    parts = schema["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        parts.pop(unused, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts |= problem.pop("$defs")
    parts["Problem"] = problem
    for name, field in _QUESTIONS:
        parts[name]["properties"][field] |= QUESTION
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses = {f"Error{code}": {"description": said, "content": content} for code, said in _ERRORS.items()}
    schema["components"]["responses"] = responses
    schema["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": _KEY}}
    for path, method, operation in _operations(schema):
        operation["summary"] = operation["description"].partition("\n")[0].rstrip(".")
        if _is_guarded(path):
            operation["security"] = [{}, {"key": []}]
        operation["responses"] = {
            code: response for code, response in operation["responses"].items() if code[0] not in "45"
        } | {str(code): {"$ref": f"#/components/responses/Error{code}"} for code in _errors(path, method, operation)}
    (kind,) = (one for one in schema["paths"]["/v1/facts"]["get"]["parameters"] if one["name"] == "kind")
    kind["schema"]["anyOf"][0] = {"type": "string", "enum": list(kinds())}
    return schema


def _operations(schema: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _is_guarded(path: str) -> bool:
    return path.startswith(("/v1/", "/metrics"))


def _errors(path: str, method: str, operation: Schema) -> list[int]:
    """The statuses that a route can refuse with."""
    found = {*_EVERYWHERE}
    if _is_guarded(path):
        found |= {*_GUARDED}
    if (operation.get("parameters") or "requestBody" in operation) and not path.startswith(OPENAI_PATHS):
        found.add(422)
    if "{" in path or path.startswith(("/v1/chat/completions", "/v1/imports")) or path == "/v1/feedback":
        found.add(404)
    if method == "post":
        found |= {*_POSTED}
    if method == "put":
        found |= {*_POSTED} - {415}
    return sorted(found)
