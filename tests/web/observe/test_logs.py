from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from assistant.errors import UnexpectedError
from assistant.web.observe.logs import REQUEST_ID, request_id, requests, set_up_logging, unforeseen

CANARY = "Wer wohnt in Rosenau?"


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    names = (None, "assistant", "lotse.requests", "uvicorn", "gradio", "httpx", "httpcore", "openai", "mcp", "chromadb")
    before = [
        (logging.getLogger(name), logging.getLogger(name).level, logging.getLogger(name).handlers[:]) for name in names
    ]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers
    assert root.handlers == before[0][2]


def fail() -> None:
    raise ValueError(CANARY)


def log_a_failure() -> UnexpectedError:
    try:
        fail()
    except ValueError as error:
        return unforeseen(error, logging.getLogger("assistant.x"))
    raise AssertionError


def test_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("json")
    token = REQUEST_ID.set("an-id-of-a-request")
    requests.info("request", extra={"about": {"route": "/v1/ask", "status": 200, "key": None}})
    told = log_a_failure()
    logging.getLogger("httpx").info(CANARY)
    REQUEST_ID.reset(token)
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "level": "info", "logger": "lotse.requests", "message": "request", "request": "an-id-of-a-request",
        "route": "/v1/ask", "status": 200,
    }  # fmt: skip
    assert second["error"].startswith("ValueError at test_logs.py:")
    assert "an-id-of-a-request" in str(told)
    assert CANARY not in json.dumps([first, second]) + str(told)


@pytest.mark.parametrize(("form", "lines"), [("quiet", 1), ("text", 2)])
def test_lines_of_text(capsys: pytest.CaptureFixture[str], form: str, lines: int) -> None:
    set_up_logging(form)  # type: ignore[arg-type]
    requests.info("request", extra={"about": {"status": 200}})
    logging.getLogger("assistant.x").warning("The index is damaged.")
    said = capsys.readouterr().err.splitlines()
    assert len(said) == lines
    assert said[-1] == "warning: The index is damaged."
    assert lines == 1 or said[0] == "info: request status=200"


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("questions", [False, True])
def test_words_of_users_only_where_the_operator_wants_them(
    capsys: pytest.CaptureFixture[str], form: str, questions: bool
) -> None:
    set_up_logging(form, questions=questions)  # type: ignore[arg-type]
    log_a_failure()
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert (CANARY in said) is questions
    assert ("Traceback" in said) is questions


def test_an_id_is_a_new_one_where_none_is_brought() -> None:
    assert request_id("of-the-caller-1") == "of-the-caller-1"
    assert len({request_id(None), request_id("x"), request_id("a b c d e f g")}) == 3
