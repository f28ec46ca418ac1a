"""What went wrong with a provider, whichever it is: a line for the log, whether to try again, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

_NETWORK = {"TransportError", "APIConnectionError", "ConnectionError", "ClientConnectionError", "OSError"}
_AGAIN = {408, 409, 425, 429}  # and all from 500 on
_LONGEST_REASON = 200  # characters


def reason(error: BaseException) -> str:
    """The error in one line."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:_LONGEST_REASON]}"


def may_pass(error: BaseException) -> bool:
    """Whether the same request may succeed a moment later: the network, the provider's own trouble, too many requests."""
    for one in _causes(error):
        status = _status(one)
        if status is not None:
            return status in _AGAIN or status >= 500
        if _NETWORK.intersection(base.__name__ for base in type(one).__mro__):  # each HTTP library has its own
            return True
    return False


def told_to_wait(error: BaseException) -> float:
    """Seconds a provider's Retry-After asks for, by number or date; 0 where it does not."""
    for one in _causes(error):
        headers = getattr(getattr(one, "response", None), "headers", None) or {}
        wait = _seconds(headers.get("retry-after"))
        if wait:
            return wait
    return 0.0


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made from; providers wrap what their HTTP library raised."""
    seen: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in seen:
        seen.append(one)
        yield one
        one = one.__cause__ or one.__context__


def _status(error: Any) -> int | None:
    """The HTTP status an error stands for; every provider keeps it elsewhere."""
    for status in (
        getattr(error, "status_code", None),
        getattr(error, "code", None),
        getattr(getattr(error, "response", None), "status_code", None),
    ):
        if isinstance(status, int) and not isinstance(status, bool) and 100 <= status < 600:
            return status
    return None


def _seconds(header: str | None) -> float:
    if not header:
        return 0.0
    if header.strip().isdecimal():
        return float(header)
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    return max((at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)
