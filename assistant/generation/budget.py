"""How many tokens, or how much money, a chat model may cost in a day; kept in a file, so that it outlasts the process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import ModelUnavailableError
from assistant.generation.tokens import Usage

_log = logging.getLogger(__name__)
_WAIT = 2.0  # seconds for the lock
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a day may cost: tokens, and money by the prices of a million tokens sent and written. None: no limit."""

    tokens: int | None = None
    cost: float | None = None
    price_input: float = 0.0
    price_output: float = 0.0

    def price(self, usage: Usage) -> float:
        """The amount of money for this usage."""
        return (usage.sent * self.price_input + usage.written * self.price_output) / _MILLION


class _Spent(BaseModel):
    """The file: one day of one model."""

    model_config = ConfigDict(extra="forbid")

    day: str
    sent: int = 0
    written: int = 0


def today() -> str:
    """The day by UTC, ISO 8601."""
    return datetime.now(UTC).date().isoformat()


class Budget:
    """Takes what a request may cost at most before it is sent, and gives back what it did not need.

    So the limit is never exceeded, with several processes neither.

    Args:
        allowance: of a day.
        file: where it is counted; made when first needed.
        day: gives the day.
    """

    def __init__(self, allowance: Allowance, file: Path, day: Callable[[], str] = today) -> None:
        self._allowance, self._file, self._day = allowance, file, day
        self._threads = threading.Lock()
        self._unsaved: _Spent | None = None  # counted here where the file cannot be written

    @property
    def limited(self) -> bool:
        """Whether anything has to be counted."""
        return self._allowance.tokens is not None or self._allowance.cost is not None

    def reserve(self, most: Usage) -> None:
        """Take this much.

        Raises:
            ModelUnavailableError: less is left.
        """
        if self.limited:
            self._change(most, check=True)

    def settle(self, most: Usage, used: Usage) -> None:
        """Give back what of a reserved amount was not used."""
        if self.limited:
            self._change(Usage(used.sent - most.sent, used.written - most.written), check=False)

    def _change(self, usage: Usage, *, check: bool) -> None:
        with self._threads, self._locked():
            spent = self._read()
            spent.sent, spent.written = spent.sent + usage.sent, spent.written + usage.written
            total = Usage(max(spent.sent, 0), max(spent.written, 0))
            if check and self._exceeds(total):
                raise ModelUnavailableError(
                    "The day's budget for the chat model is spent.",
                    "Raise LOTSE_MODEL_DAILY_TOKENS or LOTSE_MODEL_DAILY_COST; until tomorrow (UTC) answers are quoted.",
                    told="degraded_budget",
                )
            self._write(_Spent(day=spent.day, sent=total.sent, written=total.written))

    def _exceeds(self, total: Usage) -> bool:
        allowed = self._allowance
        tokens = allowed.tokens is not None and total.sent + total.written > allowed.tokens
        return tokens or (allowed.cost is not None and allowed.price(total) > allowed.cost)

    def _locked(self) -> AbstractContextManager[object]:
        """A folder that cannot be written to has no other process that counts in it."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            return FileLock(f"{self._file}.lock").acquire(timeout=_WAIT)
        except (OSError, Timeout) as error:
            _log.warning("The budget of the chat model is counted in this process only (%s).", error)
            return nullcontext()

    def _read(self) -> _Spent:
        try:
            spent = self._unsaved or _Spent.model_validate_json(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return _Spent(day=self._day())
        except (OSError, ValidationError, UnicodeDecodeError) as error:
            _log.warning("%s cannot be read, the budget begins anew (%s).", self._file, type(error).__name__)
            return _Spent(day=self._day())
        return spent.model_copy() if spent.day == self._day() else _Spent(day=self._day())

    def _write(self, spent: _Spent) -> None:
        try:
            self._file.write_text(spent.model_dump_json(), encoding="utf-8")
            self._unsaved = None
        except OSError:
            self._unsaved = spent
