"""The errors a caller can act on. Each message says what is wrong; `fix` says what to do."""

from __future__ import annotations


class AssistantError(Exception):
    """Base of all errors of this project.

    Args:
        message: one sentence, what is wrong.
        fix: one sentence, what to do about it.
    """

    def __init__(self, message: str, fix: str) -> None:
        self.message, self.fix = message, fix
        super().__init__(f"{message} {fix}")


class InvalidInputError(AssistantError):
    """The question, request or command cannot be used: correct it and ask again."""


class ConfigurationError(AssistantError):
    """A setting is unknown or unusable: correct the environment."""


class IndexUnavailableError(AssistantError):
    """There is no usable index in the data folder: run lotse-ingest."""


class UnreadableFileError(AssistantError):
    """One file cannot be read; the others go in."""


class ModelUnavailableError(AssistantError):
    """The chat model did not deliver a usable draft; quoting takes over.

    Args:
        message: see `AssistantError`.
        fix: see `AssistantError`.
        told: the catalogue's key of the line the user reads.
        wait: seconds the provider asks to be left alone for.
    """

    def __init__(self, message: str, fix: str, told: str = "degraded", wait: float = 0.0) -> None:
        super().__init__(message, fix)
        self.told, self.wait = told, wait


class BusyError(AssistantError):
    """Nothing more can be taken on now: come again after `retry_after` seconds."""

    def __init__(self, message: str, fix: str, retry_after: int = 1) -> None:
        super().__init__(message, fix)
        self.retry_after = retry_after

    @classmethod
    def for_now(cls, message: str, retry_after: int) -> BusyError:
        """With the seconds after which to come again as what to do."""
        return cls(message, f"Try again in {retry_after} seconds.", retry_after)

    @property
    def headers(self) -> dict[str, str]:
        """What HTTP says about it."""
        return {"Retry-After": str(self.retry_after)}


class DeadlineError(AssistantError):
    """The request took longer than it may, or whoever asked has gone: ask again, or raise LOTSE_DEADLINE."""


class UnexpectedError(AssistantError):
    """Something nobody foresaw, already in the log: report it."""
