"""What the stages leave behind for an explanation. Nothing is kept unless somebody asked for one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Note:
    """One thing a stage did; `what` refers to its own objects."""

    about: str
    what: Mapping[str, Any]
    at: float  # seconds, of time.perf_counter


_NOTES: ContextVar[list[Note] | None] = ContextVar("notes", default=None)


@contextmanager
def recording() -> Iterator[list[Note]]:
    """Keep the notes of what runs inside, in this thread and in those it starts with its context."""
    notes: list[Note] = []
    token = _NOTES.set(notes)
    try:
        yield notes
    finally:
        _NOTES.reset(token)


def note(about: str, **what: object) -> None:
    """Leave a note where one is wanted. Hand over what is there anyway: nothing is to be computed for it."""
    notes = _NOTES.get()
    if notes is not None:
        notes.append(Note(about, what, time.perf_counter()))
