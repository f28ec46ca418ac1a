"""The log: a line of text or JSON for each request, with its id. Words of users and documents stay out of it."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from assistant.errors import UnexpectedError

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
requests = logging.getLogger("lotse.requests")

_ID = re.compile(r"[A-Za-z0-9-]{8,64}")  # no underscore, which every key has
_FOREIGN = ("uvicorn", "gradio", "httpx", "httpcore", "openai", "mcp", "chromadb")


def request_id(presented: str | None) -> str:
    """The id that a request brought along, or a new one where it is none that may be written anywhere."""
    return presented if presented and _ID.fullmatch(presented) else uuid.uuid4().hex


def set_up_logging(form: Literal["quiet", "text", "json"], *, questions: bool = False) -> None:
    """Write the log to stderr.

    Args:
        form: `quiet` for warnings and errors only.
        questions: words of users may be in it: errors nobody foresaw then come with their text and trace.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json(questions) if form == "json" else _Text(questions))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("assistant").setLevel(logging.INFO)
    requests.setLevel(logging.WARNING if form == "quiet" else logging.INFO)
    for name in _FOREIGN:  # their own handlers would write beside ours
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).setLevel(logging.WARNING)


def unforeseen(error: BaseException, log: logging.Logger) -> UnexpectedError:
    """Log an error nobody foresaw, and give one that can be told."""
    log.error("Something unexpected happened.", exc_info=error)
    return UnexpectedError(
        "Something unexpected happened.", f"Please report it with the request id {REQUEST_ID.get() or '(none)'}."
    )


class _Formatter(logging.Formatter):
    def __init__(self, questions: bool) -> None:
        super().__init__()
        self._questions = questions

    def trace(self, record: logging.LogRecord) -> str:
        """The trace where users' words may be written, which an error may hold, else its kind and place."""
        if not record.exc_info or record.exc_info[1] is None:
            return ""
        if self._questions:
            return self.formatException(record.exc_info)
        place = traceback.extract_tb(record.exc_info[2])[-1:]
        at = f" at {Path(place[0].filename).name}:{place[0].lineno}" if place else ""
        return f"{type(record.exc_info[1]).__name__}{at}"


class _Text(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One line, with what belongs to it behind."""
        about = {"request": REQUEST_ID.get(), **getattr(record, "about", {})}
        said = " ".join(f"{name}={value}" for name, value in about.items() if value is not None)
        trace = self.trace(record)
        line = f"{record.levelname.lower()}: {record.getMessage()}"
        return f"{line}{' ' if said else ''}{said}{chr(10) if trace else ''}{trace}"


class _Json(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One object on one line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        about = {"request": REQUEST_ID.get(), **getattr(record, "about", {}), "error": self.trace(record) or None}
        line = {"time": at, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        return json.dumps({**line, **{k: v for k, v in about.items() if v is not None}}, ensure_ascii=False)
