"""The stages of an assistant with a watch beside them: how long each took, and whether it is still worth going on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

from assistant.pipeline import Assistant
from assistant.web.load.gate import TICKET

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of one answer; times are nanoseconds since 1970."""

    name: str
    start: int
    end: int


_STAGES: ContextVar[list[Stage] | None] = ContextVar("stages", default=None)


@contextmanager
def watching() -> Iterator[list[Stage]]:
    """The stages that are gone through inside."""
    stages: list[Stage] = []
    token = _STAGES.set(stages)
    try:
        yield stages
    finally:
        _STAGES.reset(token)


def staged(assistant: Assistant) -> Assistant:
    """The same assistant; each stage is timed, and none begins that nobody waits for."""
    return replace(
        assistant,
        rewrite=_watched("rewrite", assistant.rewrite),
        retrieve=_watched("retrieve", assistant.retrieve),
        draft=_watched("draft", assistant.draft),
        verify=_watched("verify", assistant.verify),
    )


def _watched(name: str, stage: Callable[P, R]) -> Callable[P, R]:
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        ticket, stages = TICKET.get(), _STAGES.get()
        if ticket:
            ticket.check()
        start = time.time_ns()
        try:
            return stage(*args, **kwargs)
        finally:
            if stages is not None:
                stages.append(Stage(name, start, time.time_ns()))

    return run
