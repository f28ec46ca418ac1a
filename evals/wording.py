"""Whether words occur in a text, by the contract's rule: case, white space and Markdown do not count."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MARKUP = re.compile(r"[*_`#]")
_SPACE = re.compile(r"\s+")  # \s also matches no-break spaces


def holds_any(text: str, alternatives: Iterable[str]) -> bool:
    """Whether one alternative occurs; a space at either end of it counts."""
    padded = f" {flat(text).strip()} "
    return any(flat(alternative) in padded for alternative in alternatives)


def flat(text: str) -> str:
    """Without Markdown, folded, every run of white space one space."""
    return _SPACE.sub(" ", _MARKUP.sub("", text)).casefold()
