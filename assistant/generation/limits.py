"""What a chat model may take and how it is treated when it fails."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds; `context` and `max_tokens` in tokens, as for the settings of the same names."""

    timeout: float = 15.0
    deadline: float = 30.0
    retries: int = 2
    max_tokens: int = 4_096
    context: int = 16_384
    faults: int = 5
    pause: float = 60.0

    @property
    def room(self) -> int:
        """Tokens a prompt may have."""
        return self.context - self.max_tokens

    @property
    def most_text(self) -> int:
        """Characters beyond which a reply is no answer any more; a token seldom has more than ten."""
        return 10 * self.max_tokens
